import type { DedupSort, JsonValue, MergeStrategy, WriteDisposition } from '@tributary/core'
// @boundaries-ignore a support of core's own tests, and no part of its package
import { loadModel, type ModelRow, type ModelTables, ROOT } from '../../packages/core/src/normalize/testing/model.ts'
import { cameAt, saysOf } from './model-records.ts'

// What becomes of records by the rules of loading, written as plainly as can be: a resource is a list of records with their rows.

/** What the runs of a resource are told. */
export interface Settings {
  readonly strategy: MergeStrategy
  /** Paths into the record. */
  readonly primaryKey: readonly string[]
  readonly mergeKey: readonly string[]
  readonly dedupSort?: DedupSort | undefined
  readonly hardDelete?: string | undefined
  readonly skipUnchanged: boolean
  readonly maxTableNesting: number
}

export interface Load {
  readonly records: readonly JsonValue[]
  readonly disposition: WriteDisposition
  readonly contract: Parameters<typeof loadModel>[3]
}

/** A record that is stored, or comes. */
export interface Entry {
  /** Number of the load that wrote it, and of the one that it is named after. */
  readonly loadId: number
  readonly id: string
  readonly cells: Cells
  /** By the place of the table: the rows of its children. */
  readonly children: Readonly<Record<string, readonly ModelRow[]>>
  readonly from: number
  readonly endedBy?: number
  readonly record: JsonValue
}

interface Coming extends Entry {
  /** Whether it has what is at a path, be it null: what it does not have stays as it is. */
  readonly came: (path: string) => boolean
}

type Cells = Readonly<Record<string, string>>

export interface Model {
  readonly tables: ModelTables
  readonly entries: readonly Entry[]
  /** The contract was broken where it freezes: nothing has changed. */
  readonly failed: boolean
}

export const EMPTY: Model = { tables: {}, entries: [], failed: false }

export function apply(model: Model, settings: Settings, load: Load, loadId: number): Model {
  const { records, disposition, contract } = load
  const { tables, counts, rejects } = loadModel(model.tables, records, loadId, contract, settings.maxTableNesting)
  if (contract.tables === 'freeze' && Object.keys(counts).length > 0) return { ...model, failed: true }
  const whole = new Set(rejects.flatMap(([sequence, kind]) => (kind === 'record' ? [sequence] : [])))
  const written = records.flatMap((record, index) => (whole.has(index + 1) ? [] : [{ record, sequence: index + 1 }]))
  const coming = written.map(({ record, sequence }) => entryOf(tables, settings, record, loadId, sequence, disposition))
  const merging = { settings, tables, loadId, isComplete: whole.size === 0 }
  const entries =
    disposition === 'merge'
      ? merge(model.entries, coming, merging)
      : [...(disposition === 'replace' ? [] : model.entries), ...coming]
  return { tables, entries, failed: false }
}

function entryOf(
  tables: ModelTables,
  { primaryKey, strategy, maxTableNesting }: Settings,
  record: JsonValue,
  loadId: number,
  sequence: number,
  disposition: WriteDisposition,
): Coming {
  const name = `${loadId}.${sequence}`
  const { cells } = tables[ROOT]!.rows.find(({ id }) => id === name)!
  const children: Record<string, ModelRow[]> = {}
  for (const [place, { parent, rows }] of Object.entries(tables)) {
    if (parent !== undefined) children[place] = rows.filter(({ id }) => id.split(' ')[0] === name)
  }
  const key = primaryKey.map((path) => cells[`/${path}`]!.replaceAll(/[\\|]/g, primaryKey.length > 1 ? '\\$&' : '$&')).join('|')
  const keyed = disposition === 'merge' && strategy === 'scd2' ? `${key}@${loadId}` : key
  const came = (path: string): boolean => cameAt(record, path, tables[ROOT]!.columns, maxTableNesting)
  return { loadId, id: primaryKey.length === 0 ? name : keyed, cells, children, from: loadId, record, came }
}

interface Merging {
  readonly settings: Settings
  readonly tables: ModelTables
  readonly loadId: number
  readonly isComplete: boolean
}

function merge(stored: readonly Entry[], load: readonly Coming[], merging: Merging): Entry[] {
  const { settings, loadId, isComplete } = merging
  const { strategy, primaryKey, mergeKey, dedupSort, skipUnchanged } = settings
  const active = stored.filter(({ endedBy }) => endedBy === undefined)
  const takesParts = strategy === 'upsert' || strategy === 'mirror'
  const coming = takesParts && dedupSort === undefined ? together(load, merging) : oneOfEachKey(load, settings)
  const ofKey = (entry: Entry): Entry[] => (primaryKey.length === 0 ? [] : active.filter((old) => same(old, entry, primaryKey)))
  const gone = new Set<Entry>()
  const ended = new Set<Entry>()
  const safe = new Set<Entry>()
  const added: Entry[] = []

  for (const entry of coming) {
    const olds = ofKey(entry)
    const better = olds.filter((old) => isBetter(settings, old, entry))
    if (better.length > 0) for (const old of better) safe.add(old)
    else if (isDeletion(merging, entry)) {
      if (strategy === 'scd2') for (const old of olds) ended.add(old)
      else if (strategy !== 'insert-only') for (const old of olds) gone.add(old)
    } else if (strategy === 'scd2') {
      const alike = (primaryKey.length === 0 ? active : olds).filter((old) => versionOf(old) === versionOf(entry))
      if (alike.length === 0) added.push(entry)
      for (const old of olds) if (!alike.includes(old)) ended.add(old)
    } else if (olds.length === 0) added.push(entry)
    else if (strategy !== 'insert-only') {
      const next = strategy === 'delete-insert' ? entry : changed(olds[0]!, entry, merging)
      if (skipUnchanged && rowsText(next) === rowsText(olds[0]!)) safe.add(olds[0]!)
      else {
        for (const old of olds) gone.add(old)
        added.push(next)
      }
    }
  }
  for (const old of active) {
    const isOfPart = mergeKey.length > 0 && coming.some((entry) => same(old, entry, mergeKey))
    if (strategy === 'delete-insert' && isOfPart && !safe.has(old)) gone.add(old)
    if (!isComplete) continue
    if (strategy === 'mirror' && !coming.some((entry) => same(old, entry, primaryKey))) gone.add(old)
    const isThere = coming.some((entry) => versionOf(entry) === versionOf(old))
    const isBounded = mergeKey.length === 0 || isOfPart
    if (strategy === 'scd2' && isBounded && !isThere && !safe.has(old)) ended.add(old)
  }
  return [...stored.filter((old) => !gone.has(old)).map((old) => (ended.has(old) ? { ...old, endedBy: loadId } : old)), ...added]
}

/** What came over what was there. */
function changed(old: Entry, entry: Coming, { tables }: Merging): Entry {
  const { came, ...whole } = entry
  const cells: Record<string, string> = {}
  for (const column of Object.keys(tables[ROOT]!.columns)) {
    const value = (came(column.split(' ')[0]!) ? entry : old).cells[column]
    if (value !== undefined) cells[column] = value
  }
  const children: Record<string, readonly ModelRow[]> = {}
  for (const place of Object.keys(tables)) {
    const [, list] = place.split(' > ')
    if (list === undefined) continue
    const rows = came(list) ? entry.children[place] : old.children[place]
    children[place] = rows ?? []
  }
  return { ...whole, id: old.id, cells, children }
}

/** Of each key the last entry, over those before it, as if each came in a load of its own: a deletion leaves nothing of them. */
function together(load: readonly Coming[], merging: Merging): Coming[] {
  const last: Coming[] = []
  for (const entry of load) {
    const at = last.findIndex((other) => same(other, entry, merging.settings.primaryKey))
    const before = last[at]
    if (before === undefined) last.push(entry)
    else if (isDeletion(merging, before)) last[at] = { ...entry, came: () => true }
    else last[at] = { ...changed(before, entry, merging), came: (path) => entry.came(path) || before.came(path) }
  }
  return last
}

function oneOfEachKey(load: readonly Coming[], settings: Settings): Coming[] {
  const { primaryKey, strategy } = settings
  return load.filter((entry, at) =>
    load.every((other, otherAt) => {
      const isRival =
        otherAt !== at &&
        ((primaryKey.length > 0 && same(entry, other, primaryKey)) ||
          (strategy === 'scd2' && versionOf(entry) === versionOf(other)))
      if (!isRival || isBetter(settings, entry, other)) return true
      if (isBetter(settings, other, entry)) return false
      return strategy === 'insert-only' ? at < otherAt : at > otherAt
    }),
  )
}

const same = (a: Entry, b: Entry, key: readonly string[]): boolean =>
  key.every((path) => a.cells[`/${path}`] === b.cells[`/${path}`])

function isBetter({ dedupSort }: Settings, a: Entry, b: Entry): boolean {
  if (dedupSort === undefined) return false
  const [x, y] = [a, b].map(({ cells }) => cells[`/${dedupSort.column}`])
  if (x === undefined || y === undefined) return x !== undefined && y === undefined
  return dedupSort.order === 'desc' ? Number(x) > Number(y) : Number(x) < Number(y)
}

function isDeletion({ settings: { hardDelete }, tables }: Merging, { cells }: Entry): boolean {
  const value = cells[`/${hardDelete}`]
  return tables[ROOT]!.columns[`/${hardDelete}`]?.type === 'bool' ? value === '1' : value !== undefined
}

/** What a version is told apart by: what its record says, and where a contract left something of it out. */
function versionOf({ record, cells, children }: Entry): string {
  const paths = (each: Cells): string => [...new Set(Object.keys(each).map((column) => column.split(' ')[0]!))].sort().join()
  const below = Object.entries(children).flatMap(([place, list]) =>
    list.map((row) => `${place} ${row.id.replace(/^\S+ /, '')} ${paths(row.cells)}`),
  )
  return [saysOf(record), paths(cells), ...below.sort()].join('\n')
}

function rowsText({ cells, children }: Entry): string {
  const rows = Object.entries(children)
    .filter(([, list]) => list.length > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([place, list]) => [place, list.map((row) => [row.id.replace(/^\S+ /, ''), Object.entries(row.cells).sort()]).sort()])
  return JSON.stringify([Object.entries(cells).sort(), rows])
}

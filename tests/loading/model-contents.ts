import { formatInstant, parseJson } from '@tributary/core'
// @boundaries-ignore a support of core's own tests, and no part of its package
import type { ModelTables } from '../../packages/core/src/normalize/testing/model.ts'
import type { Contents } from '../matrix/contents.ts'
import { jsonText } from '../matrix/values.ts'
import type { Entry, Model } from './model.ts'

type Rows = readonly Readonly<Record<string, string>>[]

/** What is compared of a dataset and of the model of it. */
export interface Comparable {
  readonly columns: Readonly<Record<string, readonly string[]>>
  readonly rows: Readonly<Record<string, Rows>>
}

/** Of a dataset. Hashes are only compared among destinations. */
export function comparableContents({ tables }: Contents): Comparable {
  const entries = Object.entries(tables)
  return {
    columns: Object.fromEntries(
      entries.map(([place, { columns }]) => [place, columns.map(({ at, type }) => `${at} ${type}`).sort()]),
    ),
    rows: Object.fromEntries(
      entries.map(([place, { rows }]) => [place, inOrder(rows.map(({ _sync_row_hash: _, ...row }) => row))]),
    ),
  }
}

/** Of the model, whose root table is `root`. */
export function comparableModel({ tables, entries }: Model, root: string, isVersioned: boolean): Comparable {
  const rows: Record<string, Record<string, string>[]> = {}
  for (const place of Object.keys(tables)) rows[placeText(root, place)] = []
  for (const entry of entries) addRows(rows, tables, entry, root, isVersioned)
  return {
    columns: Object.fromEntries(
      Object.entries(tables).map(([place, { columns }]) => [
        placeText(root, place),
        Object.entries(columns)
          .map(([column, { type }]) => `${columnText(column)} ${type}`)
          .sort(),
      ]),
    ),
    rows: Object.fromEntries(Object.entries(rows).map(([place, list]) => [place, inOrder(list)])),
  }
}

function addRows(
  rows: Record<string, Record<string, string>[]>,
  tables: ModelTables,
  entry: Entry,
  root: string,
  isVersioned: boolean,
): void {
  const { id, loadId, from, endedBy } = entry
  const load = { _sync_load_id: String(loadId) }
  const version = {
    ...(isVersioned && { _sync_valid_from: `load ${from}` }),
    ...(endedBy !== undefined && { _sync_valid_to: `load ${endedBy}` }),
  }
  rows[root]!.push({ ...texts(tables, 'root', entry.cells), _sync_id: id, ...load, ...version })
  const ids = new Map<string, string>()
  const places = Object.keys(tables).sort((a, b) => a.split(' > ').length - b.split(' > ').length)
  for (const place of places) {
    for (const row of entry.children[place] ?? []) {
      const parent = ids.get(row.parentId!) ?? id
      const own = `${parent} > ${pathText(place.split(' > ').at(-1)!)}[${row.index}]`
      ids.set(row.id, own)
      rows[placeText(root, place)]!.push({
        ...texts(tables, place, row.cells),
        _sync_id: own,
        _sync_parent_id: parent,
        _sync_root_id: id,
        _sync_index: String(row.index),
        ...load,
      })
    }
  }
}

const texts = (tables: ModelTables, place: string, cells: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(cells).map(([column, text]) => [columnText(column), valueText(tables[place]!.columns[column]!.type, text)]),
  )

function valueText(type: string, text: string): string {
  if (type === 'bool') return text === '1' ? 'true' : 'false'
  if (type === 'double') return String(Number(text))
  if (type === 'timestamp') return formatInstant(BigInt(text))
  return type === 'json' ? jsonText(parseJson(text)) : text
}

const pathText = (path: string): string =>
  path
    .split('/')
    .slice(1)
    .map((key) => JSON.stringify(key))
    .join('.')

const placeText = (root: string, place: string): string => [root, ...place.split(' > ').slice(1).map(pathText)].join(' > ')

function columnText(column: string): string {
  const [path, variant] = column.split(' ')
  return `${pathText(path!)}${variant === undefined ? '' : ` as ${variant}`}`
}

/** Rows with their cells in order, and themselves. */
function inOrder(rows: Rows): Rows {
  const sorted = rows.map((row) => Object.fromEntries(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1))))
  return sorted
    .map((row) => [JSON.stringify(row), row] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, row]) => row)
}

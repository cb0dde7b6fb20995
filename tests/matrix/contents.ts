import { type Column, type ColumnType, type DatasetReader, type Reject, SYSTEM_COLUMNS, type TableSchema } from '@tributary/core'
import type { Place } from '../support/places.ts'
import { jsonText, textOf } from './values.ts'

/** A table in the form that destinations are compared in: columns go by the keys that fill them, for names may be cut. */
export interface TableContents {
  readonly name: string
  /** In their order. */
  readonly columns: readonly (Pick<Column, 'type' | 'nullable'> & { readonly at: string; readonly name: string })[]
  /** Each row's cells by column, as text, in order. */
  readonly rows: readonly Readonly<Record<string, string>>[]
}

export interface Contents {
  /** By the keys that lead to them, level by level. */
  readonly tables: Readonly<Record<string, TableContents>>
  /** Each load's resource and id, and what it did to each table. */
  readonly loads: readonly unknown[]
  readonly rejects: readonly Omit<Reject, 'record'>[]
  /** The records of the rejects. */
  readonly rejected: readonly string[]
}

/** Everything that a dataset has. */
export async function contentsOf({ destination }: Place, dataset: string): Promise<Contents> {
  const reader = await destination.inspect(dataset)
  try {
    const { state, loads } = await reader.read()
    const starts = new Map(loads.map(({ loadId, startedAt }) => [startedAt.getTime(), loadId]))
    const schemas = Object.values(state.tables).sort((a, b) => depthOf(a, state.tables) - depthOf(b, state.tables))
    const places = new Map<string, string>()
    const tables: Record<string, TableContents> = {}
    const ids = new Map<string, string>()
    for (const schema of schemas) {
      const own = placeOf(schema, state.tables, places)
      places.set(schema.name, own)
      tables[own] = await tableOf(reader, schema, own, ids, starts)
    }
    const rejects: Reject[] = []
    for await (const reject of reader.rejects()) rejects.push(reject)
    return {
      tables,
      loads: loads.map((load) => ({
        loadId: load.loadId,
        resource: load.resource,
        schemaVersion: load.schemaVersion,
        tables: Object.fromEntries(Object.entries(load.tables).map(([name, changes]) => [places.get(name) ?? name, changes])),
      })),
      rejects: rejects.map(({ record: _, ...reject }) => ({ ...reject, table: places.get(reject.table) ?? reject.table })),
      rejected: rejects.map(({ record }) => jsonText(record)),
    }
  } finally {
    await reader.close()
  }
}

function depthOf({ parent }: TableSchema, all: Readonly<Record<string, TableSchema>>): number {
  return parent === undefined ? 0 : 1 + depthOf(all[parent]!, all)
}

function placeOf(
  { name, parent, path }: TableSchema,
  all: Readonly<Record<string, TableSchema>>,
  places: ReadonlyMap<string, string>,
): string {
  if (parent === undefined) return name
  return `${places.get(parent)} > ${pathText(path.slice(all[parent]!.path.length))}`
}

const pathText = (path: readonly string[]): string => path.map((key) => JSON.stringify(key)).join('.')

const columnPlace = ({ path, variant }: Column): string => `${pathText(path)}${variant === undefined ? '' : ` as ${variant}`}`

const SYSTEM: Readonly<Record<string, ColumnType>> = {
  [SYSTEM_COLUMNS.loadId]: 'bigint',
  [SYSTEM_COLUMNS.index]: 'bigint',
  [SYSTEM_COLUMNS.rowHash]: 'text',
}

async function tableOf(
  reader: DatasetReader,
  schema: TableSchema,
  place: string,
  ids: Map<string, string>,
  starts: ReadonlyMap<number, number>,
): Promise<TableContents> {
  const columns = new Map(schema.columns.map((column) => [column.name, column]))
  const rows: Record<string, string>[] = []
  for await (const row of reader.rows(schema.name)) {
    const cells: [string, string][] = []
    for (const [name, value] of Object.entries(row)) {
      if (value === null || value === undefined) continue
      const column = columns.get(name)
      if (column !== undefined) cells.push([columnPlace(column), textOf(column.type, value)])
      else cells.push([name, systemText(name, value, row, schema, place, ids, starts)])
    }
    rows.push(Object.fromEntries(cells.sort(([a], [b]) => (a < b ? -1 : 1))))
  }
  return {
    name: schema.name,
    columns: schema.columns.map(({ name, type, nullable, ...column }) => ({
      at: columnPlace({ name, type, nullable, ...column }),
      name,
      type,
      nullable,
    })),
    rows: rows
      .map((row) => [JSON.stringify(row), row] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, row]) => row),
  }
}

/** Ids hold names of tables, which may be cut, and times are those of loads: both are told by what they mean. */
function systemText(
  name: string,
  value: unknown,
  row: Readonly<Record<string, unknown>>,
  schema: TableSchema,
  place: string,
  ids: Map<string, string>,
  starts: ReadonlyMap<number, number>,
): string {
  if (name === SYSTEM_COLUMNS.id) {
    const id = String(value)
    if (schema.parent === undefined) {
      ids.set(id, id)
      return id
    }
    const [parent, index] = [String(row[SYSTEM_COLUMNS.parentId]), String(row[SYSTEM_COLUMNS.index])]
    if (id !== `${parent}.${schema.name}.${index}`) return `an id that is not made of its parent's: ${id}`
    const meaning = `${ids.get(parent) ?? `no row ${parent}`} > ${place.split(' > ').at(-1)}[${index}]`
    ids.set(id, meaning)
    return meaning
  }
  if (name === SYSTEM_COLUMNS.parentId || name === SYSTEM_COLUMNS.rootId)
    return ids.get(String(value)) ?? `no row ${String(value)}`
  if (name === SYSTEM_COLUMNS.validFrom || name === SYSTEM_COLUMNS.validTo) {
    const load = starts.get(Date.parse(String(value)))
    return load === undefined ? `the start of no load: ${String(value)}` : `load ${load}`
  }
  const type = SYSTEM[name]
  return type === undefined ? `a column that the schema does not have: ${String(value)}` : textOf(type, value)
}

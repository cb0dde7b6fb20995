import { type DatasetReader, type PipelineState, SYSTEM_COLUMNS, type TableSchema } from '@tributary/core'
import { destinationOf, type Spot } from './target.ts'

type Row = Readonly<Record<string, unknown>>

/**
 * Everything that a dataset has, one text for each row, column, reject and resource's state, in a form that does not depend on
 * which load brought it: ids are told by the key that they stand for, and times by their order.
 */
export async function contentOf(spot: Spot): Promise<string[]> {
  const reader = await (await destinationOf(spot)).inspect(spot.dataset)
  try {
    const { state, loads } = await reader.read()
    const known = new Set(loads.map(({ loadId }) => loadId))
    const schemas = Object.values(state.tables).sort((a, b) => depth(a, state) - depth(b, state))
    const lines = stateLines(state)
    const labels = new Map<string, string>()
    for (const schema of schemas) lines.push(...(await rowLines(reader, schema, labels, known)))
    for await (const { loadId, sequence: _, ...reject } of reader.rejects()) {
      lines.push(`reject ${text(reject)}${known.has(loadId) ? '' : ' of a load that there is not'}`)
    }
    return lines.sort()
  } finally {
    await reader.close()
  }
}

const depth = ({ parent }: TableSchema, state: PipelineState): number =>
  parent === undefined ? 0 : 1 + depth(state.tables[parent]!, state)

/**
 * Cursors are not compared: after a break they rightly stay behind what was loaded, so that nothing is missed that changed
 * meanwhile. That no row comes of it that is there already, another run shows.
 */
function stateLines({ tables, resources }: PipelineState): string[] {
  return [
    ...Object.values(tables).flatMap(({ name, columns }) =>
      columns.map(({ name: column, type, nullable }, place) => `column ${name}.${column} ${place} ${type} ${nullable}`),
    ),
    ...Object.entries(resources).flatMap(([name, { cursors, pending }]) => [
      ...(cursors === undefined ? [] : [`cursors of ${name}: ${Object.keys(cursors).join()}`]),
      ...(pending === undefined ? [] : [`an unfinished run of ${name}`]),
    ]),
  ]
}

async function rowLines(
  reader: DatasetReader,
  schema: TableSchema,
  labels: Map<string, string>,
  loads: ReadonlySet<number>,
): Promise<string[]> {
  const rows: Row[] = []
  for await (const row of reader.rows(schema.name)) rows.push(row)
  const instants = [...new Set(rows.flatMap((row) => [row[SYSTEM_COLUMNS.validFrom], row[SYSTEM_COLUMNS.validTo]]))]
    .filter((time) => time !== null && time !== undefined)
    .map(String)
    .sort()
  const labelled = schema.parent === undefined ? rootLabel : childLabel
  for (const row of rows) labels.set(idOf(schema, row), labelled(schema, row, labels))
  return rows.map((row) => {
    const { [SYSTEM_COLUMNS.id]: _, [SYSTEM_COLUMNS.loadId]: load, ...rest } = row
    const cells = Object.entries(rest)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([column, value]): [string, unknown] => {
        if (column === SYSTEM_COLUMNS.parentId) return [column, labels.get(`${schema.parent} ${value}`) ?? 'no row']
        if (column === SYSTEM_COLUMNS.rootId) return [column, typeof value]
        if (column === SYSTEM_COLUMNS.validFrom || column === SYSTEM_COLUMNS.validTo)
          return [column, instants.indexOf(String(value))]
        return [column, value]
      })
    const strange = loads.has(Number(load)) ? '' : ' of a load that there is not'
    return `row of ${schema.name} ${labels.get(idOf(schema, row))} ${text(sorted(Object.fromEntries(cells)))}${strange}`
  })
}

const idOf = ({ name }: TableSchema, { [SYSTEM_COLUMNS.id]: id }: Row): string => `${name} ${String(id)}`

/** What the record is called by the API; of a version, also what it says. */
const rootLabel = (_: TableSchema, { id, [SYSTEM_COLUMNS.rowHash]: hash = '' }: Row): string => `#${id}${String(hash)}`

const childLabel = ({ parent }: TableSchema, row: Row, labels: ReadonlyMap<string, string>): string =>
  `${labels.get(`${parent} ${row[SYSTEM_COLUMNS.parentId]}`) ?? 'no row'}[${row[SYSTEM_COLUMNS.index]}]`

const sorted = (value: object): object => Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))

const text = (value: unknown): string => JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? `${each}n` : each))

export interface Difference {
  /** What a run that was never killed has, and this one does not. */
  readonly lost: readonly string[]
  /** What is there beyond that. */
  readonly doubled: readonly string[]
}

/** Counts each line, for a row may rightly be there twice. */
export function compare(clean: readonly string[], found: readonly string[]): Difference {
  const counts = new Map<string, number>()
  for (const line of clean) counts.set(line, (counts.get(line) ?? 0) + 1)
  const doubled: string[] = []
  for (const line of found) {
    const left = counts.get(line) ?? 0
    if (left === 0) doubled.push(line)
    else counts.set(line, left - 1)
  }
  return { lost: [...counts].flatMap(([line, count]) => Array<string>(count).fill(line)), doubled }
}

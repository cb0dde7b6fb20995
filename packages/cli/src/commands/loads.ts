import { type LoadRecord, normalizeName, type TableChanges } from '@tributary/core'
import { type Command, defineCommand } from '../command.ts'
import { eachDataset } from '../datasets.ts'
import { chooseDestination, type DestinationSpec, destinationText } from '../destinations.ts'
import { EXIT } from '../shell.ts'
import { type Alignment, headedTable } from '../table.ts'
import { count, printable } from '../text.ts'
import { DATASET_FLAG, FROM_FLAG, JSON_FLAG } from './shared.ts'

interface DatasetLoads {
  readonly dataset: string
  readonly loads: readonly LoadRecord[]
}

/** `tributary loads`. */
export const command: Command = defineCommand({
  usage: '[flags]',
  about: 'Shows the loads that were committed to a destination: when, by which connector, and what each did to its tables.',
  positionals: { least: 0, most: 0 },
  flags: {
    to: FROM_FLAG,
    dataset: DATASET_FLAG,
    json: JSON_FLAG,
  },
  examples: [
    ['loads', 'all loads of the default database'],
    ['loads --to jsonl:data/jsonl --dataset ticketing', 'of one dataset elsewhere'],
  ],
  async run({ flags: { to, dataset, json } }, shell) {
    const destination = await chooseDestination(to, shell)
    const datasets = await eachDataset(destination, dataset, async (name, reader) => ({
      dataset: name,
      loads: (await reader.read()).loads,
    }))
    shell.stdout.write(json ? jsonText(destination, datasets) : text(destination, datasets))
    return EXIT.ok
  },
})

function jsonText(spec: DestinationSpec, datasets: readonly DatasetLoads[]): string {
  const result = {
    destination: destinationText(spec),
    datasets: datasets.map(({ dataset, loads }) => ({
      dataset,
      loads: loads.map(({ loadId, connector, connectorVersion, resource, startedAt, committedAt, tables, schemaVersion }) => ({
        load_id: loadId,
        connector,
        connector_version: connectorVersion,
        resource,
        started_at: startedAt.toISOString(),
        committed_at: committedAt.toISOString(),
        schema_version: schemaVersion,
        tables,
      })),
    })),
  }
  return `${JSON.stringify(result, null, 2)}\n`
}

type Cells = (load: LoadRecord, table: string, changes: TableChanges) => string

/** A column of the listing. `ofLoad`: the same for all tables of a load, so that it stands on the first line alone. */
interface ListColumn {
  readonly title: string
  readonly align: Alignment
  readonly ofLoad?: true
  readonly cell: Cells
  /** Left out where it says nothing that the rest does not say, so that the others fit a terminal. */
  readonly isNeeded?: (loads: readonly LoadRecord[], dataset: string) => boolean
}

const number = (title: keyof TableChanges): ListColumn => ({
  title,
  align: 'right',
  cell: (_load, table, changes) => (table === '' ? '' : count(changes[title])),
})

const COLUMNS: readonly ListColumn[] = [
  { title: 'load', align: 'right', ofLoad: true, cell: ({ loadId }) => String(loadId) },
  {
    title: 'connector',
    align: 'left',
    ofLoad: true,
    cell: ({ connector }) => printable(connector),
    isNeeded: (loads, dataset) => loads.some(({ connector }) => normalizeName(connector) !== dataset),
  },
  {
    title: 'resource',
    align: 'left',
    ofLoad: true,
    cell: ({ resource }) => printable(resource),
    isNeeded: (loads) => loads.some(({ resource, tables }) => !Object.hasOwn(tables, normalizeName(resource))),
  },
  { title: 'committed (UTC)', align: 'left', ofLoad: true, cell: ({ committedAt }) => timeText(committedAt) },
  { title: 'table', align: 'left', cell: (_load, table) => printable(table) },
  number('inserted'),
  number('updated'),
  {
    ...number('deleted'),
    isNeeded: (loads) => loads.some(({ tables }) => Object.values(tables).some(({ deleted }) => deleted > 0)),
  },
  number('unchanged'),
]

/** `2026-01-31 12:00:00`. */
const timeText = (at: Date): string => at.toISOString().slice(0, 19).replace('T', ' ')

function text({ path }: DestinationSpec, datasets: readonly DatasetLoads[]): string {
  if (datasets.length === 0) return `There are no loads in ${path}.\n`
  const blocks = datasets.map(({ dataset, loads }) => {
    const columns = COLUMNS.filter(({ isNeeded }) => isNeeded === undefined || isNeeded(loads, dataset))
    const rows = loads.flatMap((load) => loadRows(load, columns))
    const header = columns.map(({ title }) => title)
    const alignments = columns.map(({ align }) => align)
    return [`${path}, dataset ${dataset}`, ...headedTable(header, rows, alignments)].join('\n')
  })
  return `${blocks.join('\n\n')}\n`
}

const NONE: TableChanges = { inserted: 0, updated: 0, deleted: 0, unchanged: 0 }

/** A line for each table of a load; what is the same for all stands on the first. */
function loadRows(load: LoadRecord, columns: readonly ListColumn[]): string[][] {
  const tables = Object.entries(load.tables)
  return (tables.length === 0 ? [['', NONE] as const] : tables).map(([table, changes], index) =>
    columns.map(({ ofLoad, cell }) => (ofLoad === true && index > 0 ? '' : cell(load, table, changes))),
  )
}

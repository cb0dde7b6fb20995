import type { LoadRecord, TableChanges } from '@tributary/core'
import { type Command, defineCommand } from '../command.ts'
import { eachDataset } from '../datasets.ts'
import { chooseDestination, type DestinationSpec, destinationText } from '../destinations.ts'
import { EXIT } from '../shell.ts'
import { type Alignment, headedTable } from '../table.ts'
import { count } from '../text.ts'
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

const HEADER = ['load', 'connector', 'resource', 'committed', 'seconds', 'table', 'inserted', 'updated', 'deleted', 'unchanged']
const ALIGNMENTS: readonly Alignment[] = ['right', 'left', 'left', 'left', 'right', 'left', 'right', 'right', 'right', 'right']

function text({ path }: DestinationSpec, datasets: readonly DatasetLoads[]): string {
  if (datasets.length === 0) return `There are no loads in ${path}.\n`
  const blocks = datasets.map(({ dataset, loads }) => {
    const rows = loads.flatMap(loadRows)
    return [`${path}, dataset ${dataset}`, ...headedTable(HEADER, rows, ALIGNMENTS)].join('\n')
  })
  return `${blocks.join('\n\n')}\n`
}

/** A line for each table of a load; what is the same for all stands on the first. */
function loadRows({ loadId, connector, resource, startedAt, committedAt, tables }: LoadRecord): string[][] {
  const seconds = ((committedAt.getTime() - startedAt.getTime()) / 1000).toFixed(1)
  const load = [String(loadId), connector, resource, committedAt.toISOString(), seconds]
  const entries = Object.entries(tables)
  if (entries.length === 0) return [load]
  return entries.map(([table, changes], index) => [...(index === 0 ? load : load.map(() => '')), table, ...changeCells(changes)])
}

const changeCells = ({ inserted, updated, deleted, unchanged }: TableChanges): string[] =>
  [inserted, updated, deleted, unchanged].map(count)

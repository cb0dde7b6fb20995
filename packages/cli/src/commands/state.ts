import type { CursorState, ResourceState } from '@tributary/core'
import { type Command, defineCommand } from '../command.ts'
import { eachDataset } from '../datasets.ts'
import { chooseDestination, type DestinationSpec, destinationText } from '../destinations.ts'
import { EXIT } from '../shell.ts'
import { headedTable } from '../table.ts'
import { plural, printable } from '../text.ts'
import { DATASET_FLAG, FROM_FLAG, JSON_FLAG } from './shared.ts'

interface DatasetResources {
  readonly dataset: string
  readonly resources: Readonly<Record<string, ResourceState>>
}

/** Of listings that have a cursor for each parent, so many are shown. */
const PARENTS_SHOWN = 3

/** `tributary state`. */
export const command: Command = defineCommand({
  usage: '[flags]',
  about:
    'Shows what resources remember from run to run: how far their cursors have come, and what a run that was cut off has left to be requested.',
  positionals: { least: 0, most: 0 },
  flags: { to: FROM_FLAG, dataset: DATASET_FLAG, json: JSON_FLAG },
  examples: [
    ['state', 'of all datasets of the default database'],
    ['state --to parquet:data/lake --dataset ticketing --json', 'of one, for a program'],
  ],
  async run({ flags: { to, dataset, json } }, shell) {
    const destination = await chooseDestination(to, shell)
    const datasets = await eachDataset(destination, dataset, async (name, reader) => ({
      dataset: name,
      resources: (await reader.read()).state.resources,
    }))
    shell.stdout.write(json ? jsonText(destination, datasets) : text(destination, datasets))
    return EXIT.ok
  },
})

/** Integers beyond ±(2^53 − 1) are text, which every JSON parser reads exactly. */
function jsonText(spec: DestinationSpec, datasets: readonly DatasetResources[]): string {
  const exact = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value)
  return `${JSON.stringify({ destination: destinationText(spec), datasets }, exact, 2)}\n`
}

const HEADER = ['resource', 'of', 'cursor', 'value', 'unfinished run']

function text({ path }: DestinationSpec, datasets: readonly DatasetResources[]): string {
  if (datasets.length === 0) return `There are no datasets in ${path}.\n`
  const blocks = datasets.map(({ dataset, resources }) => {
    const rows = Object.entries(resources).flatMap(([name, state]) => stateRows(name, state))
    const title = `${path}, dataset ${dataset}`
    if (rows.length === 0) return `${title}: nothing is remembered, each run reads everything.`
    return [title, ...headedTable(HEADER, rows, ['left', 'left', 'left', 'left', 'left'])].join('\n')
  })
  return `${blocks.join('\n\n')}\n`
}

/** A line for each cursor; what is the same for all stands on the first. */
function stateRows(name: string, { cursors = {}, pending }: ResourceState): string[][] {
  const left = pending === undefined ? '' : `${plural(pending.requests.length, 'request')} left, from load ${pending.firstLoadId}`
  const marks = Object.entries(cursors).flatMap(([listing, byParent]) => {
    const parents = Object.entries(byParent)
    const shown = parents.slice(0, PARENTS_SHOWN).map(([parent, cursor]) => cursorCells(listing, parent, cursor))
    const more = parents.length - shown.length
    return more === 0 ? shown : [...shown, [listing, `${plural(more, 'more parent')}`, '']]
  })
  if (marks.length === 0 && pending === undefined) return []
  if (marks.length === 0) return [[printable(name), '', '', '', left]]
  return marks.map((cells, index) => [index === 0 ? printable(name) : '', ...cells, index === 0 ? left : ''])
}

const cursorCells = (listing: string, parent: string, { path, value }: CursorState): string[] => [
  printable(parent === '' ? listing : `${listing} of ${parent}`),
  printable(path),
  printable(String(value)),
]

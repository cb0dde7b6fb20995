import type { Reject } from '@tributary/core'
import { type Command, defineCommand } from '../command.ts'
import { eachDataset } from '../datasets.ts'
import { chooseDestination, type DestinationSpec } from '../destinations.ts'
import { unknownName, usageError } from '../errors.ts'
import type { Input } from '../flags.ts'
import { positiveInteger } from '../plan.ts'
import { replay } from '../replay.ts'
import { EXIT, type Shell } from '../shell.ts'
import { headedTable } from '../table.ts'
import { plural, printable, wrap } from '../text.ts'
import { CONTRACT_FLAG, DATASET_FLAG, FROM_FLAG, FROM_SOURCES, JSON_FLAG, SET_FLAG } from './shared.ts'

const ACTIONS = ['list', 'replay']
/** Enough to look at. */
const LISTED = 50
const MESSAGE_WIDTH = 74
const KEY_WIDTH = 24

const flags = {
  resource: { type: 'string', multiple: true, value: 'a,b', about: 'Only of these resources. Default: of all.' },
  limit: { type: 'string', value: 'n', about: `list: at most so many. Default: ${LISTED}, with --json all.` },
  contract: CONTRACT_FLAG,
  set: SET_FLAG,
  to: FROM_FLAG,
  dataset: DATASET_FLAG,
  json: JSON_FLAG,
} as const

/** `tributary rejects`. */
export const command: Command = defineCommand({
  usage: 'list | replay <connector> [flags]',
  about:
    'list: shows what contracts left out and a sync with --rejects kept, with the reason. replay: puts it through again, after the schema or the contract was mended, without a request to the API.',
  positionals: {
    least: 1,
    most: 2,
    missing: 'rejects needs to know what: tributary rejects list, or tributary rejects replay <connector>.',
  },
  flags,
  examples: [
    ['rejects list --dataset ticketing', 'what was left out'],
    ['rejects list --json', 'with the whole records, a JSON object a line'],
    ['rejects replay ticketing', 'put it through again'],
    ['rejects replay ticketing --contract evolve', 'and let the tables have what they lack'],
  ],
  notes: [FROM_SOURCES],
  async run(input, shell) {
    const [action = '', connector] = input.positionals
    if (!ACTIONS.includes(action)) throw unknownName('action of rejects called', action, ACTIONS)
    if (action === 'list') {
      if (connector !== undefined) throw usageError('rejects list takes no connector: --dataset and --resource choose.')
      const { contract, set } = input.flags
      if (contract !== undefined || set.length > 0)
        throw usageError(`--${contract === undefined ? 'set' : 'contract'} is of rejects replay: rejects list only looks.`)
      return await list(input, shell)
    }
    if (input.flags.limit !== undefined)
      throw usageError('--limit is of rejects list: rejects replay puts all through again, or those of --resource.')
    if (connector === undefined)
      throw usageError('rejects replay needs the name of a connector: tributary rejects replay <connector>.')
    return await replay(connector, input.flags, shell)
  },
})

async function list({ flags: given }: Input<typeof flags>, shell: Shell): Promise<number> {
  const { to, dataset, json, resource } = given
  const spec = await chooseDestination(to, shell)
  const limit = positiveInteger('--limit', given.limit) ?? (json ? Number.POSITIVE_INFINITY : LISTED)
  const chosen = new Set(resource.flatMap((text) => text.split(',')).map((text) => text.trim()))
  const wanted = (reject: Reject): boolean => chosen.size === 0 || chosen.has(reject.resource)
  if (chosen.size > 0) await checkResources(spec, dataset, chosen)
  await eachDataset(spec, dataset, async (name, reader) => {
    const shown: Reject[] = []
    let found = 0
    for await (const reject of reader.rejects()) {
      if (!wanted(reject)) continue
      found++
      if (found > limit) continue
      if (json) shell.stdout.write(`${await jsonLine(name, reject)}\n`)
      else shown.push(reject)
    }
    if (!json) shell.stdout.write(`${text(spec, name, shown, found).join('\n')}\n`)
  })
  return EXIT.ok
}

/** Throws `RESOURCE_UNKNOWN` for a resource that no load was of: an empty answer would be taken for good news. */
async function checkResources(spec: DestinationSpec, dataset: string | undefined, chosen: Iterable<string>): Promise<void> {
  const loaded = await eachDataset(spec, dataset, async (_name, reader) => (await reader.read()).loads)
  const known = new Set(loaded.flat().map(({ resource }) => resource))
  for (const name of chosen) {
    if (!known.has(name)) throw unknownName(`resource in ${spec.path} called`, name, [...known].sort(), 'RESOURCE_UNKNOWN')
  }
}

/** With every digit of the record. */
async function jsonLine(dataset: string, reject: Reject): Promise<string> {
  const { stringifyJson } = await import('@tributary/core')
  const { loadId, resource, sequence, key = null, table, column, reason, kind, message, record } = reject
  const row = { dataset, load_id: loadId, resource, sequence, key, table, column: column ?? null, reason, kind, message, record }
  return stringifyJson(row)
}

/** The beginning of a key that would push all else out of sight. */
const shortened = (key: string): string => (key.length <= KEY_WIDTH ? key : `${key.slice(0, KEY_WIDTH - 1)}…`)

const HEADER = ['load', 'no.', 'key', 'table', 'column', 'reason', 'left out']
/** Messages stand under what they belong to, so that a terminal has room for both. */
const INDENT = ' '.repeat(6)

function text({ path }: DestinationSpec, dataset: string, shown: readonly Reject[], found: number): string[] {
  const title = `${path}, dataset ${dataset}`
  if (found === 0) return [`${title}: nothing is kept that was left out.`]
  const rows = shown.map(({ loadId, sequence, key = '', table, column = '', reason, kind }) => [
    String(loadId),
    String(sequence),
    printable(shortened(key)),
    printable(table),
    printable(column),
    reason,
    kind === 'record' ? 'the record' : 'a part of it',
  ])
  const [header = '', rule = '', ...lines] = headedTable(HEADER, rows, ['right', 'right', 'left', 'left', 'left', 'left', 'left'])
  const told = lines.flatMap((line, index) => [
    line,
    ...wrap(printable(shown[index]!.message), MESSAGE_WIDTH).map((text) => INDENT + text),
  ])
  const more =
    found > shown.length
      ? [`${plural(found - shown.length, 'more')}: --limit <n> shows others, --json all with their records.`]
      : []
  return [title, header, rule, ...told, ...more]
}

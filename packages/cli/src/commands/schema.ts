import type { Column, SchemaVersion, TableSchema } from '@tributary/core'
import { type Command, defineCommand } from '../command.ts'
import { eachDataset } from '../datasets.ts'
import { chooseDestination, destinationText } from '../destinations.ts'
import { unknownName, usageError } from '../errors.ts'
import { positiveInteger } from '../plan.ts'
import { columnType, schemaAt, schemaChanges } from '../schema-changes.ts'
import { EXIT } from '../shell.ts'
import { headedTable } from '../table.ts'
import { printable } from '../text.ts'
import { DATASET_FLAG, FROM_FLAG, JSON_FLAG } from './shared.ts'

const ACTIONS = ['show', 'diff']

/** `tributary schema`. */
export const command: Command = defineCommand({
  usage: 'show|diff [table] [flags]',
  about:
    'show: the tables and columns of a dataset as they are, or were at a version. diff: what a version changed, or all versions after one. Each load that changes a schema makes a version.',
  positionals: {
    least: 1,
    most: 2,
    missing: 'schema needs to know what: tributary schema show, or tributary schema diff.',
  },
  flags: {
    version: { type: 'string', value: 'n', about: 'show: as of this version. diff: up to this one. Default: the last.' },
    since: {
      type: 'string',
      value: 'n',
      about: 'diff: all that changed after this version. Default: what the last version changed.',
    },
    to: FROM_FLAG,
    dataset: DATASET_FLAG,
    json: JSON_FLAG,
  },
  examples: [
    ['schema show', 'tables and columns of all datasets of the default database'],
    ['schema show ticket_data --version 1', 'of one table, as it was first'],
    ['schema diff', 'what the last change was'],
    ['schema diff --since 1', 'all that changed since the first version'],
  ],
  async run({ flags, positionals: [action = '', table] }, shell) {
    if (!ACTIONS.includes(action)) throw unknownName('action of schema called', action, ACTIONS)
    if (action === 'show' && flags.since !== undefined)
      throw usageError('--since is of schema diff: schema show takes --version.')
    const spec = await chooseDestination(flags.to, shell)
    const asked = positiveInteger('--version', flags.version)
    const since = readSince(flags.since)
    if (since !== undefined && asked !== undefined && since >= asked)
      throw usageError(`--since ${since} is not before --version ${asked}: nothing can have changed between them.`)
    const tables = new Set<string>()
    const datasets = await eachDataset(spec, flags.dataset, async (dataset, reader) => {
      const all = await reader.schemaVersions()
      const versions = table === undefined ? all : all.filter((version) => version.table === table)
      for (const each of all) tables.add(each.table)
      const last = all.at(-1)?.version ?? 0
      const beyond = Math.max(asked ?? 0, since ?? 0)
      if (beyond > last) throw usageError(`${dataset} has no schema version ${beyond}: the last is ${last}.`)
      return { dataset, versions, version: asked ?? last }
    })
    if (table !== undefined && datasets.every(({ versions }) => versions.length === 0))
      throw unknownName(`table in ${flags.dataset ?? spec.path} called`, table, [...tables].sort(), 'TABLE_NOT_FOUND')
    const found = datasets.filter(({ versions }) => table === undefined || versions.length > 0)
    const shown = found.map((each) => (action === 'show' ? show(each) : diff({ ...each, since: since ?? lastChange(each) - 1 })))
    const title = ({ dataset, version }: { dataset: string; version: number }): string =>
      `${spec.path}, dataset ${dataset}, version ${version}`
    shell.stdout.write(
      flags.json
        ? `${JSON.stringify({ destination: destinationText(spec), datasets: shown.map(({ json }) => json) }, null, 2)}\n`
        : `${shown.map(({ lines }, index) => [title(found[index]!), ...lines].join('\n')).join('\n\n') || `There are no datasets in ${spec.path}.`}\n`,
    )
    return EXIT.ok
  },
})

/** The version that changed something last, as of the one that is asked for. */
const lastChange = ({ versions, version }: Asked): number =>
  versions.findLast((each) => each.version <= version)?.version ?? version

/** Version 0 is before everything. */
function readSince(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (text === '0') return 0
  if (!/^\d+$/.test(text)) throw usageError(`--since takes a whole number from 0, but is ${JSON.stringify(text)}.`)
  return positiveInteger('--since', text)
}

interface Asked {
  readonly dataset: string
  readonly versions: readonly SchemaVersion[]
  readonly version: number
}

interface Shown {
  readonly json: object
  readonly lines: readonly string[]
}

function show({ dataset, versions, version }: Asked): Shown {
  const tables = schemaAt(versions, version)
  const rows = tables.flatMap(({ name, columns }) =>
    columns.map((column, index) => [
      index === 0 ? printable(name) : '',
      printable(column.name),
      columnType(column),
      notes(column),
    ]),
  )
  return {
    json: { dataset, version, tables: tables.map(tableJson) },
    lines:
      rows.length === 0
        ? [emptyText(versions, version)]
        : headedTable(['table', 'column', 'type', ''], rows, ['left', 'left', 'left', 'left']),
  }
}

/** What there was is gone, or came later. */
function emptyText(versions: readonly SchemaVersion[], version: number): string {
  const dropped = versions.findLast((each) => each.version <= version && each.schema === undefined)
  return dropped === undefined ? 'There was no table yet.' : `Dropped by load ${dropped.loadId}: no table is left.`
}

const notes = ({ nullable, declared, path, name }: Column): string =>
  [
    nullable ? '' : 'not null',
    declared === true ? 'declared' : '',
    path.length === 0 || path.join('.') === name ? '' : `from ${path.join('.') || '""'}`,
  ]
    .filter((note) => note !== '')
    .map(printable)
    .join(', ')

const tableJson = ({ name, resource, parent, columns }: TableSchema): object => ({
  table: name,
  resource,
  ...(parent !== undefined && { parent }),
  columns: columns.map((column) => ({
    name: column.name,
    type: columnType(column),
    nullable: column.nullable,
    declared: column.declared === true,
    path: column.path,
    ...(column.description !== undefined && { description: column.description }),
  })),
})

function diff({ dataset, versions, version, since }: Asked & { readonly since: number }): Shown {
  const changes = schemaChanges(versions, since, version)
  const rows = changes.map(({ version: at, loadId, table, column = '', change }) => [
    String(at),
    String(loadId),
    printable(table),
    printable(column),
    printable(change),
  ])
  return {
    json: { dataset, since, version, changes: changes.map(({ loadId, ...change }) => ({ ...change, load_id: loadId })) },
    lines:
      rows.length === 0
        ? ['Nothing changed.']
        : headedTable(['version', 'load', 'table', 'column', 'change'], rows, ['right', 'right', 'left', 'left', 'left']),
  }
}

import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { ConnectorFactory, SyncResult } from '@tributary/core'
import { type DestinationSpec, defaultDatabase, destinationText } from './destinations.ts'
import { commandName, type Shell } from './shell.ts'

const COLUMNS = 4

/** A command to copy that shows some of what was just loaded. Undefined where no table can be shown. */
export async function lookCommand(
  destination: DestinationSpec,
  factory: ConnectorFactory,
  { dataset, resources }: SyncResult,
  shell: Shell,
): Promise<string | undefined> {
  const { describeResources } = await import('@tributary/core')
  const loaded = describeResources(factory.connector).filter(({ name, table }) => {
    const result = resources[name]
    if (result === undefined) return false
    const changes = result.tables[table]
    // Where a contract did not let the table be made, there is nothing to look at.
    if (changes?.rejectedBy.tables !== undefined) return false
    return result.status === 'ok' || changes !== undefined
  })
  // A table that rows came into says more than one that had none.
  const shown = loaded.find(({ name }) => (resources[name]?.records ?? 0) > 0) ?? loaded[0]
  if (shown === undefined) return undefined
  const { table, tables } = shown
  const place = `${destination.path}/${dataset}/${table}`
  // Names that a file system does not take are written otherwise: no command is better than one that finds nothing.
  if (isFolders(destination) && !existsSync(resolve(shell.cwd, place))) return undefined
  const folder = quoteForShell(place)
  if (destination.kind === 'jsonl') return `head -n 3 ${folder}/*.jsonl`
  if (destination.kind === 'jsonl.gz') return `gzip -dc ${folder}/*.jsonl.gz | head -n 3`
  if (destination.kind === 'parquet') {
    const files = `${place}/*.parquet`
    return `${commandName(shell)} query ${quoteForShell(`from '${files.replaceAll("'", "''")}' limit 10`)} --db :memory:`
  }
  if (destination.kind === 'postgres')
    return `psql ${quoteForShell(destinationText(destination))} -c ${quoteForShell(`table ${quoteIdentifier(dataset)}.${quoteIdentifier(table)} limit 10`)}`
  const columns = tables.find(({ name }) => name === table)?.columns ?? []
  const names = columns.slice(0, COLUMNS).map(({ name }) => quoteIdentifier(name))
  const qualified = `${quoteIdentifier(dataset)}.${quoteIdentifier(table)}`
  const sql = `select ${names.length === 0 ? '*' : names.join(', ')} from ${qualified} limit 10`
  const database = destination.path === defaultDatabase(shell.cwd) ? '' : ` --db ${quoteForShell(destination.path)}`
  return `${commandName(shell)} query ${quoteForShell(sql)}${database}`
}

const isFolders = ({ kind }: DestinationSpec): boolean => ['jsonl', 'jsonl.gz', 'parquet'].includes(kind)

/** Names that mean something else to SQL where they stand unquoted. */
const RESERVED = new Set(
  'all and any as asc both case cast check collate column constraint create default deferrable desc distinct do else end except false fetch for foreign from grant group having in initially intersect into lateral leading limit not null offset on only or order pivot placing primary qualify references returning select show some summarize symmetric table then to trailing true union unique unpivot using variadic when where window with'.split(
    ' ',
  ),
)

/** An SQL identifier, quoted where it has to be. */
const quoteIdentifier = (name: string): string =>
  /^[a-z_][a-z0-9_]*$/.test(name) && !RESERVED.has(name) ? name : `"${name.replaceAll('"', '""')}"`

/** One word of a command line: bare where nothing in it is special, in quotes that every shell reads alike where it can be. */
function quoteForShell(text: string): string {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text
  if (/^[\w@+=:,./*' -]+$/.test(text)) return `"${text}"`
  return `'${text.replaceAll("'", "'\\''")}'`
}

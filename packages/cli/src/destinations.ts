import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Destination } from '@tributary/core'
import { unknownName, usageError } from './errors.ts'

/** A destination as `--to` names it. */
export interface DestinationSpec {
  readonly kind: 'duckdb' | 'jsonl'
  /** File or folder, relative to the working directory. */
  readonly path: string
}

/** The destinations that the command knows. */
export const DESTINATIONS: readonly {
  readonly kind: DestinationSpec['kind']
  readonly to: string
  readonly description: string
}[] = [
  { kind: 'duckdb', to: 'duckdb:<file>', description: 'A DuckDB database: a schema for each dataset, and SQL to ask it.' },
  { kind: 'jsonl', to: 'jsonl:<folder>', description: 'JSON Lines: a folder for each dataset, files for each table.' },
]

export const DEMO_DATABASE = 'data/demo.duckdb'
export const DEFAULT_DATABASE = 'data/tributary.duckdb'

/** Reads `duckdb:data/shop.duckdb`. Throws a usage error for anything else. */
export function parseDestination(text: string): DestinationSpec {
  const at = text.indexOf(':')
  const kinds = DESTINATIONS.map(({ kind }) => kind)
  const kind = at === -1 ? text : text.slice(0, at)
  const path = at === -1 ? '' : text.slice(at + 1)
  if (!isKind(kind)) {
    if (at === -1 && /\.(duckdb|db|ddb)$/.test(text))
      throw usageError(`A destination is written with its kind: duckdb:${text}.`, 'DESTINATION_UNKNOWN')
    throw unknownName(
      'destination',
      kind,
      kinds,
      'DESTINATION_UNKNOWN',
      `Write ${DESTINATIONS.map(({ to }) => to).join(' or ')}.`,
    )
  }
  if (path !== '') return { kind, path }
  throw usageError(
    `The destination ${kind} needs a place: ${kind === 'duckdb' ? `duckdb:${DEFAULT_DATABASE}` : 'jsonl:data/jsonl'}.`,
  )
}

const isKind = (text: string): text is DestinationSpec['kind'] => DESTINATIONS.some(({ kind }) => kind === text)

/** Makes the destination. Its package is only read here: a database engine is not loaded to print a help text. */
export async function openDestination({ kind, path }: DestinationSpec): Promise<Destination> {
  if (kind === 'duckdb') return (await import('@tributary/destination-duckdb')).duckdb({ path })
  return (await import('@tributary/destination-jsonl')).jsonl({ path })
}

/** The database that `query` and `loads` take when none is named: one's own, else the demo's. */
export const defaultDatabase = (cwd: string): string =>
  existsSync(join(cwd, DEFAULT_DATABASE)) || !existsSync(join(cwd, DEMO_DATABASE)) ? DEFAULT_DATABASE : DEMO_DATABASE

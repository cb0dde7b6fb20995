import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Destination } from '@tributary/core'
import { readConfig, type TributaryConfig } from './config.ts'
import { unknownName, usageError } from './errors.ts'
import { readDotenv } from './options.ts'
import type { Shell } from './shell.ts'

/** A destination as `--to` names it. */
export interface DestinationSpec {
  readonly kind: string
  /** File or folder, relative to the working directory; of a server, user, host, port and database. Never a password. */
  readonly path: string
  /** Makes it. Its package is only read here: a database engine is not loaded to print a help text. */
  readonly make: () => Promise<Destination>
}

interface Kind {
  readonly kind: string
  /** How `--to` names it. */
  readonly to: string
  readonly description: string
  /** A place to show to someone who gave none. */
  readonly example: string
  make(path: string): Promise<Destination>
}

/** The destinations that the command knows. */
export const DESTINATIONS: readonly Kind[] = [
  {
    kind: 'duckdb',
    to: 'duckdb:<file>',
    description: 'A DuckDB database: a schema for each dataset, and SQL to ask it.',
    example: 'duckdb:data/tributary.duckdb',
    make: async (path) => (await import('@tributary/destination-duckdb')).duckdb({ path }),
  },
  {
    kind: 'postgres',
    to: 'postgres://<url>',
    description: 'A PostgreSQL server: a schema for each dataset. PGPASSWORD keeps the password off the command line.',
    example: 'postgres://user@localhost:5432/analytics',
    make: async (path) => (await import('@tributary/destination-postgres')).postgres({ url: path }),
  },
  {
    kind: 'parquet',
    to: 'parquet:<folder>',
    description: 'Parquet files: a folder for each dataset and table, for DuckDB, pandas and Spark.',
    example: 'parquet:data/lake',
    make: async (path) => (await import('@tributary/destination-parquet')).parquet({ path }),
  },
  {
    kind: 'jsonl',
    to: 'jsonl:<folder>',
    description: 'JSON Lines: a folder for each dataset, files for each table.',
    example: 'jsonl:data/jsonl',
    make: async (path) => (await import('@tributary/destination-jsonl')).jsonl({ path }),
  },
  {
    kind: 'jsonl.gz',
    to: 'jsonl.gz:<folder>',
    description: 'The same, compressed.',
    example: 'jsonl.gz:data/jsonl',
    make: async (path) => (await import('@tributary/destination-jsonl')).jsonl({ path, compress: true }),
  },
]

/** How `--to` can be written. */
export const DESTINATION_FORMS: string = DESTINATIONS.map(({ to }) => to).join('|')

export const DEMO_DATABASE = 'data/demo.duckdb'
export const DEFAULT_DATABASE = 'data/tributary.duckdb'

export const duckdbFile = (path: string): DestinationSpec => parseDestination(`duckdb:${path}`)

/** Reads `duckdb:data/shop.duckdb` or `postgres://…`. Throws a usage error for anything else, which never repeats a URL. */
export function parseDestination(text: string): DestinationSpec {
  const at = text.indexOf(':')
  const named = at === -1 ? text : text.slice(0, at)
  const kind = DESTINATIONS.find((known) => known.kind === (named === 'postgresql' ? 'postgres' : named))
  if (kind === undefined) throw unknownDestination(text, named)
  const place = at === -1 ? '' : text.slice(at + 1)
  if (place === '') throw usageError(`The destination ${kind.kind} needs a place: ${kind.example}.`)
  if (kind.kind === 'postgres') return { kind: kind.kind, path: serverOf(text), make: () => kind.make(text) }
  return { kind: kind.kind, path: place, make: () => kind.make(place) }
}

/** User, host, port and database of a URL, without its password. */
function serverOf(text: string): string {
  if (!/^postgres(?:ql)?:\/\//.test(text) || !URL.canParse(text))
    throw usageError('A PostgreSQL destination is written as a URL: postgres://user@localhost:5432/analytics.')
  const { username, host, pathname } = new URL(text)
  return `${username === '' ? '' : `${username}@`}${host || 'localhost'}${pathname}`
}

function unknownDestination(text: string, named: string): Error {
  if (!text.includes(':') && /\.(duckdb|db|ddb)$/.test(text))
    return usageError(`A destination is written with its kind: duckdb:${text}.`, 'DESTINATION_UNKNOWN')
  return unknownName(
    'destination',
    named,
    DESTINATIONS.map(({ kind }) => kind),
    'DESTINATION_UNKNOWN',
    `Write ${DESTINATIONS.map(({ to }) => to).join(' or ')}.`,
  )
}

/** As `--to` names it, for people. */
export const destinationText = ({ kind, path }: DestinationSpec): string =>
  kind === 'postgres' ? `postgres://${path}` : `${kind}:${path}`

/** The database that verbs take which look at what was loaded, when none is named: one's own, else the demo's. */
export const defaultDatabase = (cwd: string): string =>
  existsSync(join(cwd, DEFAULT_DATABASE)) || !existsSync(join(cwd, DEMO_DATABASE)) ? DEFAULT_DATABASE : DEMO_DATABASE

/** Names the destination where `--to` does not: it may hold a password, which a shell's history would remember. */
const VARIABLE = 'TRIBUTARY_DESTINATION'

/** What the environment, `.env` or the config file say of the destination. */
export function configuredDestination(
  environment: Shell['env'],
  dotenv: Shell['env'],
  config: TributaryConfig | undefined,
): string | undefined {
  const set = [environment[VARIABLE], dotenv[VARIABLE], config?.destination]
  return set.find((text) => text !== undefined && text !== '')
}

/** The destination of a verb that looks at what was loaded: that of `--to`, else what is configured, else the default database. */
export async function chooseDestination(
  to: string | undefined,
  { cwd, env }: Pick<Shell, 'cwd' | 'env'>,
): Promise<DestinationSpec> {
  const text = to ?? configuredDestination(env, readDotenv(cwd), await readConfig(cwd))
  return text === undefined ? duckdbFile(defaultDatabase(cwd)) : parseDestination(text)
}

import { describeCause, isTributaryError, type Recovery, TributaryError } from '@tributary/core'

type Meaning = readonly [pattern: RegExp, code: string, recovery: Recovery, advice: string]

const INTACT = 'What was committed before is intact, and nothing of this load is there.'

/**
 * What the codes of PostgreSQL (appendix A of its manual), of the driver and of the operating system mean to a person. The
 * first that matches counts.
 */
const MEANINGS: readonly Meaning[] = [
  [
    /^(28P01|28000)$/,
    'AUTHENTICATION_FAILED',
    'fix-config',
    'Check the user and the password in the URL, or in PGUSER and PGPASSWORD, and what pg_hba.conf allows.',
  ],
  [/^3D000$/, 'DATABASE_NOT_FOUND', 'fix-config', 'Make it first (CREATE DATABASE), or name another in the URL.'],
  [
    /^42501$/,
    'PERMISSION_DENIED',
    'fix-config',
    `The role needs CREATE and TEMPORARY on the database, and has to own the dataset's schema and tables. ${INTACT}`,
  ],
  [
    /^25006$/,
    'PERMISSION_DENIED',
    'fix-config',
    'The server, or the role, only takes reading: name the primary server, or another role.',
  ],
  [/^42939$/, 'DATASET_NAME_RESERVED', 'fix-config', 'Choose another --dataset: names that begin with pg_ are the server’s own.'],
  [/^53100$/, 'DISK_FULL', 'retry', `${INTACT} Free some space on the server, then run again.`],
  [/^(53200|53400)$/, 'OUT_OF_MEMORY', 'retry', `${INTACT} Run again when the server has less to do, or give it more memory.`],
  [
    /^53300$/,
    'TOO_MANY_CONNECTIONS',
    'retry',
    'Run again when there are fewer, sync fewer resources at once, or raise max_connections.',
  ],
  [
    /^(54011|54000)$/,
    'TABLE_TOO_WIDE',
    'fix-config',
    `${INTACT} A table of PostgreSQL has at most 1600 columns, those that were dropped among them, and a row at most some 8 kB in it: 8 bytes of each number or time, and 18 of each long text. Lower maxTableNesting, or declare a column json, so that a nested object is one column; leave fields out by processingSteps; or choose another destination.`,
  ],
  [
    /^INDEX_ROW$/,
    'INDEX_VALUE_TOO_LONG',
    'fix-config',
    `${INTACT} An index that somebody has made on the table takes no values of that length. Drop it, or make it anew on a part or a hash of the value.`,
  ],
  [
    /^55P03$/,
    'DATASET_IN_USE',
    'retry',
    `Another session holds a lock on a table of the dataset. ${INTACT} Run again when it is done.`,
  ],
  [/^(40001|40P01)$/, 'CONFLICT', 'retry', `Another session changed the same tables. ${INTACT} Run again.`],
  [
    /^(2BP01|0A000)$/,
    'DEPENDENT_OBJECTS',
    'fix-config',
    `${INTACT} Drop the view or whatever depends on the table, run again, and make it anew.`,
  ],
  [/^57014$/, 'STATEMENT_CANCELLED', 'retry', `${INTACT} Run again, or raise the role's statement_timeout.`],
  [
    /^TLS_REFUSED$/,
    'TLS_FAILED',
    'fix-config',
    'The server takes no encrypted connections: have it take some (ssl = on), or, where nobody can listen on the way, say sslmode=disable in the URL.',
  ],
  [
    /CERT|SELF_SIGNED|^ERR_(TLS|SSL)|UNABLE_TO_(VERIFY|GET)/,
    'TLS_FAILED',
    'fix-config',
    'Give the authority’s certificate as sslrootcert in the URL; sslmode=require encrypts without checking who the server is.',
  ],
  [
    /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|CONNECT_TIMEOUT|ENOENT|EACCES|57P03)$/,
    'CANNOT_CONNECT',
    'retry',
    'Check the host and port in the URL, and that the server runs and may be reached from here.',
  ],
  [
    /^(08...|57P0[125]|25P03|CONNECTION_.*|ECONNRESET|EPIPE|ECONNABORTED)$/,
    'CONNECTION_LOST',
    'retry',
    'A load is there as a whole or not at all: run again, and what was not committed is loaded anew.',
  ],
  [
    /^MESSAGE_NOT_SUPPORTED$/,
    'CANNOT_CONNECT',
    'fix-config',
    'Connect to PostgreSQL itself, and not to a pool that hands out another connection for each transaction.',
  ],
]

/** What went wrong, as a person needs it: on which server, doing what, what is still good, what to do. Never holds the password. */
export function storageError(location: string, doing: string, error: unknown): TributaryError {
  if (isTributaryError(error)) return error
  const known = MEANINGS.find(([pattern]) => pattern.test(codeOf(error)))
  const [, code, recovery, advice] = known ?? [undefined, 'STORAGE_FAILED', 'report', INTACT]
  return new TributaryError({
    code,
    recovery: recovery as Recovery,
    message: `${location}: ${doing} failed: ${sentence(error)} ${advice}`,
    cause: error,
  })
}

/** The code that PostgreSQL, the driver or the operating system gave the error; empty where there is none. */
export function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  if (code === 'ECONNRESET' && /before secure TLS/.test(String(error))) return 'TLS_REFUSED'
  if (code === '54000' && /index|^_?(bt|hash|gin|gist|spg|brin)/i.test(routineOf(error))) return 'INDEX_ROW'
  if (typeof code === 'string') return code
  // Where a name has several addresses, each of them failed.
  return error instanceof AggregateError ? codeOf(error.errors[0]) : ''
}

/** The server's function that gave the error: in no language, unlike its message. */
const routineOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'routine' in error ? String(error.routine) : ''

function sentence(error: unknown): string {
  const detail = typeof error === 'object' && error !== null && 'detail' in error ? error.detail : undefined
  const parts = [describeCause(error), ...(typeof detail === 'string' ? [detail] : [])]
  return parts
    .map((part) => part.split('\n', 1)[0]!.replace(/\.?$/, '.'))
    .join(' ')
    .replace(/^write (?=CONNECT)/, '')
}

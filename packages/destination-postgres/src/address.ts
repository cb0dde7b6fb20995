import { readFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { describeCause, TributaryError } from '@tributary/core'

/** Where the server is, and how to get in. */
export interface Address {
  /** Host, port and database, for people: without the user's name and password. */
  readonly location: string
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
  readonly password: string | undefined
  /** What `tls.connect` takes, or none. `prefer`: encrypted where the server can. */
  readonly ssl: false | 'prefer' | TlsOptions
  readonly applicationName: string | undefined
  /** Seconds. */
  readonly connectTimeout: number
  /** More settings of the session, as in `-c work_mem=64MB`. */
  readonly options: string | undefined
}

interface TlsOptions {
  readonly rejectUnauthorized: boolean
  readonly ca?: string
  /** Whom the certificate must be for. Without it, the engine would take one for `localhost` from any IP address. */
  readonly host?: string
  readonly checkServerIdentity?: () => undefined
}

const CONNECT_TIMEOUT = 10
const PARAMETERS = [
  'sslmode',
  'sslrootcert',
  'host',
  'application_name',
  'connect_timeout',
  'options',
  'channel_binding',
] as const
const EXAMPLE = 'postgres://user@localhost:5432/analytics'

type Env = Readonly<Record<string, string | undefined>>

/**
 * Reads a connection URL, as libpq has it: `postgres://user:password@host:port/database?sslmode=require`. What it leaves
 * out comes from `PGUSER`, `PGPASSWORD` and `PGSSLMODE`, as for PostgreSQL's own programs. Throws `URL_INVALID`, and never
 * shows the URL: it may hold a password.
 */
export function parseAddress(text: string, env: Env = process.env): Address {
  // An empty host, which means a socket's folder or the local machine, is not what URL takes with a user before it.
  const filled = text.replace(/^(postgres(?:ql)?:\/\/(?:[^/@?#]*@)?)(?=[/:?]|$)/, '$1localhost')
  if (!/^postgres(?:ql)?:\/\//.test(text) || !URL.canParse(filled))
    throw invalid(`it should look like ${EXAMPLE}, with characters such as @, / and # of a password written as %40, %2F and %23`)
  const url = new URL(filled)
  const given = (name: (typeof PARAMETERS)[number]): string | undefined => url.searchParams.get(name) ?? undefined
  for (const name of url.searchParams.keys()) {
    if (!PARAMETERS.some((known) => known === name))
      throw invalid(`the parameter ${JSON.stringify(name)} is not known; there are ${PARAMETERS.join(', ')}`)
  }
  const user = decoded(url.username) || env.PGUSER || userInfo().username
  const host = given('host') ?? decoded(url.hostname).replace(/^\[(.*)\]$/, '$1')
  const port = url.port === '' ? 5432 : Number(url.port)
  const database = decoded(url.pathname.slice(1)) || user
  return {
    location: `postgres://${host.includes('/') || host.includes(':') ? `[${host}]` : host}:${port}/${database}`,
    host,
    port,
    database,
    user,
    password: decoded(url.password) || env.PGPASSWORD,
    ssl: tlsOf(given('sslmode') ?? env.PGSSLMODE ?? 'prefer', given('sslrootcert'), host),
    applicationName: given('application_name') ?? env.PGAPPNAME,
    connectTimeout: seconds(given('connect_timeout')),
    options: given('options'),
  }
}

/**
 * The meanings of libpq: `verify-ca` wants a certificate of an authority that is known, and `verify-full` one that is for this
 * host as well. With a root certificate, `require` is as `verify-ca`.
 */
function tlsOf(mode: string, rootCertificate: string | undefined, host: string): Address['ssl'] {
  if (mode === 'disable') return false
  if (mode === 'allow' || mode === 'prefer') return 'prefer'
  if (mode !== 'require' && mode !== 'verify-ca' && mode !== 'verify-full')
    throw invalid('sslmode is one of disable, allow, prefer, require, verify-ca and verify-full')
  if (mode === 'require' && rootCertificate === undefined) return { rejectUnauthorized: false }
  const ca = rootCertificate === undefined || rootCertificate === 'system' ? undefined : readCertificate(rootCertificate)
  return {
    rejectUnauthorized: true,
    ...(ca !== undefined && { ca }),
    ...(mode === 'verify-full' ? { host } : { checkServerIdentity: anyHost }),
  }
}

const anyHost = (): undefined => undefined

function readCertificate(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw invalid(`the root certificate at ${path} cannot be read: ${describeCause(error)}`)
  }
}

function seconds(text: string | undefined): number {
  if (text === undefined) return CONNECT_TIMEOUT
  if (!/^\d{1,6}$/.test(text)) throw invalid('connect_timeout is a number of seconds')
  return Number(text)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw invalid('a % in it is not followed by two hexadecimal digits; a % that is meant as such is written %25')
  }
}

function invalid(why: string): TributaryError {
  return new TributaryError({
    code: 'URL_INVALID',
    recovery: 'fix-config',
    message: `The URL of the PostgreSQL database cannot be used (it is not shown, since it may hold a password): ${why}.`,
  })
}

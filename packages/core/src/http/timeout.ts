import { TributaryError } from '../errors.ts'

/**
 * Seconds for one attempt, from the connection to the last byte; or apart: `connect` for the connection, `body` for all
 * of the answer after it. Default 60.
 */
export type Timeout = number | { readonly connect?: number; readonly body?: number }

const DEFAULT_SECONDS = 60
/** About 24 days: no timer goes beyond it. */
const MAXIMUM_SECONDS = 2_147_483

/** A timeout with its defaults. `whole`: connection and answer together. */
export type ResolvedTimeout = { readonly whole: number } | { readonly connect: number; readonly body: number }

/** Throws `CLIENT_INVALID` for seconds that are none; `where` begins the message. */
export function resolveTimeout(timeout: Timeout | undefined, where: string): ResolvedTimeout {
  if (timeout === undefined) return { whole: DEFAULT_SECONDS }
  if (typeof timeout === 'number') return { whole: seconds(timeout, `${where}: timeout`) }
  if (typeof timeout !== 'object' || timeout === null) return { whole: seconds(timeout, `${where}: timeout`) }
  const unknown = Object.keys(timeout).find((name) => name !== 'connect' && name !== 'body')
  if (unknown !== undefined) throw invalid(`${where}: timeout has no ${JSON.stringify(unknown)}; there are connect and body.`)
  const { connect = DEFAULT_SECONDS, body = DEFAULT_SECONDS } = timeout
  return { connect: seconds(connect, `${where}: timeout.connect`), body: seconds(body, `${where}: timeout.body`) }
}

function seconds(value: unknown, what: string): number {
  if (typeof value === 'number' && value > 0 && value <= MAXIMUM_SECONDS) return value
  throw invalid(
    `${what} is a number of seconds, more than 0 and at most ${MAXIMUM_SECONDS}, but is ${typeof value === 'number' ? value : JSON.stringify(value)}.`,
  )
}

const invalid = (message: string): TributaryError =>
  new TributaryError({ code: 'CLIENT_INVALID', recovery: 'fix-config', message })

import { TributaryError } from '../errors.ts'
import type { JsonValue } from '../http/request.ts'

/** An access token, as it was received. */
export interface AccessToken {
  readonly token: string
  /** Seconds that it lasts from when it was asked for. */
  readonly lifetime: number
}

/** Kinds of tokens that need more than to be sent: a signature or a key for each request (RFC 6749 §7.1). */
const BOUND = ['mac', 'dpop', 'pop', 'hok']

/**
 * Reads a token response (RFC 6749 §5.1). `where` names the endpoint. The lifetime may be text; where none can be told,
 * it is `defaultLifetime`. Any `token_type` is sent as Bearer, since servers call theirs by many names (`bearer`,
 * `BearerToken`, `JWT`), but for those that cannot be. Throws `TOKEN_INVALID`, which shows keys and never values.
 */
export function parseTokenResponse(body: JsonValue, defaultLifetime: number, where: string): AccessToken {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    const found = body === null ? 'null' : Array.isArray(body) ? 'a list' : typeof body
    throw invalid(where, `an object with access_token was expected, but the answer is ${found}`)
  }
  const token = Object.hasOwn(body, 'access_token') ? body.access_token : undefined
  if (token === undefined || token === null || token === '') {
    throw invalid(where, `the answer has no access_token; it has ${describeKeys(Object.keys(body))}`)
  }
  if (typeof token !== 'string') throw invalid(where, `access_token should be text, but is of type ${typeof token}`)
  if (!/^[\x21-\x7e\x80-\xff]+$/.test(token)) {
    throw invalid(where, 'access_token has a blank or another character that a header cannot carry')
  }
  const kind = typeof body.token_type === 'string' ? body.token_type.trim().toLowerCase() : 'bearer'
  if (BOUND.includes(kind)) {
    throw invalid(where, `the token is of the type ${kind}, which needs each request to be signed; bearer tokens are supported`)
  }
  return { token, lifetime: seconds(body.expires_in) ?? defaultLifetime }
}

/** 0 and less is how some servers say that a token does not expire. */
function seconds(value: JsonValue | undefined): number | undefined {
  const text = typeof value === 'string' ? value.trim() : value
  const number =
    typeof text === 'number' || typeof text === 'bigint' || (typeof text === 'string' && text !== '') ? Number(text) : 0
  return Number.isFinite(number) && number > 0 ? number : undefined
}

function describeKeys(keys: readonly string[]): string {
  // What does not look like a name may be anything.
  const names = keys.slice(0, 20).map((key) => (/^[\w.-]{1,40}$/.test(key) ? key : '…'))
  return names.length === 0 ? 'no keys' : `the keys ${names.join(', ')}${keys.length > names.length ? ', …' : ''}`
}

function invalid(where: string, why: string): TributaryError {
  return new TributaryError({
    code: 'TOKEN_INVALID',
    recovery: 'fix-config',
    message: `${where} answered, but without a token that can be used: ${why}. Check that it is the URL of the token endpoint, and what it is sent.`,
  })
}

import { TributaryError } from '../errors.ts'

/** What every kind of auth takes. */
export interface AuthOptions {
  /** Further origins, such as `https://files.example.com`, that get the credentials too. Default: only that of the client's `baseUrl`. */
  origins?: readonly string[]
}

/** `where` names the kind of auth. No message of these ever shows a value that may be a credential. */
export function invalidAuth(where: string, why: string): TributaryError {
  return new TributaryError({ code: 'AUTH_INVALID', recovery: 'fix-config', message: `${where}: ${why}` })
}

/**
 * Text that is there and has no control characters: they have no place in a credential, and mostly are the line break at
 * the end of the file that it was read from. Throws `AUTH_INVALID`.
 */
export function checkText(where: string, option: string, value: unknown): string {
  if (value === undefined || value === null) throw invalidAuth(where, `${option} is missing. Give it the value, as text.`)
  if (typeof value !== 'string') throw invalidAuth(where, `${option} is text, but is of type ${typeof value}.`)
  if (value.trim() === '') {
    throw invalidAuth(
      where,
      `${option} is empty. Give it a value; if it comes from a variable or a file, check that this is set.`,
    )
  }
  if (/[\r\n]\s*$/.test(value)) {
    throw invalidAuth(where, `${option} ends with a line break, which cannot be sent. If it was read from a file, trim it.`)
  }
  const place = [...value].findIndex((character) => /[\p{Cc}\p{Cs}]/u.test(character))
  if (place === -1) return value
  throw invalidAuth(
    where,
    `${option} has a control character (a line break, a tab, …) at position ${place + 1}, which cannot be sent. Check how it was copied.`,
  )
}

/** Like {@link checkText}, and fit for the value of a header (RFC 9110 §5.5). */
export function checkHeaderText(where: string, option: string, value: unknown): string {
  const text = checkText(where, option, value)
  if (text.trim() !== text)
    throw invalidAuth(where, `${option} begins or ends with a blank, which a header cannot carry. Trim it.`)
  const place = [...text].findIndex((character) => character > '\xff')
  if (place !== -1) {
    throw invalidAuth(
      where,
      `${option} has a character at position ${place + 1} that a header cannot carry. Check how it was copied.`,
    )
  }
  return text
}

/** A name of a header or a cookie: a token of RFC 9110 §5.6.2. */
export function checkToken(where: string, option: string, value: unknown): string {
  const name = checkText(where, option, value)
  if (/^[\w!#$%&'*+.^`|~-]+$/.test(name)) return name
  throw invalidAuth(
    where,
    `${option} has characters that the name of a header or cookie cannot have; letters, digits, - and _ are fine.`,
  )
}

/** An absolute http or https URL, without a user name or password in it. */
export function checkUrl(where: string, option: string, value: unknown): string {
  const text = checkText(where, option, value)
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '') return text
  throw invalidAuth(
    where,
    `${option} should be an absolute http or https URL, such as https://login.example.com/oauth/token, without a user name or password.`,
  )
}

/** Seconds: more than 0. */
export function checkSeconds(where: string, option: string, value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value
  const found = typeof value === 'number' ? value : typeof value
  throw invalidAuth(where, `${option} is a number of seconds, more than 0, but is ${found}.`)
}

/** One of a few words. */
export function checkChoice<T extends string>(where: string, option: string, value: T, choices: readonly T[]): T {
  if (choices.includes(value)) return value
  throw invalidAuth(where, `${option} is one of ${choices.join(', ')}, but is ${JSON.stringify(value)}.`)
}

/** The origins as part of an `Auth`: nothing where there are none. A path would promise a narrower trust than an origin gives. */
export function checkOrigins(where: string, origins: readonly string[] | undefined): { readonly origins?: readonly string[] } {
  if (origins === undefined) return {}
  return { origins: origins.map((text, index) => checkOrigin(where, `origins[${index}]`, text)) }
}

function checkOrigin(where: string, option: string, text: string): string {
  const { origin, href } = new URL(checkUrl(where, option, text))
  if (href === `${origin}/`) return origin
  throw invalidAuth(where, `${option} is an origin, as ${origin} would be: without a path, query or fragment.`)
}

import { isSecretName } from './secret-names.ts'
import { escapePattern, writingsOf } from './writings.ts'

/** What stands in the place of a secret. */
export const REPLACEMENT = '[redacted]'

/** Below this length a value is replaced only where it stands by itself: `a` as a key must not blot out every letter a. */
const SHORTEST_ANYWHERE = 6
/** From this length on, a value is no coincidence. */
const LONG = 8
/** A longer one is beyond what the engine takes as a pattern: only its common forms are looked for. */
const LONGEST_PATTERN = 4096

/** Takes credentials out of texts for people and programs. Made once for each run, from the connector's secrets. */
export interface Redactor {
  /** `text` without any of the secrets, as they are, in base64, or escaped as in JSON, a URL or a form. */
  text(text: string): string
  /** A message, without the secrets, and of the URLs in it without credentials and values of parameters with well-known secret names. */
  message(text: string): string
  /** The URL without secrets, credentials, or values of parameters with well-known secret names. */
  url(url: string): string
  /** Whether `text` holds a secret that is too long to be there by chance. */
  holds(text: string): boolean
  /** The same for JSON in UTF-8, of which no text is made where it need not be. */
  holdsIn(bytes: Buffer): boolean
  /** Makes one more secret known, from here on: a token that was just received. An empty one is ignored. */
  add(secret: string): void
  /** All that is known, in the order in which it became known. */
  secrets(): readonly string[]
}

/** What a text must have for a secret to stand in it in another writing than those that are looked for first. */
const ESCAPED = /\\[u/]|%[\da-f]/i
/** The same in JSON, as bytes. */
const ESCAPES: readonly Buffer[] = ['\\u', '\\/', '%'].map((text) => Buffer.from(text))

/** Makes a redactor for `secrets`; empty ones are ignored. */
export function createRedactor(secrets: readonly string[]): Redactor {
  const known = new Set(secrets.filter((secret) => secret !== ''))
  let forms = compileForms(known)
  const add = (secret: string): void => {
    if (secret === '' || known.has(secret)) return
    known.add(secret)
    forms = compileForms(known)
  }
  const text = (value: string): string => {
    const rest = forms.huge.reduce((sofar, form) => sofar.replaceAll(form, REPLACEMENT), value)
    return forms.any === undefined ? rest : rest.replace(forms.any, REPLACEMENT)
  }
  const holds = (value: string): boolean =>
    forms.plain.some((form) => value.includes(form)) ||
    (forms.long !== undefined && ESCAPED.test(value) && forms.long.test(value))
  return {
    text,
    message: (value) => text(redactUrlsIn(value)),
    url: (value) => text(redactParameters(value)),
    holds,
    holdsIn: (bytes) =>
      forms.plainBytes.some((form) => bytes.includes(form)) ||
      (ESCAPES.some((begin) => bytes.includes(begin)) && holds(bytes.toString())),
    add,
    secrets: () => [...known],
  }
}

interface Forms {
  /** Those that no pattern can hold, the longest first. */
  readonly huge: readonly string[]
  /** All others, in every form. */
  readonly any: RegExp | undefined
  /** Those that are too long to be there by chance. */
  readonly long: RegExp | undefined
  /** How these mostly look. To search for them costs next to nothing, and each page is searched. */
  readonly plain: readonly string[]
  readonly plainBytes: readonly Buffer[]
}

function compileForms(secrets: ReadonlySet<string>): Forms {
  // The longest first: of two secrets that begin alike, no end is left behind.
  const all = [...secrets].sort((a, b) => b.length - a.length)
  const patterns = all.filter((secret) => secret.length <= LONGEST_PATTERN)
  const long = patterns.filter((secret) => secret.length >= LONG)
  const plain = [...new Set(all.flatMap(commonForms))].filter((form) => form.length >= LONG)
  return {
    huge: all.filter((secret) => secret.length > LONGEST_PATTERN).flatMap(commonForms),
    any: patternOf(patterns.map(formsOf), 'g'),
    long: patternOf(long.map(formsOf), ''),
    plain,
    plainBytes: plain.map((form) => Buffer.from(form)),
  }
}

const patternOf = (sources: readonly string[], flags: string): RegExp | undefined =>
  sources.length === 0 ? undefined : new RegExp(sources.join('|'), flags)

function formsOf(secret: string): string {
  if (secret.length < SHORTEST_ANYWHERE) return `(?<![\\w-])${writingsOf(secret)}(?![\\w-])`
  return [...base64Of(secret).map(escapePattern), writingsOf(secret)].join('|')
}

const commonForms = (secret: string): string[] => [
  secret,
  JSON.stringify(secret).slice(1, -1),
  encoded(secret),
  ...(secret.length < SHORTEST_ANYWHERE ? [] : base64Of(secret)),
]

const encoded = (secret: string): string => new URLSearchParams({ s: secret }).toString().slice(2)

/** The longer one first. */
const base64Of = (secret: string): string[] => [Buffer.from(secret).toString('base64'), Buffer.from(secret).toString('base64url')]

/** A value ends where a URL does, and before what ends a sentence. */
const PARAMETER = /([?&])([^\s?&=#"'<>]+)=[^\s&#"'<>]*?(?=[.,:;)]*(?:[\s&#"'<>]|$))/g

const redactUrlsIn = (text: string): string =>
  text
    .replaceAll(PARAMETER, (whole, before: string, name: string) =>
      isSecretName(decode(name)) ? `${before}${name}=${REPLACEMENT}` : whole,
    )
    .replaceAll(/(https?:\/\/)[^\s/?#@"'<>]+@/gi, `$1${REPLACEMENT}@`)

function redactParameters(text: string): string {
  if (!URL.canParse(text)) return text
  const url = new URL(text)
  if (url.password !== '') url.password = 'redacted'
  if (url.username !== '') url.username = 'redacted'
  const query = url.search
    .slice(1)
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const name = part.split('=', 1)[0] ?? ''
      return isSecretName(decode(name)) ? `${name}=${REPLACEMENT}` : part
    })
    .join('&')
  url.search = ''
  const base = url.toString()
  if (query === '') return base
  const hash = base.indexOf('#')
  return hash === -1 ? `${base}?${query}` : `${base.slice(0, hash)}?${query}${base.slice(hash)}`
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

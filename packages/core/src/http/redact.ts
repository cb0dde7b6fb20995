import { isSecretName } from './secret-names.ts'

const REPLACEMENT = '[redacted]'

/** Below this length a value is replaced only where it stands by itself: `a` as a key must not blot out every letter a. */
const SHORTEST_ANYWHERE = 6

/** Takes credentials out of texts for people and programs. Made once for each run, from the connector's secrets. */
export interface Redactor {
  /** `text` without any of the secrets, as they are, percent-encoded or in base64. */
  text(text: string): string
  /** The URL without secrets, credentials, or values of parameters with well-known secret names. */
  url(url: string): string
  /** Whether `text` holds a secret that is too long to be there by chance. */
  holds(text: string): boolean
  /** Makes one more secret known, from here on: a token that was just received. An empty one is ignored. */
  add(secret: string): void
  /** All that is known, in the order in which it became known. */
  secrets(): readonly string[]
}

/** Makes a redactor for `secrets`; empty ones are ignored. */
export function createRedactor(secrets: readonly string[]): Redactor {
  const known = new Set(secrets.filter((secret) => secret !== ''))
  let forms = compileForms(known)
  const add = (secret: string): void => {
    if (secret === '' || known.has(secret)) return
    known.add(secret)
    forms = compileForms(known)
  }
  const text = (value: string): string => (forms.pattern === undefined ? value : value.replace(forms.pattern, REPLACEMENT))
  return {
    text,
    url: (value) => text(redactParameters(value)),
    holds: (value) => forms.long.some((form) => value.includes(form)),
    add,
    secrets: () => [...known],
  }
}

function compileForms(secrets: ReadonlySet<string>): { pattern: RegExp | undefined; long: readonly string[] } {
  // The longest first: of two secrets that begin alike, no end is left behind.
  const forms = [...new Set([...secrets].flatMap(encodedForms))].sort((a, b) => b.length - a.length)
  const alternatives = forms.map((form) =>
    form.length < SHORTEST_ANYWHERE ? `(?<![\\w-])${escapePattern(form)}(?![\\w-])` : escapePattern(form),
  )
  return {
    pattern: forms.length === 0 ? undefined : new RegExp(alternatives.join('|'), 'g'),
    long: forms.filter((form) => form.length >= 8),
  }
}

function encodedForms(secret: string): string[] {
  const query = new URLSearchParams({ s: secret }).toString().slice(2)
  const json = JSON.stringify(secret).slice(1, -1)
  const base64 = Buffer.from(secret).toString('base64')
  return [
    secret,
    encodeURIComponent(secret),
    encodeURI(secret),
    query,
    json,
    ...(secret.length >= SHORTEST_ANYWHERE ? [base64] : []),
  ]
}

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

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')
}

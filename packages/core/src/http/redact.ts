const REPLACEMENT = '[redacted]'

/** Names of parameters and headers whose values are taken for credentials, whoever set them. */
const SECRET_NAME =
  /^(?:.*[-_.])?(?:api[-_]?key|apikey|key|access[-_]?token|token|auth|authorization|password|passwd|pwd|secret|client[-_]?secret|signature|sig|session|cookie|credential)s?$/i

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
}

/** Makes a redactor for `secrets`; empty ones are ignored. */
export function createRedactor(secrets: readonly string[]): Redactor {
  const forms = [...new Set(secrets.filter((secret) => secret !== '').flatMap(encodedForms))].sort((a, b) => b.length - a.length)
  const long = forms.filter((form) => form.length >= 8)
  const pattern =
    forms.length === 0
      ? undefined
      : new RegExp(
          forms
            .map((form) =>
              form.length < SHORTEST_ANYWHERE ? `(?<![\\w-])${escapePattern(form)}(?![\\w-])` : escapePattern(form),
            )
            .join('|'),
          'g',
        )
  const text = (value: string): string => (pattern === undefined ? value : value.replace(pattern, REPLACEMENT))
  return {
    text: (value) => text(value),
    url: (value) => text(redactParameters(value)),
    holds: (value) => long.some((form) => value.includes(form)),
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
      return SECRET_NAME.test(decode(name)) ? `${name}=${REPLACEMENT}` : part
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

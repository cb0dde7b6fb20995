import type { JsonValue } from '../http/request.ts'

/** Below this length a secret counts only where it stands by itself: it must not take the letter out of every word, as in a `Redactor`. */
const SHORTEST_ANYWHERE = 6

/** Around the number of a secret. Of the private use area, so that no API means anything by it. */
const MARK = '\uE010'
const SEALED = new RegExp(`${MARK}(\\d+)${MARK}`, 'g')

/** A value in whose texts every secret is replaced by its number, so that it can be kept beside the data. */
export const sealValue = <T extends JsonValue>(value: T, secrets: readonly string[]): T =>
  mapTexts(value, (text) => seal(text, secrets, escapePattern)) as T

/** A URL without secrets, however they are encoded in it. */
export const sealUrl = (url: string, secrets: readonly string[]): string =>
  seal(url, secrets, (secret) => [...secret].map(anyEncoding).join(''))

/** A character of a URL, as it is or percent-encoded: which of them are is up to whoever wrote it. */
function anyEncoding(character: string): string {
  const bytes = [...Buffer.from(character)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
  const encoded = bytes.replaceAll(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`)
  return `(?:${escapePattern(character)}|${encoded}${character === ' ' ? '|\\+' : ''})`
}

const escapePattern = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')

/** The opposite of {@link sealValue}, with the secrets of today. */
export const unsealValue = <T extends JsonValue>(value: T, secrets: readonly string[]): T =>
  mapTexts(value, (text) => unseal(text, secrets)) as T

export const unsealUrl = (url: string, secrets: readonly string[]): string => unseal(url, secrets.map(encodeURIComponent))

function seal(text: string, secrets: readonly string[], patternOf: (secret: string) => string): string {
  // The longest first: one secret may be the beginning of another.
  const numbered = secrets.map((secret, index) => ({ secret, mark: `${MARK}${index}${MARK}` }))
  numbered.sort((a, b) => b.secret.length - a.secret.length)
  return numbered.reduce(
    (sofar, { secret, mark }) => (secret === '' ? sofar : replaceOutside(sofar, standingAlone(secret, patternOf(secret)), mark)),
    text,
  )
}

const standingAlone = (secret: string, pattern: string): string =>
  secret.length < SHORTEST_ANYWHERE ? `(?<![\\w-])(?:${pattern})(?![\\w-])` : pattern

/** Replaces what is not inside of a mark already: a secret may be a digit. */
function replaceOutside(text: string, pattern: string, mark: string): string {
  return text
    .split(new RegExp(`(${SEALED.source.replace('(\\d+)', '\\d+')})`))
    .map((part, index) => (index % 2 === 1 ? part : part.replaceAll(new RegExp(pattern, 'g'), mark)))
    .join('')
}

const unseal = (text: string, secrets: readonly string[]): string =>
  text.replaceAll(SEALED, (whole, index: string) => secrets[Number(index)] ?? whole)

function mapTexts(value: JsonValue, change: (text: string) => string): JsonValue {
  if (typeof value === 'string') return change(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change))
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, mapTexts(member, change)]))
}

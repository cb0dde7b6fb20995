/** Escapes of JSON that are two characters long. */
const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '/': '/',
  '\b': 'b',
  '\f': 'f',
  '\n': 'n',
  '\r': 'r',
  '\t': 't',
}

/**
 * Source of a pattern for `text` as it is, in JSON, in a URL or in a form. Which characters are escaped there, and in which
 * case, is up to whoever wrote it: PHP writes `\/`, Go `\u0026`, others `%2f`.
 */
export function writingsOf(text: string): string {
  // Hardly anybody escapes letters and digits, and a pattern of thousands of choices is slow to make.
  const isLiteral = (character: string): boolean => text.length > 256 && /[A-Za-z\d]/.test(character)
  return (text.match(/\\+|[^\\]/gu) ?? [])
    .map((part) => (part.startsWith('\\') ? backslashes(part.length) : isLiteral(part) ? part : writingsOfCharacter(part)))
    .join('')
}

/** As one: by themselves there would be more ways to read a long run of them than can be tried. */
const backslashes = (count: number): string => `(?:(?:\\\\\\\\){${count}}|(?:\\\\u005[cC]|%5[cC]){${count}}|\\\\{${count}})`

function writingsOfCharacter(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => `\\\\u${hex(character.charCodeAt(index), 4)}`)
  const bytes = [...Buffer.from(character)].map((byte) => `%${hex(byte, 2)}`)
  const short = SHORT_ESCAPES[character]
  const writings = [
    ...(short === undefined ? [] : [`\\\\${escapePattern(short)}`]),
    units.join(''),
    bytes.join(''),
    ...(character === ' ' ? ['\\+'] : []),
    escapePattern(character),
  ]
  return `(?:${writings.join('|')})`
}

/** Digits in either case. */
const hex = (value: number, length: number): string =>
  value
    .toString(16)
    .padStart(length, '0')
    .replaceAll(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`)

/** `text` as a pattern that means just that. */
export const escapePattern = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, '\\$&')

/**
 * What PostgreSQL cannot keep as it is: U+0000, in texts and in JSON; in JSON, escapes of halves of surrogate pairs; JSON whose
 * numbers are beyond `numeric`, or that is nested deeper than its parser goes; instants and dates before 4713 BC. Nothing of it may
 * fail a load or vanish unsaid, so each has a value that takes its place, and is counted.
 */
export type Unstorable = 'nul' | 'surrogate' | 'json' | 'early' | 'late'

/** Counts what was changed. */
export type Note = (what: Unstorable) => void

/** Stands for U+0000: ␀, the picture of it. */
const NUL_PICTURE = '\u2400'

/** The text as PostgreSQL takes it. */
export function storableText(text: string, note: Note): string {
  if (!text.includes('\0')) return text
  note('nul')
  return text.replaceAll('\0', NUL_PICTURE)
}

/** Levels that `jsonb` takes on a server with its usual `max_stack_depth`, with room to spare. */
const DEEPEST = 6000
/** `numeric` has at most 131 072 digits before the point and 16 383 after it. */
const MOST_DIGITS = 131_072
const MOST_DECIMALS = 16_383

/** JSON up to this length is not nested too deep, and only an exponent can make a number too long. */
export const LONGEST_PLAIN_JSON: number = 2 * DEEPEST

/** A number that begins where numbers of JSON do: digits within a text, such as those of a UUID, seldom look like it. */
const LARGE_EXPONENT = /(?:^|[[:,\s])-?\d+(?:\.\d+)?[eE][+-]?\d{4}/
const NUL_OR_SURROGATE = /\\u(?:0000|d[89a-f])/i
/** An escape: of a surrogate pair, or of one unit, or of anything else, which only must not be taken for the start of another. */
const ESCAPES = /\\(?:u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})|u([0-9a-f]{4})|[^u])/gi
const STRINGS = /"(?:[^"\\]|\\.)*"/gs

/**
 * Whether JSON may have something in it that `jsonb` cannot take. It is not longer than `LONGEST_PLAIN_JSON`, or several such texts one
 * behind the other; those of them that are a number and nothing else may be missed.
 */
export const mayBeUnstorable = (text: string): boolean =>
  text.includes('\0') || NUL_OR_SURROGATE.test(text) || LARGE_EXPONENT.test(text)

/** The JSON text as `jsonb` takes it. What it cannot take at all becomes a JSON string of the text. */
export function storableJson(text: string, note: Note): string {
  let storable = storableText(text, note)
  if (NUL_OR_SURROGATE.test(storable)) storable = withoutEscaped(storable, note)
  if (!fits(storable)) {
    note('json')
    // As a text in JSON, its own escapes are escaped once more, and mean nothing any longer.
    storable = JSON.stringify(storable)
  }
  return storable
}

function withoutEscaped(text: string, note: Note): string {
  let nul = false
  let surrogate = false
  const storable = text.replaceAll(ESCAPES, (whole: string, high?: string, _low?: string, unit?: string) => {
    if (high !== undefined || unit === undefined) return whole
    if (unit === '0000') {
      nul = true
      return NUL_PICTURE
    }
    if (!/^d[89a-f]/i.test(unit)) return whole
    surrogate = true
    return '\ufffd'
  })
  if (nul) note('nul')
  if (surrogate) note('surrogate')
  return storable
}

function fits(text: string): boolean {
  // Cheap tests first: hardly any text goes further.
  const deep = text.length > LONGEST_PLAIN_JSON
  const exponents = LARGE_EXPONENT.test(text)
  if (!deep && !exponents) return true
  const outside = text.replaceAll(STRINGS, '""')
  if (deep && depthOf(outside) > DEEPEST) return false
  for (const [number] of outside.matchAll(/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g)) {
    if (number.length > 1000 || /[eE]/.test(number)) if (!numberFits(number)) return false
  }
  return true
}

function depthOf(outside: string): number {
  let depth = 0
  let deepest = 0
  for (const [bracket] of outside.matchAll(/[[\]{}]/g)) {
    depth += bracket === '[' || bracket === '{' ? 1 : -1
    if (depth > deepest) deepest = depth
  }
  return deepest
}

function numberFits(number: string): boolean {
  const [mantissa = '', exponent = '0'] = number.split(/[eE]/)
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.')
  const shift = Number(exponent)
  return whole.length + shift <= MOST_DIGITS && fraction.length - shift <= MOST_DECIMALS
}

const SENTENCES: Readonly<Record<Unstorable, string>> = {
  nul: 'held U+0000, which PostgreSQL cannot keep: ␀ (U+2400) stands in its place',
  surrogate: 'held half of a surrogate pair, which is no character: U+FFFD stands in its place',
  json: 'were JSON that jsonb cannot hold (numbers or nesting beyond its limits): each is there as one JSON string of the whole text',
  early: 'lie before the year 4713 BC, with which PostgreSQL begins: -infinity stands in their place',
  late: 'lie after the year 5874897, with which PostgreSQL ends: infinity stands in their place',
}

/** What was changed in a load, as sentences for people. */
export function createNotes(): { of(place: string): Note; sentences(): string[] } {
  const counts = new Map<string, number>()
  return {
    of: (place) => (what) => {
      const key = JSON.stringify([place, what])
      counts.set(key, (counts.get(key) ?? 0) + 1)
    },
    sentences: () =>
      [...counts].map(([key, number]) => {
        const [place, what] = JSON.parse(key) as [string, Unstorable]
        return `${place}: ${number === 1 ? '1 value' : `${number} values`} ${SENTENCES[what]}.`
      }),
  }
}

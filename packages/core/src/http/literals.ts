import type { JsonValue } from './request.ts'

/** What JSON calls a number is an integer or not by how it is written, and `JSON.parse` does not tell: `2.0` and `1e3` are doubles. */

export type JsonContainer = JsonValue[] | { [key: string]: JsonValue }

/** A body, and the text that it was parsed from until somebody asks. */
interface Source {
  text: { readonly whole: string; readonly body: JsonContainer } | undefined
  /** Keys and indexes of the numbers that are written as doubles, by the object or list that has them. */
  readonly doubles: WeakMap<object, ReadonlySet<string | number>>
}

/** A number with a fraction of zeros or with an exponent; it may match inside a string, which costs only time. */
const INTEGRAL_DOUBLE = /\d(?:\.0+|[eE][+-]?\d+)(?=[,\]}\s]|$)/

/** By bodies, and by their records. Goes when they go. */
const sources = new WeakMap<object, Source>()

const isContainer = (value: JsonValue): value is JsonContainer => typeof value === 'object' && value !== null

/** Keeps the text beside the body that was parsed from it, where it has numbers of which only the text can tell. */
export function keepText(body: JsonValue, text: string): void {
  if (isContainer(body) && INTEGRAL_DOUBLE.test(text)) sources.set(body, { text: { whole: text, body }, doubles: new WeakMap() })
}

/** Says that `records` are parts of `body`, or of records of it, so that it can be told how their numbers are written. */
export function keepLiterals(body: JsonValue | readonly JsonValue[], records: readonly JsonValue[]): void {
  const source = typeof body === 'object' && body !== null ? sources.get(body) : undefined
  if (source !== undefined) share(source, records)
}

function share(source: Source, records: readonly JsonValue[]): void {
  sources.set(records, source)
  for (const record of records) if (isContainer(record)) sources.set(record, source)
}

/**
 * Says that `copies` are the same as `records`, which `keepLiterals` was told of, so that it can be told of them too, as long as they
 * are changed only in place.
 */
export function copyLiterals(records: readonly JsonValue[], copies: readonly JsonValue[]): void {
  const source = sources.get(records)
  if (source === undefined) return
  const doubles = doublesOf(source)
  const pending: (readonly [JsonValue, JsonValue])[] = [[records as JsonValue[], copies as JsonValue[]]]
  for (let pair = pending.pop(); pair !== undefined; pair = pending.pop()) {
    const [from, to] = pair
    if (!isContainer(from) || !isContainer(to)) continue
    const known = doubles.get(from)
    if (known !== undefined) doubles.set(to, known)
    const [members, others] = [Object.values(from), Object.values(to)]
    for (const [index, member] of members.entries()) pending.push([member, others[index]!])
  }
  share(source, copies)
}

/**
 * Whether the number at `key` of `container` is written with a fraction or an exponent. `record`: what `keepLiterals` was
 * told of, and has the container somewhere in it. Records that somebody copied are not known any more: false.
 */
export function isDoubleLiteral(record: object, container: JsonContainer, key: string | number): boolean {
  const source = sources.get(record)
  return source !== undefined && doublesOf(source).get(container)?.has(key) === true
}

function doublesOf(source: Source): Source['doubles'] {
  const { text, doubles } = source
  if (text !== undefined) noteDoubles(text.whole, text.body, doubles)
  source.text = undefined
  return doubles
}

/** The list or object that the walk is in. */
interface Place {
  /** Undefined where the body has something else: of keys that come twice, the last one counts. */
  readonly container: JsonContainer | undefined
  key: string | number
}

const SPACE = /[\s:]*/y
const SCALAR = /[^\s,\]}]+/y

/** Walks body and text side by side, once. The text is known to be JSON. Iterative: depth is no limit. */
function noteDoubles(text: string, body: JsonContainer, doubles: WeakMap<object, ReadonlySet<string | number>>): void {
  const above: Place[] = []
  let place: Place = { container: [body], key: 0 }
  let at = 0
  while (at < text.length) {
    const char = text[at]!
    if (char === '{' || char === '[') {
      above.push(place)
      const inner = containerAt(place)
      const isSame = inner !== undefined && Array.isArray(inner) === (char === '[')
      place = { container: isSame ? inner : undefined, key: char === '[' ? 0 : '' }
      at++
    } else if (char === '}' || char === ']') {
      place = above.pop()!
      at++
    } else if (char === ',') {
      if (typeof place.key === 'number') place.key++
      at++
    } else if (char === '"') {
      const end = endOfString(text, at)
      const next = skip(SPACE, text, end)
      // Only a key has a colon behind it.
      if (text.slice(end, next).includes(':')) place.key = stringOf(text, at, end)
      at = next
    } else {
      const end = skip(SCALAR, text, at)
      if (end === at) at++
      else note(doubles, place, text.slice(at, end))
      at = Math.max(at, end)
    }
  }
}

function note(doubles: WeakMap<object, ReadonlySet<string | number>>, { container, key }: Place, literal: string): void {
  if (container === undefined) return
  const known = doubles.get(container) as Set<string | number> | undefined
  if (/^-?\d.*[.eE]/.test(literal)) {
    if (known === undefined) doubles.set(container, new Set([key]))
    else known.add(key)
  } else known?.delete(key)
}

function containerAt({ container, key }: Place): JsonContainer | undefined {
  if (container === undefined || !Object.hasOwn(container, key)) return undefined
  const value = (container as { [key: string]: JsonValue })[key]!
  return isContainer(value) ? value : undefined
}

function skip(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from
  return pattern.test(text) ? pattern.lastIndex : from
}

function stringOf(text: string, open: number, end: number): string {
  const inside = text.slice(open + 1, end - 1)
  return inside.includes('\\') ? (JSON.parse(text.slice(open, end)) as string) : inside
}

/** The index behind the string that begins at `open`; the text's length where it does not end. */
export function endOfString(text: string, open: number): number {
  let close = text.indexOf('"', open + 1)
  while (close !== -1) {
    let backslashes = 0
    while (text.charCodeAt(close - 1 - backslashes) === 92) backslashes++
    if (backslashes % 2 === 0) return close + 1
    close = text.indexOf('"', close + 1)
  }
  return text.length
}

/** Where JSON is malformed, and how. Nothing of the text is repeated: it may hold a credential. */
export interface JsonProblem {
  readonly line: number
  readonly column: number
  readonly text: string
}

class Malformed {
  readonly at: number
  readonly text: string

  constructor(at: number, text: string) {
    this.at = at
    this.text = text
  }
}

/** The first thing that is wrong with a JSON text (RFC 8259), duplicate keys included; engines tell neither place nor duplicates. */
export function findJsonProblem(text: string): JsonProblem | undefined {
  try {
    const end = skipBlank(text, value(text, skipBlank(text, 0), 0))
    if (end < text.length) throw new Malformed(end, 'something follows where the file should end.')
    return undefined
  } catch (error) {
    if (!(error instanceof Malformed)) throw error
    const before = text.slice(0, error.at).split(/\r\n|\r|\n/)
    return { line: before.length, column: before.at(-1)!.length + 1, text: error.text }
  }
}

const DEEPEST = 500

/** Each of these reads what begins at `at`, and answers where it ends. */
function value(text: string, at: number, depth: number): number {
  if (depth > DEEPEST) throw new Malformed(at, `this is nested more than ${DEEPEST} deep.`)
  const first = text[at]
  if (first === undefined) throw new Malformed(at, 'the file ends where a value should stand.')
  if (first === '{') return object(text, at, depth)
  if (first === '[') return list(text, at, depth)
  if (first === '"') return string(text, at)
  const [word] = sticky(/-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y, text, at)
  if (word !== undefined && !/[\w.+-]/.test(text[at + word.length] ?? '')) return at + word.length
  if (first === "'") throw new Malformed(at, 'a text stands in double quotes, not in single ones.')
  if (first === '/' || first === '#') throw new Malformed(at, 'JSON has no comments; take it out, or write YAML.')
  throw new Malformed(at, 'a value was expected: a text in double quotes, a number, true, false, null, { or [.')
}

function object(text: string, open: number, depth: number): number {
  const keys = new Set<string>()
  return members(text, open, '}', (at) => {
    if (text[at] !== '"') throw new Malformed(at, 'a key in double quotes was expected.')
    const end = string(text, at)
    const key = JSON.parse(text.slice(at, end)) as string
    if (keys.has(key)) throw new Malformed(at, 'this key is there twice; keep one of them.')
    keys.add(key)
    const colon = skipBlank(text, end)
    if (text[colon] !== ':') throw new Malformed(colon, 'a colon was expected after the key.')
    return value(text, skipBlank(text, colon + 1), depth + 1)
  })
}

const list = (text: string, open: number, depth: number): number => members(text, open, ']', (at) => value(text, at, depth + 1))

function members(text: string, open: number, close: string, member: (at: number) => number): number {
  let at = skipBlank(text, open + 1)
  if (text[at] === close) return at + 1
  for (;;) {
    at = skipBlank(text, member(at))
    if (text[at] === close) return at + 1
    if (text[at] === undefined)
      throw new Malformed(
        at,
        `the file ends before the ${close} that belongs to the ${text[open]} in line ${lineOf(text, open)}.`,
      )
    if (text[at] !== ',') throw new Malformed(at, `a comma or ${close} was expected.`)
    const comma = at
    at = skipBlank(text, at + 1)
    if (text[at] === close) throw new Malformed(comma, `this comma has nothing behind it but ${close}; take it out.`)
  }
}

function string(text: string, open: number): number {
  const [whole] = sticky(/"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4})|[\x7f-\x9f])*"/uy, text, open)
  if (whole !== undefined) return open + whole.length
  const [good = ''] = sticky(/"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4})|[\x7f-\x9f])*/uy, text, open)
  const at = open + good.length
  if (text[at] === '\\') throw new Malformed(at, 'this is no escape of JSON; a backslash itself is written twice, as \\\\.')
  throw new Malformed(
    at,
    text[at] === undefined || text[at] === '\n' || text[at] === '\r'
      ? 'the text that begins before has no closing quote.'
      : 'a control character stands in a text; write it as \\u and four digits.',
  )
}

function sticky(pattern: RegExp, text: string, at: number): readonly (string | undefined)[] {
  pattern.lastIndex = at
  return pattern.exec(text) ?? []
}

function skipBlank(text: string, at: number): number {
  const [blank = ''] = sticky(/[ \t\r\n]*/y, text, at)
  return at + blank.length
}

const lineOf = (text: string, at: number): number => text.slice(0, at).split(/\r\n|\r|\n/).length

import {
  CST,
  type Document,
  isCollection,
  isMap,
  isNode,
  isScalar,
  Lexer,
  LineCounter,
  parseDocument,
  visit,
  type YAMLParseError,
  type YAMLWarning,
} from 'yaml'
import { invalidFile } from './problems.ts'

/**
 * The data of a YAML 1.2 document (core schema): duplicate keys are errors, aliases are resolved, and `<<` takes in what they
 * stand for. Throws `CONNECTOR_INVALID` with line and column. Nothing of the text is repeated: it may hold a credential.
 */
export function readYaml(text: string, path: string): unknown {
  const deep = placeOfDepth(text)
  if (deep !== undefined) throw malformed(path, deep, `this is nested more than ${DEEPEST} deep`)
  const lineCounter = new LineCounter()
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    uniqueKeys: true,
    prettyErrors: false,
    intAsBigInt: true,
    merge: true,
    logLevel: 'error',
    lineCounter,
  })
  const [error] = [...document.errors, ...document.warnings]
  const mistake = error === undefined ? findMisread(document) : { at: error.pos[0], text: explain(error) }
  if (mistake !== undefined) {
    throw malformed(path, lineCounter.linePos(mistake.at), mistake.text)
  }
  if (document.contents === null) throw invalidFile(`${path} is empty. A connector has a client and resources.`)
  try {
    return plainNumbers(document.toJS())
  } catch (error) {
    throw invalidFile(`${path} cannot be read: ${explainAlias(error instanceof Error ? error.message : '')}`)
  }
}

const malformed = (path: string, { line, col }: { line: number; col: number }, text: string): Error =>
  invalidFile(`${path} is not well-formed YAML, at line ${line}, column ${col}: ${text}.`)

const DEEPEST = 500

/** Before it is parsed: the parser calls itself for each level, and at the end of the stack the engine may take the process down. */
function placeOfDepth(text: string): { line: number; col: number } | undefined {
  let [at, open, onThisLine] = [0, 0, 0]
  let previous = ''
  for (const token of new Lexer().lex(text)) {
    const type = previous === CST.SCALAR ? 'scalar' : CST.tokenType(token)
    if (type === 'newline') onThisLine = 0
    else if (type === 'seq-item-ind' || type === 'explicit-key-ind') onThisLine++
    else if (type === 'flow-seq-start' || type === 'flow-map-start') open++
    else if (type === 'flow-seq-end' || type === 'flow-map-end') open--
    if (open + onThisLine > DEEPEST) {
      const before = text.slice(0, at).split('\n')
      return { line: before.length, col: before.at(-1)!.length + 1 }
    }
    at += MARKS.includes(token) ? 0 : token.length
    previous = token
  }
  return undefined
}

/** Tokens of the lexer that stand for no characters. */
const MARKS: readonly string[] = [CST.DOCUMENT, CST.FLOW_END, CST.SCALAR]

function explainAlias(message: string): string {
  const name = /^Unresolved alias.*: (\S+)$/s.exec(message)?.[1]
  if (name !== undefined) return `there is an alias *${name}, but no anchor &${name} before it.`
  if (message.startsWith('Merge')) return 'a << takes an alias of an object, such as *defaults, or a list of these.'
  return 'its aliases stand for too much data. Write some of them out.'
}

/** What is YAML, but hardly what was meant: `id: {resources.posts.id}` is an object with a key that has no value. */
function findMisread(document: Document): { readonly at: number; readonly text: string } | undefined {
  let found: { at: number; text: string } | undefined
  visit(document, {
    Pair(_index, { key, value }, path) {
      const parent = path.at(-1)
      const isBare = isMap(parent) && parent.flow === true && value === null
      if (isBare && parent.items.length > 1) found = { at: startOf(key), text: 'this key has no value' }
      else if (isBare || isCollection(key))
        found = { at: startOf(isBare ? parent : key), text: 'a text that begins with { or [ needs quotes' }
      else if (isScalar(key) && key.value === null) found = { at: startOf(key), text: 'this key is null; put it in quotes' }
      return found === undefined ? undefined : visit.BREAK
    },
  })
  return found
}

const startOf = (node: unknown): number => (isNode(node) ? (node.range?.[0] ?? 0) : 0)

function explain({ code, message }: YAMLParseError | YAMLWarning): string {
  if (code === 'BAD_INDENT' && message.startsWith('Flow')) return 'a [ or { that was opened before is not closed by here'
  return EXPLANATIONS[code] ?? message.split('\n', 1)[0]!
}

/** The parser's own words are for those who write parsers. */
const EXPLANATIONS: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'this key is there twice; keep one of them',
  TAB_AS_INDENT: 'the line begins with a tab, but YAML is indented with spaces',
  BAD_INDENT: 'the line is not indented like those that it belongs to',
  MULTIPLE_DOCS: 'a second document begins here, but a connector is one document; take out the ---',
  MISSING_CHAR: 'a quote, a bracket or a colon is missing here, or just before',
  TAG_RESOLVE_FAILED: 'there are no tags (words that begin with !) in a connector',
  BLOCK_AS_IMPLICIT_KEY:
    'a key with more below it cannot stand behind another key on one line; begin a new line, or put the text in quotes',
  MULTILINE_IMPLICIT_KEY: 'a key and its colon stand on one line; a colon may be missing',
  UNEXPECTED_TOKEN: 'something stands here that fits nowhere; text with special characters needs quotes',
  BAD_ALIAS: 'a text that begins with * or & needs quotes',
  BAD_DQ_ESCAPE: 'this is no escape of YAML; in double quotes, a backslash itself is written twice',
  BAD_SCALAR_START: 'a text that begins with this character needs quotes',
}

/** Integers as JSON gives them: bigint only beyond ±(2^53 − 1). */
function plainNumbers(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value
  if (Array.isArray(value)) return value.map(plainNumbers)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plainNumbers(member)]))
}

import { LineCounter, parseDocument, type YAMLParseError, type YAMLWarning } from 'yaml'
import { invalidFile } from './problems.ts'

/**
 * The data of a YAML 1.2 document (core schema): duplicate keys are errors, aliases are resolved. Throws
 * `CONNECTOR_INVALID` with line and column. Nothing of the text is repeated: it may hold a credential.
 */
export function readYaml(text: string, path: string): unknown {
  const lineCounter = new LineCounter()
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    uniqueKeys: true,
    prettyErrors: false,
    intAsBigInt: true,
    lineCounter,
  })
  const [error] = [...document.errors, ...document.warnings]
  if (error !== undefined) {
    const { line, col } = lineCounter.linePos(error.pos[0])
    throw invalidFile(`${path} is not well-formed YAML, at line ${line}, column ${col}: ${explain(error)}.`)
  }
  try {
    return plainNumbers(document.toJS())
  } catch (error) {
    const name = /^Unresolved alias.*: (\S+)$/s.exec(error instanceof Error ? error.message : '')?.[1]
    throw invalidFile(
      name === undefined
        ? `${path} cannot be read: its aliases stand for too much data. Write some of them out.`
        : `${path} cannot be read: there is an alias *${name}, but no anchor &${name} before it.`,
    )
  }
}

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
  BAD_SCALAR_START: 'a text that begins with this character needs quotes',
}

/** Integers as JSON gives them: bigint only beyond ±(2^53 − 1). */
function plainNumbers(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value
  if (Array.isArray(value)) return value.map(plainNumbers)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plainNumbers(member)]))
}

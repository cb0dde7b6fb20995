import { type Batch, SYSTEM_COLUMNS } from '@tributary/core'
import { valueEncoder } from './values.ts'

const { loadId: LOAD_ID, id: ID, rootId: ROOT_ID, parentId: PARENT_ID, index: INDEX } = SYSTEM_COLUMNS
const START = `{"${LOAD_ID}":`

/**
 * Text of `count` rows of a batch, a line each. The system columns come first, so that a row's place and identity are read off its beginning; what
 * follows the load id is the row itself, and the same text for the same values. Nulls are left out.
 */
export function batchText(batch: Batch, load: number): (from: number, count: number) => string {
  const { ids, lineage } = batch
  const columns = batch.table.columns.map(({ name, type }, index) => ({
    key: `,${JSON.stringify(name)}:`,
    encode: valueEncoder(type, batch.columns[index]!),
  }))
  const lineOf = (row: number): string => {
    let line = `${START}${load}`
    if (lineage === undefined) {
      line += `,"${ID}":${JSON.stringify(ids[row])}`
    } else {
      line += `,"${ROOT_ID}":${JSON.stringify(lineage.rootIds[row])},"${ID}":${JSON.stringify(ids[row])}`
      line += `,"${PARENT_ID}":${JSON.stringify(lineage.parentIds[row])},"${INDEX}":${lineage.indexes[row]}`
    }
    for (const { key, encode } of columns) {
      const text = encode(row)
      if (text !== undefined) line += key + text
    }
    return `${line}}\n`
  }
  return (from, count) => {
    let text = ''
    for (let row = from; row < from + count; row++) text += lineOf(row)
    return text
  }
}

/** What is read off the beginning of a line. */
export interface Head {
  readonly loadId: number
  /** Of a root row: its own id. */
  readonly rootId: string
  readonly id: string
  /** The line from here on is the row itself. */
  readonly body: number
}

export function readHead(line: string, isChild: boolean): Head {
  const body = line.indexOf(',', START.length)
  const loadId = Number(line.slice(START.length, body))
  const first = body + (isChild ? ROOT_ID : ID).length + 4
  const rootId = stringAt(line, first)
  if (!isChild) return { loadId, rootId: rootId.value, id: rootId.value, body }
  return { loadId, rootId: rootId.value, id: stringAt(line, rootId.end + ID.length + 4).value, body }
}

/** The JSON string whose opening quote is at `open`. */
function stringAt(line: string, open: number): { value: string; end: number } {
  let close = line.indexOf('"', open + 1)
  const plain = line.slice(open + 1, close)
  if (!plain.includes('\\')) return { value: plain, end: close + 1 }
  while (isEscaped(line, close)) close = line.indexOf('"', close + 1)
  return { value: JSON.parse(line.slice(open, close + 1)) as string, end: close + 1 }
}

function isEscaped(line: string, quote: number): boolean {
  let backslashes = 0
  while (line.charCodeAt(quote - 1 - backslashes) === 92) backslashes++
  return backslashes % 2 === 1
}

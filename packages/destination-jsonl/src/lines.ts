import { type Batch, formatInstant, SYSTEM_COLUMNS } from '@tributary/core'
import { valueEncoder } from './values.ts'

const { loadId: LOAD_ID, id: ID, rootId: ROOT_ID, parentId: PARENT_ID, index: INDEX } = SYSTEM_COLUMNS
const { validFrom: VALID_FROM, rowHash: ROW_HASH } = SYSTEM_COLUMNS
const START = `{"${LOAD_ID}":`

/** The load that rows are written by. */
export interface LineLoad {
  readonly id: number
  readonly startedAt: Date
}

/**
 * Text of `count` rows of a batch, a line each. The system columns come first, so that a row's place and identity are read off its beginning; what
 * follows the load id is the row itself, and the same text for the same values. Nulls are left out.
 */
export function batchText(batch: Batch, load: LineLoad): (from: number, count: number) => string {
  const { ids, lineage, hashes } = batch
  const columns = batch.table.columns.map(({ name, type }, index) => ({
    key: `,${JSON.stringify(name)}:`,
    encode: valueEncoder(type, batch.columns[index]!),
  }))
  const since = `,"${VALID_FROM}":"${instantText(load.startedAt)}"`
  const lineOf = (row: number): string => {
    let line = `${START}${load.id}`
    if (lineage === undefined) {
      line += `,"${ID}":${JSON.stringify(ids[row])}`
    } else {
      line += `,"${ROOT_ID}":${JSON.stringify(lineage.rootIds[row])},"${ID}":${JSON.stringify(ids[row])}`
      line += `,"${PARENT_ID}":${JSON.stringify(lineage.parentIds[row])},"${INDEX}":${lineage.indexes[row]}`
    }
    if (hashes !== undefined) line += `${since},"${ROW_HASH}":${JSON.stringify(hashes[row])}`
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

/** As the other timestamps are written. */
export const instantText = (date: Date): string => formatInstant(BigInt(date.getTime()) * 1000n)

/** What is read off the beginning of a line. */
export interface Head {
  readonly loadId: number
  /** Of a root row: its own id. */
  readonly rootId: string
  readonly id: string
  /** The line from here on is the row itself. */
  readonly body: number
  /** Where the id has ended. */
  readonly end: number
}

export function readHead(line: string, isChild: boolean): Head {
  const body = line.indexOf(',', START.length)
  const loadId = Number(line.slice(START.length, body))
  const first = stringAt(line, body + (isChild ? ROOT_ID : ID).length + 4)
  if (!isChild) return { loadId, rootId: first.value, id: first.value, body, end: first.end }
  const second = stringAt(line, first.end + ID.length + 4)
  return { loadId, rootId: first.value, id: second.value, body, end: second.end }
}

/** The line as a row of another load. */
export const withLoad = (line: string, { body }: Head, load: number): string => `${START}${load}${line.slice(body)}`

/** The JSON string whose opening quote is at `open`. */
export function stringAt(line: string, open: number): { value: string; end: number } {
  const end = stringEnd(line, open)
  const plain = line.slice(open + 1, end - 1)
  return { value: plain.includes('\\') ? (JSON.parse(line.slice(open, end)) as string) : plain, end }
}

/** Where the JSON string has ended whose opening quote is at `open`. */
export function stringEnd(line: string, open: number): number {
  let close = line.indexOf('"', open + 1)
  while (isEscaped(line, close)) close = line.indexOf('"', close + 1)
  return close + 1
}

function isEscaped(line: string, quote: number): boolean {
  let backslashes = 0
  while (line.charCodeAt(quote - 1 - backslashes) === 92) backslashes++
  return backslashes % 2 === 1
}

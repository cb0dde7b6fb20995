import { type Batch, formatInstant, isValid, SYSTEM_COLUMNS } from '@tributary/core'
import { constantOf, putConstant } from './line-buffer.ts'
import { putInteger } from './put-integer.ts'
import { memberPut, type Put, textPut } from './values.ts'

const { loadId: LOAD_ID, id: ID, rootId: ROOT_ID, parentId: PARENT_ID, index: INDEX } = SYSTEM_COLUMNS
const { validFrom: VALID_FROM, rowHash: ROW_HASH } = SYSTEM_COLUMNS
const START = `{"${LOAD_ID}":`
const END = constantOf('}\n')

/** The load that rows are written by. */
export interface LineLoad {
  readonly id: number
  readonly startedAt: Date
}

/**
 * Puts the lines of a batch. The system columns come first, so that a row's place and identity are read off its beginning; what
 * follows the load id is the row itself, and the same text for the same values. Nulls are left out.
 */
export function linePut(batch: Batch, load: LineLoad): Put {
  const head = headPuts(batch, load)
  const members = batch.table.columns.map((column, index) => {
    const vector = batch.columns[index]!
    return { valid: vector.valid, put: memberPut(column, vector, batch.rowCount) }
  })
  return (lines, row) => {
    for (const put of head) put(lines, row)
    for (const { valid, put } of members) if (isValid(valid, row)) put(lines, row)
    putConstant(lines, END)
  }
}

/** The system columns. */
function headPuts({ ids, lineage, hashes }: Batch, { id, startedAt }: LineLoad): Put[] {
  const start = `${START}${id},"`
  const puts: Put[] = []
  if (lineage === undefined) {
    puts.push(textPut(`${start}${ID}":"`, ids, '"'))
  } else {
    const { rootIds, parentIds, indexes } = lineage
    puts.push(textPut(`${start}${ROOT_ID}":"`, rootIds, `","${ID}":"`))
    puts.push(textPut('', ids, `","${PARENT_ID}":"`))
    puts.push(textPut('', parentIds, `","${INDEX}":`))
    puts.push((lines, row) => putInteger(lines, indexes[row]!))
  }
  if (hashes !== undefined) puts.push(textPut(`,"${VALID_FROM}":"${instantText(startedAt)}","${ROW_HASH}":"`, hashes, '"'))
  return puts
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

const COMMA = 0x2c

/** Where the text of its id begins, in a line of a root table that is there as bytes. */
export const idStart = (bytes: Buffer, line: number): number => bytes.indexOf(COMMA, line + START.length) + `,"${ID}":"`.length

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

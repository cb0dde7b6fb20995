import type { Column, ColumnVector, Texts } from '@tributary/core'
import { constantOf, type LineBuffer, putAscii, putByte, putConstant, putRaw, putText, sourceOf } from './line-buffer.ts'
import { putDouble } from './put-double.ts'
import { putDate, putInstant, putTime } from './put-instant.ts'
import { int64Source, putInt64 } from './put-integer.ts'

/** Puts what a row has. */
export type Put = (lines: LineBuffer, row: number) => void

const QUOTE = 0x22

/** Puts the values of a column with its name before each, `,"name":value`. To be called for rows that have one. */
export function memberPut({ name, type }: Pick<Column, 'name' | 'type'>, vector: ColumnVector, rowCount: number): Put {
  const key = `,${JSON.stringify(name)}:`
  switch (vector.kind) {
    case 'bool': {
      const { values } = vector
      const [no, yes] = [constantOf(`${key}false`), constantOf(`${key}true`)]
      return (lines, row) => putConstant(lines, values[row] === 0 ? no : yes)
    }
    case 'int64':
      return int64Put(key, type, vector.values)
    case 'int32': {
      const { values } = vector
      const start = constantOf(`${key}"`)
      return (lines, row) => {
        putConstant(lines, start)
        putDate(lines, values[row]!)
        putByte(lines, QUOTE)
      }
    }
    case 'float64': {
      const { values } = vector
      const start = constantOf(key)
      return (lines, row) => {
        putConstant(lines, start)
        putDouble(lines, values[row]!)
      }
    }
    case 'bytes': {
      const { values } = vector
      const start = constantOf(`${key}"`)
      return (lines, row) => {
        putConstant(lines, start)
        putAscii(lines, Buffer.from(values[row]!).toString('base64'))
        putByte(lines, QUOTE)
      }
    }
    case 'text':
      return type === 'json' ? jsonPut(key, vector, rowCount) : textPut(`${key}"`, vector, '"')
  }
}

/** Texts as JSON strings, between what comes before and after them, quotes included. */
export function textPut(before: string, texts: Texts, after: string): Put {
  const source = sourceOf(texts)
  const [start, end] = [constantOf(before), constantOf(after)]
  return (lines, row) => putText(lines, start, source, row, end)
}

function int64Put(key: string, type: Column['type'], values: BigInt64Array): Put {
  const source = int64Source(values)
  if (type === 'timestamp' || type === 'time') {
    const start = constantOf(`${key}"`)
    const put = type === 'timestamp' ? putInstant : putTime
    return (lines, row) => {
      putConstant(lines, start)
      put(lines, source, row)
      putByte(lines, QUOTE)
    }
  }
  const start = constantOf(key)
  return (lines, row) => {
    putConstant(lines, start)
    putInt64(lines, source, row)
  }
}

const [LINE_FEED, CARRIAGE_RETURN, SPACE] = [0x0a, 0x0d, 0x20]

/** JSON text as it is, on one line: in it, a line end can only stand between tokens. */
function jsonPut(key: string, texts: Texts, rowCount: number): Put {
  const { bytes, offsets } = texts
  const start = constantOf(key)
  const all = bytes.subarray(offsets[0], offsets[rowCount])
  const hasLineEnds = all.includes(LINE_FEED) || all.includes(CARRIAGE_RETURN)
  return (lines, row) => {
    putConstant(lines, start)
    const from = lines.at
    putRaw(lines, texts, row)
    if (!hasLineEnds) return
    for (let at = from; at < lines.at; at++) {
      if (lines.bytes[at] === LINE_FEED || lines.bytes[at] === CARRIAGE_RETURN) lines.bytes[at] = SPACE
    }
  }
}

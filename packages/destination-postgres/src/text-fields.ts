import { type Texts, textAt } from '@tributary/core'
import { type Field, putJson, putString, putText } from './row-buffer.ts'
import { LONGEST_PLAIN_JSON, mayBeUnstorable, type Note, storableJson, storableText } from './storable.ts'

/** Bytes of JSON that are looked at in one piece. A string can have some 500 million characters. */
const MOST_AT_ONCE = 1 << 26

const MINUS = 0x2d
const ZERO = 0x30
const NINE = 0x39

/** A text for every row. Bytes are copied as they are: only where some text of the batch has U+0000, each is read. */
export function textField(texts: Texts, rowCount: number, note: Note): Field {
  const { bytes, offsets } = texts
  if (bytesOf(texts, rowCount).includes(0)) return (rows, row) => putString(rows, storableText(textAt(texts, row), note))
  return (rows, row) => putText(rows, bytes, offsets[row]!, offsets[row + 1]!)
}

/** JSON for every row. Bytes are copied as they are: only where some of the batch's may not be storable, each is read. */
export function jsonField(texts: Texts, rowCount: number, note: Note): Field {
  const { bytes, offsets } = texts
  const all = bytesOf(texts, rowCount)
  // Whatever is looked for is ASCII.
  const isPlain = all.length <= MOST_AT_ONCE && !mayBeUnstorable(all.toString('latin1'))
  return (rows, row) => {
    const start = offsets[row]!
    const end = offsets[row + 1]!
    if (isPlain && end - start <= LONGEST_PLAIN_JSON && !beginsNumber(bytes[start]!)) return putJson(rows, bytes, start, end)
    const text = textAt(texts, row)
    const storable = storableJson(text, note)
    if (storable === text) return putJson(rows, bytes, start, end)
    const changed = Buffer.from(storable)
    putJson(rows, changed, 0, changed.length)
  }
}

const beginsNumber = (byte: number): boolean => byte === MINUS || (byte >= ZERO && byte <= NINE)

const bytesOf = ({ bytes, offsets }: Texts, rowCount: number): Buffer => bytes.subarray(offsets[0], offsets[rowCount])

/** Bytes of rows in the binary format of `COPY`, until they are sent. Grows for a row that is longer. */
export interface RowBuffer {
  bytes: Buffer
  view: DataView
  /** Where the next byte goes. */
  at: number
}

const FIRST_SIZE = 1 << 20

export function createRowBuffer(): RowBuffer {
  const bytes = Buffer.allocUnsafeSlow(FIRST_SIZE)
  return { bytes, view: viewOf(bytes), at: 0 }
}

const viewOf = ({ buffer, byteOffset, byteLength }: Buffer): DataView => new DataView(buffer, byteOffset, byteLength)

/** Makes room for so many more bytes. */
export function reserve(rows: RowBuffer, length: number): void {
  if (rows.at + length <= rows.bytes.length) return
  const larger = Buffer.allocUnsafeSlow(Math.max(rows.bytes.length * 2, rows.at + length))
  rows.bytes.copy(larger, 0, 0, rows.at)
  rows.bytes = larger
  rows.view = viewOf(larger)
}

const NO_VALUE = -1

export function putNull(rows: RowBuffer): void {
  reserve(rows, 4)
  rows.view.setInt32(rows.at, NO_VALUE)
  rows.at += 4
}

/** Up to this length, a loop here is faster than a call into the engine. */
const SHORT = 24

/** A field of text. `repair` is called for texts that have U+0000 or may have half a surrogate pair. */
export function putText(rows: RowBuffer, text: string, repair: (text: string) => string): void {
  const { length } = text
  reserve(rows, 4 + length * 3)
  if (length > SHORT || !putShort(rows, text)) {
    const written = rows.bytes.write(repair(text), rows.at + 4)
    rows.view.setInt32(rows.at, written)
    rows.at += 4 + written
  }
}

/** Writes ASCII without U+0000; false where the text is anything else. */
function putShort(rows: RowBuffer, text: string): boolean {
  const { bytes } = rows
  let at = rows.at + 4
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code > 127 || code === 0) return false
    bytes[at++] = code
  }
  rows.view.setInt32(rows.at, text.length)
  rows.at = at
  return true
}

export function putInt64(rows: RowBuffer, value: bigint): void {
  reserve(rows, 12)
  rows.view.setInt32(rows.at, 8)
  rows.view.setBigInt64(rows.at + 4, value)
  rows.at += 12
}

export function putInt32(rows: RowBuffer, value: number): void {
  reserve(rows, 8)
  rows.view.setInt32(rows.at, 4)
  rows.view.setInt32(rows.at + 4, value)
  rows.at += 8
}

export function putDouble(rows: RowBuffer, value: number): void {
  reserve(rows, 12)
  rows.view.setInt32(rows.at, 8)
  rows.view.setFloat64(rows.at + 4, value)
  rows.at += 12
}

export function putBool(rows: RowBuffer, value: boolean): void {
  reserve(rows, 5)
  rows.view.setInt32(rows.at, 1)
  rows.bytes[rows.at + 4] = value ? 1 : 0
  rows.at += 5
}

export function putBytes(rows: RowBuffer, value: Uint8Array): void {
  reserve(rows, 4 + value.length)
  rows.view.setInt32(rows.at, value.length)
  rows.bytes.set(value, rows.at + 4)
  rows.at += 4 + value.length
}

/** `jsonb` is a version, 1, and then the text. */
export function putJson(rows: RowBuffer, text: string): void {
  reserve(rows, 5 + text.length * 3)
  rows.bytes[rows.at + 4] = 1
  const written = rows.bytes.write(text, rows.at + 5)
  rows.view.setInt32(rows.at, 1 + written)
  rows.at += 5 + written
}

/** Throws `RangeError` for what is no UUID. */
export function putUuid(rows: RowBuffer, text: string): void {
  reserve(rows, 20)
  const written = rows.bytes.write(text.replaceAll('-', ''), rows.at + 4, 16, 'hex')
  if (written !== 16) throw new RangeError(`not a UUID: ${JSON.stringify(text)}`)
  rows.view.setInt32(rows.at, 16)
  rows.at += 20
}

const NEGATIVE = 0x4000
/** Decimal digits in each digit of a `numeric`. */
const GROUP = 4

/** `numeric` from plain decimal text: its digits to the base of 10 000, with the weight of the first of them. */
export function putNumeric(rows: RowBuffer, text: string): void {
  const negative = text.startsWith('-')
  const [whole = '', fraction = ''] = (negative ? text.slice(1) : text).split('.')
  const digits =
    whole.padStart(Math.ceil(whole.length / GROUP) * GROUP, '0') +
    fraction.padEnd(Math.ceil(fraction.length / GROUP) * GROUP, '0')
  let weight = Math.ceil(whole.length / GROUP) - 1
  let from = 0
  let to = digits.length
  while (from < to && digits.startsWith('0000', from)) {
    from += GROUP
    weight--
  }
  while (to > from && digits.startsWith('0000', to - GROUP)) to -= GROUP
  const groups = (to - from) / GROUP
  reserve(rows, 12 + groups * 2)
  const { view, at } = rows
  view.setInt32(at, 8 + groups * 2)
  view.setInt16(at + 4, groups)
  view.setInt16(at + 6, groups === 0 ? 0 : weight)
  view.setInt16(at + 8, negative && groups > 0 ? NEGATIVE : 0)
  view.setInt16(at + 10, fraction.length)
  for (let index = 0; index < groups; index++) {
    view.setInt16(at + 12 + index * 2, Number(digits.slice(from + index * GROUP, from + (index + 1) * GROUP)))
  }
  rows.at += 12 + groups * 2
}

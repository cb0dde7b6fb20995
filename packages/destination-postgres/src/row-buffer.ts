/** Bytes of rows in the binary format of `COPY`, until they are sent. Grows for a row that is longer. */
export interface RowBuffer {
  bytes: Buffer
  view: DataView
  /** Where the next byte goes. */
  at: number
}

/** Writes the field of a row. */
export type Field = (rows: RowBuffer, row: number) => void

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
const SHORT = 32

/** A field of the bytes from `start` to `end`: those of a text are UTF-8. */
export function putText(rows: RowBuffer, source: Uint8Array, start: number, end: number): void {
  reserve(rows, 4 + end - start)
  rows.view.setInt32(rows.at, end - start)
  rows.at += 4
  copyBytes(rows, source, start, end)
}

/** A field of a text that is not there in UTF-8. */
export function putString(rows: RowBuffer, text: string): void {
  reserve(rows, 4 + text.length * 3)
  const written = rows.bytes.write(text, rows.at + 4)
  rows.view.setInt32(rows.at, written)
  rows.at += 4 + written
}

function copyBytes(rows: RowBuffer, source: Uint8Array, start: number, end: number): void {
  const { bytes } = rows
  let { at } = rows
  if (end - start > SHORT) bytes.set(source.subarray(start, end), at)
  else for (let from = start; from < end; from++) bytes[at++] = source[from]!
  rows.at += end - start
}

/** The halves of an integer of 64 bits. Of `low`, what is beyond 32 bits does not count. */
export function putInt64(rows: RowBuffer, high: number, low: number): void {
  reserve(rows, 12)
  const { view, at } = rows
  view.setInt32(at, 8)
  view.setInt32(at + 4, high)
  view.setInt32(at + 8, low)
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

/** `jsonb` is a version, and then the text. */
const JSONB_VERSION = 1

export function putJson(rows: RowBuffer, source: Uint8Array, start: number, end: number): void {
  reserve(rows, 5 + end - start)
  rows.view.setInt32(rows.at, 1 + end - start)
  rows.bytes[rows.at + 4] = JSONB_VERSION
  rows.at += 5
  copyBytes(rows, source, start, end)
}

const HYPHEN = 0x2d
const UUID_DIGITS = 32
/** What each byte is as a hexadecimal digit; 16: none. */
const HEX_DIGITS = Uint8Array.from({ length: 256 }, (_, byte) => {
  const digit = '0123456789abcdef'.indexOf(String.fromCharCode(byte).toLowerCase())
  return digit < 0 ? 16 : digit
})

/** Throws `RangeError` for what is no UUID. */
export function putUuid(rows: RowBuffer, source: Buffer, start: number, end: number): void {
  reserve(rows, 20)
  const { bytes, at } = rows
  let digits = 0
  let high = 0
  for (let from = start; from < end; from++) {
    if (source[from] === HYPHEN) continue
    const digit = HEX_DIGITS[source[from]!]!
    if (digit === 16 || digits === UUID_DIGITS) throw notUuid(source, start, end)
    if (digits % 2 === 0) high = digit
    else bytes[at + 4 + (digits >>> 1)] = high * 16 + digit
    digits++
  }
  if (digits !== UUID_DIGITS) throw notUuid(source, start, end)
  rows.view.setInt32(at, 16)
  rows.at += 20
}

const notUuid = (source: Buffer, start: number, end: number): RangeError =>
  new RangeError(`not a UUID: ${JSON.stringify(source.toString('utf8', start, end))}`)

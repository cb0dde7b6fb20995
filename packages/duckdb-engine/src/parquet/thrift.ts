// Thrift's compact protocol, as far as the metadata of a Parquet file needs it.
// https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md

const I32 = 5
const I64 = 6
const BINARY = 8
const LIST = 9
const STRUCT = 12
const TRUE = 1
const FALSE = 2
/** A list of so many items or more has its length behind its first byte. */
const LONG_LIST = 15

/** A field of a struct: how it is written. */
export type Value = (writer: ThriftWriter, id: number) => void

/** A struct: its fields by their ids, in ascending order. */
export type Struct = Readonly<Record<number, Value>>

export const i32 =
  (value: number): Value =>
  (writer, id) => {
    writer.field(id, I32)
    writer.integer(value)
  }
export const i64 =
  (value: number): Value =>
  (writer, id) => {
    writer.field(id, I64)
    writer.integer(value)
  }
export const bool =
  (value: boolean): Value =>
  (writer, id) =>
    writer.field(id, value ? TRUE : FALSE)
export const text =
  (value: string): Value =>
  (writer, id) => {
    writer.field(id, BINARY)
    writer.text(value)
  }
export const struct =
  (fields: Struct): Value =>
  (writer, id) => {
    writer.field(id, STRUCT)
    writer.struct(fields)
  }
export const structs =
  (items: readonly Struct[]): Value =>
  (writer, id) => {
    writer.list(id, STRUCT, items.length)
    for (const item of items) writer.struct(item)
  }
export const i32s =
  (items: readonly number[]): Value =>
  (writer, id) => {
    writer.list(id, I32, items.length)
    for (const item of items) writer.integer(item)
  }
export const texts =
  (items: readonly string[]): Value =>
  (writer, id) => {
    writer.list(id, BINARY, items.length)
    for (const item of items) writer.text(item)
  }

/** The bytes of a struct. */
export function thriftBytes(fields: Struct): Buffer {
  const writer = new ThriftWriter()
  writer.struct(fields)
  return writer.bytes()
}

class ThriftWriter {
  private readonly parts: (Buffer | number)[] = []
  private last = 0

  struct(fields: Struct): void {
    const outer = this.last
    this.last = 0
    for (const [id, write] of Object.entries(fields)) write(this, Number(id))
    this.parts.push(0)
    this.last = outer
  }

  field(id: number, type: number): void {
    this.parts.push(((id - this.last) << 4) | type)
    this.last = id
  }

  list(id: number, type: number, length: number): void {
    this.field(id, LIST)
    this.parts.push((Math.min(length, LONG_LIST) << 4) | type)
    if (length >= LONG_LIST) this.parts.push(...varint(length))
  }

  integer(value: number): void {
    this.parts.push(...zigzag(value))
  }

  text(value: string): void {
    const bytes = Buffer.from(value)
    this.parts.push(...varint(bytes.length), bytes)
  }

  bytes(): Buffer {
    return Buffer.concat(this.parts.map((part) => (typeof part === 'number' ? Buffer.of(part) : part)))
  }
}

/** A whole number from 0, seven bits a byte, the lowest first. */
export function varint(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  while (rest > 127) {
    bytes.push((rest % 128) + 128)
    rest = Math.floor(rest / 128)
  }
  bytes.push(rest)
  return bytes
}

/** A whole number, its sign in the lowest bit. */
export const zigzag = (value: number): number[] => varint(value < 0 ? -value * 2 - 1 : value * 2)

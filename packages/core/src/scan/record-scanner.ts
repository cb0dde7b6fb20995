import { parseJson } from '../http/json.ts'
import type { JsonValue } from '../http/request.ts'
import type { Int64Builder } from '../normalize/columns/int64-builder.ts'
import type { NumberBuilder } from '../normalize/columns/number-builder.ts'
import { hadHalfPair, type TextColumnBuilder } from '../normalize/columns/text-column-builder.ts'
import { readUtcInstant } from '../normalize/instant.ts'
import {
  BACKSLASH,
  CLOSE_LIST,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  MINUS,
  NINE,
  OPEN_LIST,
  OPEN_OBJECT,
  POINT,
  QUOTE,
  SPACE,
  skipSpace,
  stringEnd,
  valueEnd,
  ZERO,
} from './json-bytes.ts'
import {
  BOOLEAN,
  DOUBLE,
  INSTANT,
  INTEGER,
  NONE,
  nullField,
  type ScanField,
  type ScanLayout,
  type ScanLevel,
  type ScanTable,
  TEXT,
} from './layout.ts'
import type { ScannedTable } from './scanned-table.ts'
import type { Spans } from './spans.ts'

const [NULL, TRUE, FALSE] = ['null', 'true', 'false'].map((text) => Buffer.from(text)) as [Buffer, Buffer, Buffer]
/** Keys of one object that are known, at most: an API may send any number of them. */
const MOST_KEYS = 20_000
/** Digits that a double holds, whatever they are. */
const EXACT_DIGITS = 15
/** Powers of ten that a double holds. A quotient of two exact numbers is the double that is nearest to it. */
const POWERS = Array.from({ length: EXACT_DIGITS + 1 }, (_, exponent) => 10 ** exponent)

/**
 * Reads records from the bytes of a body straight into columns, with no objects in between. It knows the keys and columns that there
 * are. For all else it gives up: a new key with a value, a value that does not fit, a key that an object has twice, something that
 * is no JSON.
 */
export class RecordScanner {
  private readonly layout: ScanLayout
  private bytes: Buffer = Buffer.alloc(0)
  private at = 0
  /** Row of the record that is being read. */
  private rootRow = 0
  /** Objects are numbered, so that a key that comes twice in one is noticed. */
  private objects = 0

  constructor(layout: ScanLayout) {
    this.layout = layout
  }

  /**
   * Reads the list of records whose bracket is at `from` into the tables of the layout's page. Answers where it has ended; -1: it gives
   * up, and what was written means nothing. `records`: where each of them is. `cursors`: where the value of its cursor is.
   */
  read(bytes: Buffer, from: number, records: Spans, cursors: Spans): number {
    const { tables, keys } = this.layout
    const [root] = tables as readonly [ScanTable]
    this.bytes = bytes
    this.at = from + 1
    if (this.space() === CLOSE_LIST) return this.at + 1
    for (;;) {
      const start = this.at
      if (bytes[start] !== OPEN_OBJECT) return -1
      const row = root.rows.begin(0, 0, 0)
      this.rootRow = row
      this.cursors = cursors
      cursors.none(row)
      if (!this.readObject(root.level, row, root.rows)) return -1
      records.set(row, start, this.at)
      for (const { builder } of keys) if (!builder.has(row) || hadHalfPair(builder)) return -1
      const byte = this.space()
      if (byte === CLOSE_LIST) return this.at + 1
      if (byte !== COMMA) return -1
      this.at++
      this.space()
    }
  }

  private cursors: Spans | undefined

  private readObject(level: ScanLevel, row: number, rows: ScannedTable): boolean {
    const { bytes } = this
    const object = ++this.objects
    this.at++
    if (this.space() === CLOSE_OBJECT) {
      this.at++
      return level.required.length === 0
    }
    let last: ScanField | undefined
    for (;;) {
      if (bytes[this.at] !== QUOTE) return false
      let field = last === undefined ? level.first : last.next
      if (field === undefined || !this.readKey(field.key)) {
        field = this.findKey(level)
        if (field === undefined || this.space() !== COLON) return false
        this.at++
        if (last === undefined) level.first = field
        else last.next = field
      }
      if (field.seenIn === object) return false
      field.seenIn = object
      last = field
      this.space()
      if (!this.readValue(field, row, rows, object)) return false
      const behind = this.space()
      this.at++
      if (behind === CLOSE_OBJECT) break
      if (behind !== COMMA) return false
      this.space()
    }
    for (const field of level.required) if (field.filledIn !== object) return false
    return true
  }

  private readValue(field: ScanField, row: number, rows: ScannedTable, object: number): boolean {
    const start = this.at
    const byte = this.bytes[start]
    if (byte === NULL[0]) return this.readLiteral(NULL)
    field.filledIn = object
    if (byte === OPEN_OBJECT) {
      if (field.isKeptWhole) return this.readWhole(field, row)
      return (
        field.takesObjects && (field.level === undefined ? this.readEmpty(CLOSE_OBJECT) : this.readObject(field.level, row, rows))
      )
    }
    if (byte === OPEN_LIST) {
      if (field.isKeptWhole) return this.readWhole(field, row)
      return field.takesLists && (field.child === undefined ? this.readEmpty(CLOSE_LIST) : this.readList(field.child, row))
    }
    if (!this.readScalar(field, row, byte!)) return false
    if (field === this.layout.cursor) this.cursors!.set(row, start, this.at)
    return true
  }

  private readList(child: ScanTable, parentRow: number): boolean {
    this.at++
    if (this.space() === CLOSE_LIST) {
      this.at++
      return true
    }
    const { rows } = child
    for (let index = 0; ; index++) {
      const row = rows.begin(parentRow, this.rootRow, index)
      if (!this.readItem(child, row)) return false
      const byte = this.space()
      this.at++
      if (byte === CLOSE_LIST) return true
      if (byte !== COMMA) return false
      this.space()
    }
  }

  private readItem(child: ScanTable, row: number): boolean {
    const byte = this.bytes[this.at]
    if (byte === OPEN_OBJECT) return this.readObject(child.level, row, child.rows)
    if (byte === OPEN_LIST) return child.list !== undefined && this.readValue(child.list, row, child.rows, ++this.objects)
    if (byte === NULL[0]) return this.readLiteral(NULL)
    return this.readScalar(child.item, row, byte!)
  }

  private readScalar(field: ScanField, row: number, byte: number): boolean {
    const { kind, column } = field
    if (kind === NONE) return false
    if (byte === QUOTE) {
      if (kind === TEXT) return this.readText(column!.builder as TextColumnBuilder, row)
      return (kind === INSTANT && this.readInstant(column!.builder as Int64Builder, row)) || this.readOther(field, row)
    }
    if (kind === INTEGER) return this.readInteger(column!.builder as Int64Builder, row) || this.readOther(field, row)
    if (kind === DOUBLE) return this.readDouble(column!.builder as NumberBuilder<Float64Array>, row) || this.readOther(field, row)
    if (kind === BOOLEAN) return this.readBoolean(column!.builder as NumberBuilder<Uint8Array>, row) || this.readOther(field, row)
    return this.readOther(field, row)
  }

  private readBoolean(builder: NumberBuilder<Uint8Array>, row: number): boolean {
    if (this.readLiteral(TRUE)) return builder.setNumber(row, 1)
    return this.readLiteral(FALSE) && builder.setNumber(row, 0)
  }

  private readText(builder: TextColumnBuilder, row: number): boolean {
    const { bytes, at } = this
    const end = builder.setPlain(row, bytes, at + 1)
    // What is wrong with a string, the parser knows.
    if (end === -1) return this.readConverted(builder, row, stringEnd(bytes, at))
    this.at = end + 1
    return true
  }

  /** Up to 15 digits and no more. */
  private readInteger(builder: Int64Builder, row: number): boolean {
    const { bytes } = this
    const isNegative = bytes[this.at] === MINUS
    const start = isNegative ? this.at + 1 : this.at
    let at = start
    let number = 0
    let byte = bytes[at]!
    while (byte >= ZERO && byte <= NINE) {
      number = number * 10 + (byte - ZERO)
      byte = bytes[++at]!
    }
    if (!isPlainEnd(byte) || !areDigits(bytes, start, at - start)) return false
    this.at = at
    return builder.setInteger(row, isNegative ? -number : number)
  }

  /** Up to 15 digits with a point among them. */
  private readDouble(builder: NumberBuilder<Float64Array>, row: number): boolean {
    const { bytes } = this
    const isNegative = bytes[this.at] === MINUS
    const start = isNegative ? this.at + 1 : this.at
    let at = start
    let number = 0
    let byte = bytes[at]!
    while (byte >= ZERO && byte <= NINE) {
      number = number * 10 + (byte - ZERO)
      byte = bytes[++at]!
    }
    const whole = at - start
    let decimals = 0
    if (byte === POINT) {
      const point = at
      byte = bytes[++at]!
      while (byte >= ZERO && byte <= NINE) {
        number = number * 10 + (byte - ZERO)
        byte = bytes[++at]!
      }
      decimals = at - point - 1
      if (decimals === 0) return false
    }
    if (!isPlainEnd(byte) || whole + decimals > EXACT_DIGITS || !areDigits(bytes, start, whole)) return false
    this.at = at
    const value = number / POWERS[decimals]!
    return builder.setNumber(row, isNegative ? -value : value)
  }

  private readInstant(builder: Int64Builder, row: number): boolean {
    const { bytes } = this
    const start = this.at + 1
    // Of the two forms that are read by their positions.
    const length = bytes[start + 20] === QUOTE ? 20 : bytes[start + 24] === QUOTE ? 24 : 0
    if (length === 0) return false
    const micros = readUtcInstant(bytes, start, length)
    // Far from now, it takes a BigInt.
    if (typeof micros !== 'number') return false
    this.at = start + length + 1
    return builder.setInteger(row, micros)
  }

  /** Anything that is one value of a column. */
  private readOther(field: ScanField, row: number): boolean {
    return this.readConverted(field.column!.builder, row, valueEnd(this.bytes, this.at))
  }

  private readWhole(field: ScanField, row: number): boolean {
    return field.column !== undefined && this.readOther(field, row)
  }

  private readConverted(builder: { set(row: number, value: JsonValue): boolean }, row: number, end: number): boolean {
    if (end === -1) return false
    const value = parsed(this.bytes.toString('utf8', this.at, end))
    this.at = end
    return value !== undefined && builder.set(row, value)
  }

  private readEmpty(close: number): boolean {
    this.at++
    if (this.space() !== close) return false
    this.at++
    return true
  }

  private readLiteral(literal: Uint8Array): boolean {
    const { bytes, at } = this
    for (let place = 0; place < literal.length; place++) if (bytes[at + place] !== literal[place]) return false
    this.at = at + literal.length
    return true
  }

  private readKey(key: Buffer): boolean {
    const { bytes, at } = this
    for (let place = key.length - 1; place >= 0; place--) if (bytes[at + place] !== key[place]) return false
    this.at = at + key.length
    return true
  }

  /** A key that comes out of turn, or that was never seen; undefined: it may be one that is written otherwise, or is no JSON. */
  private findKey(level: ScanLevel): ScanField | undefined {
    const { bytes, at } = this
    const end = stringEnd(bytes, at)
    const key = bytes.toString('latin1', at, end)
    this.at = end
    const known = level.byKey.get(key)
    if (known !== undefined) return known
    if (!isPlainKey(bytes, at, end) || level.byKey.size >= MOST_KEYS) return undefined
    const made = nullField(Buffer.from(`${bytes.toString('utf8', at, end)}:`))
    level.byKey.set(key, made)
    return made
  }

  /** The next byte that is no white space. */
  private space(): number | undefined {
    const byte = this.bytes[this.at]
    if (byte! > SPACE) return byte
    this.at = skipSpace(this.bytes, this.at)
    return this.bytes[this.at]
  }
}

/** Whether what stands from the quote at `open` to `end` is a key that is written in one way only. */
function isPlainKey(bytes: Uint8Array, open: number, end: number): boolean {
  for (let at = open; at < end; at++) if (bytes[at]! < SPACE || bytes[at] === BACKSLASH) return false
  return end !== -1
}

/** Whether a number has ended for which its digits are all that there is. */
const isPlainEnd = (byte: number | undefined): boolean =>
  byte === COMMA || byte === CLOSE_OBJECT || byte === CLOSE_LIST || byte! <= SPACE

/** Whether a whole number of so many digits is JSON, and exact. */
const areDigits = (bytes: Uint8Array, start: number, count: number): boolean =>
  count === 1 || (count > 1 && count <= EXACT_DIGITS && bytes[start] !== ZERO)

function parsed(text: string): JsonValue | undefined {
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}

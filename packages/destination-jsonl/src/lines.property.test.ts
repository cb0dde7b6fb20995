import {
  type Batch,
  type ColumnType,
  type ColumnVector,
  formatDate,
  formatInstant,
  formatTime,
  type TableSchema,
  type Texts,
  textsOf,
} from '@tributary/core'
import { describe, expect, it } from 'vitest'
import { createDraw, type Draw } from '../testing/draw.ts'
import { createLineBuffer } from './line-buffer.ts'
import { linePut, readHead } from './lines.ts'

const LOAD = { id: 7, startedAt: new Date('2026-03-04T05:06:07.080Z') }
const TYPES: readonly ColumnType[] = [
  'text',
  'bigint',
  'double',
  'bool',
  'timestamp',
  'date',
  'time',
  'decimal',
  'json',
  'uuid',
  'binary',
]
const NAMES = ['a', 'name', 'x"y', '\\', 'größe', '\n', '日本', '__proto__', '\ud800']
/** Characters of every length in UTF-8, and those that JSON escapes. */
const CHARACTERS = [...'abcdefghij 0123~\x7fäß€日\u2028\uffff😀', '"', '\\', '\n', '\r', '\t', '\b', '\f', '\0', '\x1f']
const PLAIN = [...'abc ~é日😀']
const DAY = 86_400_000_000n

type Row = Readonly<Record<string, unknown>>
interface Drawn {
  readonly table: TableSchema
  readonly rows: readonly Row[]
  readonly ids: readonly string[]
  readonly hashes: readonly string[] | undefined
  readonly lineage:
    | { readonly rootIds: readonly string[]; readonly parentIds: readonly string[]; readonly indexes: number[] }
    | undefined
}

describe('lines of a batch', () => {
  it.each(Array.from({ length: 40 }, (_, index) => [index * 7919 + 1]))(
    'are the text that their values have as JSON, byte by byte (seed %i) [jsonl.lines]',
    (seed) => {
      const drawn = drawTable(createDraw(seed))
      const batch = batchOfDrawn(drawn)
      // Too small, so that it has to grow at any place.
      const lines = createLineBuffer(1 + (seed % 60))
      const put = linePut(batch, LOAD)
      for (let row = 0; row < batch.rowCount; row++) put(lines, row)
      const expected = drawn.rows.map((_, row) => lineOf(drawn, row))
      expect(lines.bytes.toString('utf8', 0, lines.at).split('\n')).toEqual([...expected, ''])
      const bytes = Buffer.from(expected.map((line) => `${line}\n`).join(''))
      expect(lines.bytes.subarray(0, lines.at).equals(bytes)).toBe(true)
      const isChild = drawn.lineage !== undefined
      expect(expected.map((line) => readHead(line, isChild).id)).toEqual(drawn.ids)
    },
  )
})

/** A line as it is written, in the plainest way there is. */
function lineOf({ table, rows, ids, hashes, lineage }: Drawn, row: number): string {
  let line = `{"_sync_load_id":${LOAD.id}`
  if (lineage === undefined) {
    line += `,"_sync_id":${JSON.stringify(ids[row])}`
  } else {
    line += `,"_sync_root_id":${JSON.stringify(lineage.rootIds[row])},"_sync_id":${JSON.stringify(ids[row])}`
    line += `,"_sync_parent_id":${JSON.stringify(lineage.parentIds[row])},"_sync_index":${lineage.indexes[row]}`
  }
  if (hashes !== undefined)
    line += `,"_sync_valid_from":"2026-03-04T05:06:07.08Z","_sync_row_hash":${JSON.stringify(hashes[row])}`
  for (const { name, type } of table.columns) {
    const value = rows[row]![name]
    if (value !== undefined) line += `,${JSON.stringify(name)}:${valueText(type, value)}`
  }
  return `${line}}`
}

function valueText(type: ColumnType, value: unknown): string {
  switch (type) {
    case 'bigint':
    case 'bool':
      return String(value)
    case 'timestamp':
      return `"${formatInstant(value as bigint)}"`
    case 'time':
      return `"${formatTime(value as bigint)}"`
    case 'date':
      return `"${formatDate(value as number)}"`
    case 'double':
      if (!Number.isFinite(value)) return (value as number) > 0 ? '1e999' : '-1e999'
      return Object.is(value, -0) ? '-0' : String(value)
    case 'binary':
      return `"${Buffer.from(value as Uint8Array).toString('base64')}"`
    case 'json':
      return (value as string).replaceAll(/[\n\r]/g, ' ')
    case 'text':
    case 'decimal':
    case 'uuid':
      return JSON.stringify(value)
  }
}

function drawTable(draw: Draw): Drawn {
  const names = NAMES.slice(draw.below(3))
  const columns = names.map((name) => ({ name, type: draw.of(TYPES), nullable: true, path: [name] }))
  const isChild = draw.below(2) === 0
  const rowCount = draw.of([0, 1, 3, 31, 33, 100])
  const isPlain = draw.below(2) === 0
  const texts = (): string[] => Array.from({ length: rowCount }, () => textIn(draw, isPlain))
  const indexes = Array.from({ length: rowCount }, () => draw.of([0, 9, 10, 99, 100, 12_345, 2_147_483_647]))
  return {
    table: { name: 'items', resource: 'items', path: [], columns, ...(isChild && { parent: 'root' }) },
    rows: Array.from({ length: rowCount }, () =>
      Object.fromEntries(columns.map(({ name, type }) => [name, draw.below(4) === 0 ? undefined : valueIn(draw, type, isPlain)])),
    ),
    ids: texts(),
    hashes: draw.below(2) === 0 ? texts() : undefined,
    lineage: isChild ? { rootIds: texts(), parentIds: texts(), indexes } : undefined,
  }
}

const textIn = (draw: Draw, isPlain: boolean): string =>
  Array.from({ length: draw.of([0, 1, 2, 3, 4, 5, 7, 8, 9, 20, 300]) }, () => draw.of(isPlain ? PLAIN : CHARACTERS)).join('')

function valueIn(draw: Draw, type: ColumnType, isPlain: boolean): unknown {
  switch (type) {
    case 'bigint':
    case 'timestamp':
      return draw.int64()
    case 'time':
      return draw.below(10) === 0 ? draw.int64() : BigInt.asUintN(62, draw.int64()) % DAY
    case 'date':
      return draw.below(4) === 0 ? Number(BigInt.asIntN(32, draw.int64())) : draw.below(5_000_000) - 1_000_000
    case 'double':
      return draw.of([draw.below(1e6) / 100, Number(draw.int64()) / 1e3, Number(draw.int64()), -0, 0, Number.POSITIVE_INFINITY])
    case 'bool':
      return draw.below(2) === 0
    case 'binary':
      return Uint8Array.from({ length: draw.below(20) }, () => draw.below(256))
    case 'json':
      return JSON.stringify({ a: [textIn(draw, isPlain)], b: 1 }, undefined, draw.of([0, 1, '\r\n', '\t']))
    case 'text':
    case 'decimal':
    case 'uuid':
      return textIn(draw, isPlain)
  }
}

function batchOfDrawn({ table, rows, ids, hashes, lineage }: Drawn): Batch {
  return {
    table,
    rowCount: rows.length,
    columns: table.columns.map(({ name, type }) =>
      vectorOf(
        type,
        rows.map((row) => row[name]),
      ),
    ),
    ids: laidOut(ids),
    sequence: Float64Array.from(rows, (_, row) => row + 1),
    mayRepeat: false,
    ...(hashes !== undefined && { hashes: laidOut(hashes) }),
    ...(lineage !== undefined && {
      lineage: {
        rootIds: laidOut(lineage.rootIds),
        parentIds: laidOut(lineage.parentIds),
        indexes: Int32Array.from(lineage.indexes),
      },
    }),
  }
}

/** Texts that do not begin at the first byte; those of the last row end at the last one. Where there is none, is garbage. */
function laidOut(values: readonly unknown[]): Texts {
  const { bytes, offsets } = textsOf(['"', ...values.map((value) => (typeof value === 'string' ? value : '\n"'))])
  return { bytes: bytes.subarray(0, offsets.at(-1)), offsets: offsets.subarray(1) }
}

function vectorOf(type: ColumnType, values: readonly unknown[]): ColumnVector {
  const valid = new Uint32Array(Math.ceil(values.length / 32))
  for (const [row, value] of values.entries()) if (value !== undefined) valid[row >>> 5]! |= 1 << (row & 31)
  switch (type) {
    case 'bigint':
    case 'timestamp':
    case 'time':
      return { kind: 'int64', values: BigInt64Array.from(values, (value) => (value as bigint | undefined) ?? 77n), valid }
    case 'date':
      return { kind: 'int32', values: Int32Array.from(values, (value) => (value as number | undefined) ?? 77), valid }
    case 'double':
      return { kind: 'float64', values: Float64Array.from(values, (value) => (value as number | undefined) ?? 77), valid }
    case 'bool':
      return { kind: 'bool', values: Uint8Array.from(values, (value) => (value === true ? 1 : 0)), valid }
    case 'binary':
      return { kind: 'bytes', values: values as (Uint8Array | undefined)[], valid }
    case 'text':
    case 'json':
    case 'decimal':
    case 'uuid':
      return { kind: 'text', ...laidOut(values), valid }
  }
}

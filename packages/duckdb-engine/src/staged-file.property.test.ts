import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { ColumnType } from '@tributary/core'
import { batchOf, schemaOf } from '@tributary/testkit'
import fc from 'fast-check'
import { expect, it, onTestFinished } from 'vitest'
import { createStagedFile } from './staged-file.ts'

/** Values of each type, as a row of a test has them, and how SQL shows one as text. */
const TYPES: Readonly<
  Record<ColumnType, { value: fc.Arbitrary<unknown>; sql: (name: string) => string; text: (value: never) => string }>
> = {
  bigint: { value: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), sql: (name) => `${name}::VARCHAR`, text: String },
  double: {
    value: fc.double({ noNaN: true }),
    sql: (name) => `hex(${name}::BIT::BLOB)`,
    text: (value) => {
      const bytes = Buffer.alloc(8)
      bytes.writeDoubleBE(value)
      return bytes.toString('hex').toUpperCase()
    },
  },
  bool: { value: fc.boolean(), sql: (name) => `${name}::VARCHAR`, text: String },
  timestamp: {
    value: fc
      .date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true })
      .map((date) => date.toISOString()),
    sql: (name) => `epoch_us(${name})::VARCHAR`,
    text: (value: string) => String(BigInt(Date.parse(value)) * 1000n),
  },
  date: {
    value: fc
      .date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10)),
    sql: (name) => `strftime(${name}, '%Y-%m-%d')`,
    text: String,
  },
  time: { value: fc.constantFrom('00:00:00', '12:34:56', '23:59:59'), sql: (name) => `${name}::VARCHAR`, text: String },
  text: { value: fc.string({ unit: 'binary', maxLength: 40 }), sql: (name) => name, text: String },
  json: { value: fc.json({ maxDepth: 1 }), sql: (name) => name, text: String },
  uuid: { value: fc.uuid(), sql: (name) => name, text: String },
  decimal: { value: fc.integer().map((value) => (value / 100).toFixed(2)), sql: (name) => name, text: String },
  binary: {
    value: fc.uint8Array({ maxLength: 40 }),
    sql: (name) => `hex(${name})`,
    text: (value: Uint8Array) => Buffer.from(value).toString('hex').toUpperCase(),
  },
}
const NAMES = Object.keys(TYPES) as ColumnType[]
const table = schemaOf('items', Object.fromEntries(NAMES.map((type) => [type, type])))

const row = fc.record(Object.fromEntries(NAMES.map((type) => [type, fc.option(TYPES[type].value, { freq: 3 })])))
/** Batches of few rows and of many: of more than a word of bits, and of more than a block of lengths. */
const batches = fc.array(
  fc.oneof(
    // Of more than a page.
    {
      weight: 1,
      arbitrary: fc.tuple(row, fc.integer({ min: 0, max: 300_000 })).map(([one, length]) =>
        Array.from({ length: 37 }, (_, at) => ({
          ...one,
          text: at % 3 === 0 ? null : 'é'.repeat(length / 2),
          binary: at % 5 === 0 ? null : new Uint8Array(length),
        })),
      ),
    },
    ...[
      fc.array(row, { minLength: 1, maxLength: 5 }),
      fc.array(row, { minLength: 30, maxLength: 34 }),
      fc.tuple(row, fc.integer({ min: 120, max: 300 })).map(([one, count]) => Array.from({ length: count }, () => one)),
    ].map((arbitrary) => ({ weight: 8, arbitrary })),
  ),
  { minLength: 1, maxLength: 3 },
)

it('what is written to a file is what DuckDB reads from it, whatever its type [duckdb.staged]', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tributary-[staged]-'))
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  onTestFinished(() => {
    connection.closeSync()
    instance.closeSync()
    return rm(folder, { recursive: true })
  })
  await connection.run("SET TimeZone = 'UTC'")
  let files = 0
  await fc.assert(
    fc.asyncProperty(batches, async (all) => {
      const columns = new Map(table.columns.map((column) => [column.name, column]))
      const file = await createStagedFile(join(folder, `${files++}.parquet`), table, { columns })
      let sequence = 0
      for (const rows of all) await file.append(batchOf(table, rows, { sequence: rows.map(() => ++sequence) }))
      const shown = NAMES.map((type) => TYPES[type].sql(`"${type}"`)).join(', ')
      const query = `SELECT ${shown}, _sync_id, _sync_sequence FROM (${await file.close()}) ORDER BY _sync_sequence`
      const expected = (all as Record<ColumnType, unknown>[][])
        .flat()
        .map((values, index) => [
          ...NAMES.map((type) => (values[type] === null ? null : TYPES[type].text(values[type] as never))),
          `1.${index + 1}`,
          BigInt(index + 1),
        ])
      expect((await connection.runAndReadAll(query)).getRows()).toEqual(expected)
    }),
    { numRuns: 150 },
  )
})

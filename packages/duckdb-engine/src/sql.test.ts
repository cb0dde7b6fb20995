import { DuckDBInstance } from '@duckdb/node-api'
import { schemaOf } from '@tributary/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { columnDefinitions, identifier, instant, literal } from './sql.ts'

const HOSTILE = ['a"b', "it's", '"; DROP TABLE x; --', 'select', 'a.b', '\u{1F600}', '$1', '\\', 'a\nb']

async function start(): Promise<(sql: string) => Promise<unknown>> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  onTestFinished(() => {
    connection.closeSync()
    instance.closeSync()
  })
  return async (sql) => (await connection.runAndReadAll(sql)).getRowObjects()
}

it.each(HOSTILE)('a name or text cannot break out of its quotes: %j', async (text) => {
  const query = await start()
  expect(await query(`SELECT ${literal(text)} AS ${identifier(text)}`)).toEqual([{ [text]: text }])
})

it('an instant is the same in every zone', async () => {
  const query = await start()
  const date = new Date('2026-01-02T03:04:05.678Z')
  await query("SET TimeZone = 'Asia/Tokyo'")
  expect(await query(`SELECT epoch_ms(${instant(date)})::VARCHAR AS ms`)).toEqual([{ ms: String(date.getTime()) }])
})

it('a table has its data first, and then what tells its rows and its versions', () => {
  const items = schemaOf('items', { id: { type: 'bigint', nullable: false }, price: { type: 'decimal', precision: 9, scale: 2 } })
  const tags = schemaOf('tags', {}, { parent: items })
  expect(columnDefinitions({ ...items, versioned: true })).toEqual([
    '"id" BIGINT NOT NULL',
    '"price" DECIMAL(9, 2)',
    '_sync_id VARCHAR NOT NULL',
    '_sync_load_id BIGINT NOT NULL',
    '_sync_row_hash VARCHAR',
    '_sync_valid_from TIMESTAMPTZ',
    '_sync_valid_to TIMESTAMPTZ',
  ])
  expect(columnDefinitions(tags)).toEqual([
    '_sync_id VARCHAR NOT NULL',
    '_sync_parent_id VARCHAR NOT NULL',
    '_sync_root_id VARCHAR NOT NULL',
    '_sync_index BIGINT NOT NULL',
    '_sync_load_id BIGINT NOT NULL',
  ])
})

import { Socket } from 'node:net'
import { batchOf, planOf, schemaOf, stateOf } from '@tributary/testkit'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { parseAddress } from './address.ts'
import { connect } from './connection.ts'
import { postgres } from './destination.ts'
import { DATASET, load, rowsOf } from './testing/load.ts'
import { type TestDatabase, testServer } from './testing/server.ts'
import { until } from './testing/until.ts'

const server = await testServer()
const items = schemaOf('items', { id: 'bigint', name: 'text' })
const plan = planOf({ id: 2, table: 'items' })
const batch = (rows: number): ReturnType<typeof batchOf> =>
  batchOf(
    items,
    Array.from({ length: rows }, (_, id) => ({ id, name: `a name that is not short: ${id}`.repeat(10) })),
  )

/** Ends connections on the server: those of ours that hold a dataset, or those that do not. */
const end = (holders: boolean): string =>
  `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'tributary %'
   AND ${holders ? '' : 'NOT '}EXISTS (SELECT FROM pg_locks l WHERE l.pid = pg_stat_activity.pid AND locktype = 'advisory')`

describe.skipIf(server.missing !== undefined)('a connection', () => {
  let database: TestDatabase
  let destination: ReturnType<typeof postgres>
  beforeEach(async () => {
    database = await server.database()
    destination = postgres({ url: database.url })
    await load(destination, { id: 1, tables: [items], records: [{ id: 1, name: 'first' }] })
  })
  afterEach(() => database.drop())

  const expectOnlyTheFirst = async (): Promise<void> => {
    expect(await rowsOf(destination, 'items')).toMatchObject([{ id: 1, name: 'first', _sync_load_id: 1 }])
    await load(destination, { id: 2, tables: [items], records: [{ id: 2, name: 'second' }] })
    expect(await rowsOf(destination, 'items')).toHaveLength(2)
  }
  it('sends what it has at once, without waiting for an answer to what it sent before [postgres.connection.no-delay]', async () => {
    const setNoDelay = vi.spyOn(Socket.prototype, 'setNoDelay')
    onTestFinished(() => setNoDelay.mockRestore())
    await load(destination, { id: 2, tables: [items], records: [{ id: 2, name: 'second' }] })
    // One that holds the dataset, and one that loads.
    expect(setNoDelay.mock.calls).toEqual([[true], [true]])
  })

  const LOST = { code: 'CONNECTION_LOST', recovery: 'retry' }

  it('that is lost while rows are staged is not made anew behind one’s back: nothing is written [postgres.lost.staging]', async () => {
    const dataset = await destination.open(DATASET)
    const session = await dataset.begin(plan)
    await session.write(batch(10))
    await database.query(end(false))
    await expect(session.write(batch(10))).rejects.toMatchObject(LOST)
    await expect(session.write(batch(10))).rejects.toMatchObject(LOST)
    await expect(session.commit(stateOf([items]))).rejects.toMatchObject(LOST)
    await session.abort()
    await dataset.close()
    await expectOnlyTheFirst()
  })

  it('that is lost while rows are on their way ends the load, and nothing else [postgres.lost.copy]', async () => {
    const dataset = await destination.open(DATASET)
    const session = await dataset.begin(plan)
    const large = batch(50_000)
    const copying = (async () => {
      for (;;) await session.write(large)
    })()
    copying.catch(() => {})
    await until('rows on their way', async () => (await database.query('SELECT FROM pg_stat_progress_copy')).length > 0)
    await database.query(end(false))
    await expect(copying).rejects.toMatchObject(LOST)
    await dataset.close()
    await expectOnlyTheFirst()
  })

  it('that held the dataset and is lost takes the right to commit with it [postgres.lost.holder]', async () => {
    const dataset = await destination.open(DATASET)
    const session = await dataset.begin(plan)
    await session.write(batch(10))
    await database.query(end(true))
    await expect(session.commit(stateOf([items]))).rejects.toMatchObject({
      ...LOST,
      message: expect.stringContaining('holds the dataset'),
    })
    await dataset.close()
    await expectOnlyTheFirst()
  })

  it('takes statements again after a COPY that failed, in its middle or at its end [postgres.copy-failed]', async () => {
    const connection = await connect(parseAddress(database.url))
    await connection.run('CREATE TEMP TABLE numbers (number integer)')
    const copy = (feed: Parameters<typeof connection.copy>[1]): Promise<void> =>
      connection.copy('COPY pg_temp.numbers FROM STDIN', feed)
    const text = (rows: string): Uint8Array => Buffer.from(rows)
    // The server's answer comes after the last row.
    await expect(copy(({ write }) => write(text('1\nx\n')))).rejects.toMatchObject({ code: '22P02' })
    // It comes before.
    const many = text('y\n'.repeat(100_000))
    await expect(
      copy(async ({ write }) => {
        for (;;) await write(many)
      }),
    ).rejects.toMatchObject({ code: '22P02' })
    // It is one's own.
    await expect(
      copy(async ({ write }) => {
        await write(text('2\n'))
        throw new RangeError('mine')
      }),
    ).rejects.toThrow('mine')
    await copy(({ write }) => write(text('3\n')))
    expect(await connection.rows('SELECT * FROM pg_temp.numbers')).toEqual([{ number: '3' }])
    await connection.close()
    await expect(connection.rows('SELECT 1')).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' })
  })
})

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { schemaOf } from '@tributary/testkit'
import sql from 'postgres'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { postgres } from './destination.ts'
import { DATASET, load, rowsOf } from './testing/load.ts'
import { type TestDatabase, testServer } from './testing/server.ts'
import { until } from './testing/until.ts'

const server = await testServer()
const items = schemaOf('items', { id: 'bigint', name: 'text' })
const records = [1, 2].map((id) => ({ id, name: 'of the first' }))
const LOADER = fileURLToPath(new URL('../../../node_modules/tsx/dist/loader.mjs', import.meta.url))
const SECOND = fileURLToPath(new URL('./testing/commit-once.ts', import.meta.url))

/** Another sync, in a process of its own. */
function secondProcess(url: string): { child: ChildProcess; opened: Promise<unknown> } {
  const args = ['--conditions=@tributary/source', '--import', LOADER, SECOND, url]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  return { child, opened: once(child.stdout!, 'data') }
}

describe.skipIf(server.missing !== undefined)('a dataset', () => {
  let database: TestDatabase
  beforeEach(async () => {
    database = await server.database()
  })
  afterEach(() => database.drop())

  it('that is in use is refused after the wait, and the holder is named: its process, its name, and since when [postgres.lock.holder]', async () => {
    const url = new URL(database.url)
    url.searchParams.set('application_name', 'the nightly sync')
    const first = await postgres({ url: url.href }).open(DATASET)
    const error = await postgres({ url: database.url, lockTimeout: 50 })
      .open(DATASET)
      .catch((caught: unknown) => caught)
    const [holder] = await database.query(`SELECT pid FROM pg_stat_activity WHERE application_name = 'the nightly sync'`)
    expect(error).toMatchObject({ code: 'DATASET_IN_USE', recovery: 'retry' })
    expect((error as Error).message).toMatch(
      new RegExp(
        `the dataset shop is in use: the session ${String(holder!.pid)} \\(the nightly sync, since \\d{4}-\\d\\d-\\d\\dT[\\d:]+Z\\)`,
      ),
    )
    await first.close()
    await (await postgres({ url: database.url, lockTimeout: 50 }).open(DATASET)).close()
  })

  it('says which machine and process has it, where nobody gave it a name [postgres.application-name]', async () => {
    const first = await postgres({ url: database.url }).open(DATASET)
    const refused = postgres({ url: database.url, lockTimeout: 1 }).open(DATASET)
    await expect(refused).rejects.toThrow(`tributary ${process.pid}@`)
    await first.close()
  })

  it('does not keep others of the same database waiting [postgres.lock.datasets]', async () => {
    const destination = postgres({ url: database.url, lockTimeout: 1 })
    const [one, two] = await Promise.all([destination.open('one'), destination.open('two')])
    await one.close()
    await two.close()
  })

  it('a runner that is killed in the middle of a commit leaves it as it was, and the next one takes over [state.killed.postgres]', async () => {
    const destination = postgres({ url: database.url, lockTimeout: 20_000 })
    await load(destination, { id: 1, tables: [items], records, disposition: 'merge', primaryKey: ['id'] })
    const other = sql(database.url, { max: 1 })
    onTestFinished(() => other.end())
    // Somebody reads the table and does not finish: the commit stops in its middle.
    await other.unsafe('BEGIN; LOCK TABLE shop.items IN SHARE MODE')
    const { child, opened } = secondProcess(database.url)
    await opened
    const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE 'LOCK TABLE%'`
    await until('a commit that waits', async () => (await database.query(waiting)).length > 0)
    child.kill('SIGKILL')
    await once(child, 'exit')
    // The server is still at work on what the dead process had sent, and until that ends, nobody may believe the state.
    const refused = postgres({ url: database.url, lockTimeout: 300 }).open(DATASET)
    await expect(refused).rejects.toMatchObject({
      code: 'DATASET_IN_USE',
      message: expect.stringContaining(`tributary ${child.pid}@`),
    })
    await other.unsafe('COMMIT')
    const dataset = await destination.open(DATASET)
    expect((await dataset.read()).loads.map(({ loadId }) => loadId)).toEqual([1])
    await dataset.close()
    expect((await rowsOf(destination, 'items')).map(({ name }) => name)).toEqual(['of the first', 'of the first'])
    expect(await database.query(`SELECT FROM pg_class WHERE relpersistence = 't' AND relname LIKE 'stage%'`)).toEqual([])
  })

  it('waits no longer than it may for a table that somebody else holds [postgres.lock.table]', async () => {
    await load(postgres({ url: database.url }), { id: 1, tables: [items], records, disposition: 'merge', primaryKey: ['id'] })
    const other = sql(database.url, { max: 1 })
    onTestFinished(() => other.end())
    await other.unsafe('BEGIN; LOCK TABLE shop.items IN SHARE MODE')
    const plan = { id: 2, tables: [items], records, disposition: 'merge', primaryKey: ['id'] } as const
    const refused = load(postgres({ url: database.url, lockTimeout: 50 }), plan)
    await expect(refused).rejects.toMatchObject({ code: 'DATASET_IN_USE', message: expect.stringContaining('lock on a table') })
    await other.unsafe('COMMIT')
    await load(postgres({ url: database.url }), plan)
  })
})

import { existsSync } from 'node:fs'
import { link, mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Dataset, LoadSession } from '@tributary/core'
import { batchOf, planOf, schemaOf } from '@tributary/testkit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { duckdb } from './destination.ts'

const ID = '0b9d4c1e-7a52-4c7e-9d0e-3f6a1f2b8c4d'
const OTHER_ID = '5f0c2a8e-1b3d-4e6f-8a9b-c0d1e2f3a4b5'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tributary-stray-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const open = async (): Promise<void> => (await duckdb({ path: join(folder, 'a.duckdb') }).open('shop')).close()

async function leave(name: string, minutes: number): Promise<void> {
  await writeFile(join(folder, name), 'half of a file')
  const then = new Date(Date.now() - minutes * 60_000)
  await utimes(join(folder, name), then, then)
}

describe('what a runner that was killed while it made the file has left', () => {
  it('is removed when the file is opened for writing, unless it is young [duckdb.stray]', async () => {
    await leave(`a.duckdb.${ID}.new`, 60)
    await leave(`a.duckdb.${ID}.new.wal`, 60)
    await leave(`a.duckdb.${OTHER_ID}.new`, 1)
    await leave(`a.duckdb.${OTHER_ID}.new.wal`, 1)
    await open()
    expect((await readdir(folder)).sort()).toEqual(['a.duckdb', `a.duckdb.${OTHER_ID}.new`, `a.duckdb.${OTHER_ID}.new.wal`])
  })

  it('is removed also where it is young, if it is the file itself under another name [duckdb.stray]', async () => {
    await open()
    await link(join(folder, 'a.duckdb'), join(folder, `a.duckdb.${ID}.new`))
    await open()
    expect(await readdir(folder)).toEqual(['a.duckdb'])
  })

  it.each([
    ['of another file', `b.duckdb.${ID}.new`],
    ['of a file whose name begins like this one', `a.duckdb2.${ID}.new`],
    ['without an identifier', 'a.duckdb.new'],
    ['with another ending', `a.duckdb.${ID}.newer`],
  ])('is left alone %s [duckdb.stray]', async (_, name) => {
    await leave(name, 60)
    await open()
    expect(existsSync(join(folder, name))).toBe(true)
  })
})

describe('what a load has staged', () => {
  const table = schemaOf('items', { id: 'bigint' })
  const state = { resources: {}, tables: { items: table } }

  async function stage(): Promise<{ dataset: Dataset; session: LoadSession }> {
    const dataset = await duckdb({ path: join(folder, 'a.duckdb') }).open('shop')
    const session = await dataset.begin(planOf({ table: 'items' }))
    await session.write(batchOf(table, [{ id: 1 }]))
    return { dataset, session }
  }

  it.each<[string, (session: LoadSession) => Promise<unknown>]>([
    ['committed', (session) => session.commit(state)],
    ['dropped', (session) => session.abort()],
  ])('is gone once it is %s [duckdb.staged]', async (_what, end) => {
    const { dataset, session } = await stage()
    expect(await readdir(folder)).toContainEqual(expect.stringMatching(/^a\.duckdb\.[0-9a-f-]{36}\.staging$/))
    await end(session)
    await dataset.close()
    expect(await readdir(folder)).toEqual(['a.duckdb'])
  })

  it('goes when the file is opened again, where its runner was killed [duckdb.stray]', async () => {
    for (const name of [`a.duckdb.${ID}.staging`, `b.duckdb.${ID}.staging`]) {
      await mkdir(join(folder, name))
      await writeFile(join(folder, name, '0.parquet'), 'half of a file')
    }
    await open()
    expect((await readdir(folder)).sort()).toEqual(['a.duckdb', `b.duckdb.${ID}.staging`])
  })
})

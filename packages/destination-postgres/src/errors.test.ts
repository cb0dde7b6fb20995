import { createServer } from 'node:net'
import { inspect } from 'node:util'
import { schemaOf } from '@tributary/testkit'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { postgres } from './destination.ts'
import { storageError } from './errors.ts'
import { load, rowsOf } from './testing/load.ts'
import { type TestDatabase, testServer } from './testing/server.ts'

const server = await testServer()
const items = schemaOf('items', { id: 'bigint', name: 'text' })
/** A role that the test server lets in only with this password. */
const ROLE = 'guarded'
const PASSWORD = 'p@ss/w:rd?#1'

describe('what PostgreSQL says becomes an error that says what to do', () => {
  it.each([
    ['53100', 'DISK_FULL', 'retry', /Free some space/],
    ['53200', 'OUT_OF_MEMORY', 'retry', /more memory/],
    ['53300', 'TOO_MANY_CONNECTIONS', 'retry', /max_connections/],
    ['57P01', 'CONNECTION_LOST', 'retry', /run again/],
    ['57P03', 'CANNOT_CONNECT', 'retry', /host and port/],
    ['08006', 'CONNECTION_LOST', 'retry', /as a whole or not at all/],
    ['40P01', 'CONFLICT', 'retry', /Run again/],
    ['25006', 'PERMISSION_DENIED', 'fix-config', /primary/],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'TLS_FAILED', 'fix-config', /sslrootcert/],
    ['ENOTFOUND', 'CANNOT_CONNECT', 'retry', /host and port/],
    ['XX000', 'STORAGE_FAILED', 'report', /intact/],
  ])('%s: %s [postgres.errors]', (given, code, recovery, advice) => {
    const cause = Object.assign(new Error('what it said'), { code: given, detail: 'and more of it' })
    const error = storageError('postgres://db:5432/shop', 'committing load 3', cause)
    expect(error).toMatchObject({ code, recovery, cause })
    expect(error.message).toMatch(/^postgres:\/\/db:5432\/shop: committing load 3 failed: what it said\. and more of it\. /)
    expect(error.message).toMatch(advice)
  })
})

describe.skipIf(server.missing !== undefined)('with a server', () => {
  let database: TestDatabase
  beforeEach(async () => {
    database = await server.database()
  })
  afterEach(() => database.drop())

  const as = (role: string, password: string): string => {
    const url = new URL(database.url)
    url.username = role
    url.password = encodeURIComponent(password)
    return url.href
  }
  const failure = async (url: string): Promise<Error> => {
    const error: unknown = await postgres({ url, lockTimeout: 50 })
      .datasets()
      .catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(Error)
    return error as Error
  }
  const expectHidden = (error: unknown): void => {
    const shown = inspect(error, { depth: 10, showHidden: true }) + JSON.stringify(error)
    expect(shown).not.toContain(PASSWORD)
    expect(shown).not.toContain(encodeURIComponent(PASSWORD))
  }

  it('a password is asked for, and never shown [postgres.password]', async () => {
    await database.query(
      `DO $$ BEGIN CREATE ROLE ${ROLE} LOGIN PASSWORD '${PASSWORD}'; EXCEPTION WHEN duplicate_object THEN NULL; END $$`,
    )
    const right = postgres({ url: as(ROLE, PASSWORD) })
    expect(await right.datasets()).toEqual([])
    expect(right.location).not.toContain('@')
    expectHidden(right)
    const wrong = await failure(as(ROLE, 'hunter2'))
    expect(wrong).toMatchObject({ code: 'AUTHENTICATION_FAILED', recovery: 'fix-config' })
    expect(wrong.message).toContain(right.location)
    expect(inspect(wrong, { depth: 10, showHidden: true })).not.toContain('hunter2')
    // It may read and write nothing yet.
    const denied = await load(right, { id: 1, tables: [items] }).catch((error: unknown) => error)
    expect(denied).toMatchObject({
      code: 'PERMISSION_DENIED',
      recovery: 'fix-config',
      message: expect.stringContaining('CREATE'),
    })
    expectHidden(denied)
    // What the README says that it needs is enough.
    const name = new URL(database.url).pathname.slice(1)
    await database.query(`GRANT CREATE, TEMPORARY ON DATABASE ${name} TO ${ROLE}`)
    for (const id of [1, 2]) await load(right, { id, tables: [items], records: [{ id }] })
    expect(await rowsOf(right, 'items')).toHaveLength(2)
  })

  it('a role that may not make schemas loads into one that is its own [postgres.permissions]', async () => {
    await database.query(
      `DO $$ BEGIN CREATE ROLE ${ROLE} LOGIN PASSWORD '${PASSWORD}'; EXCEPTION WHEN duplicate_object THEN NULL; END $$`,
    )
    await database.query(`CREATE SCHEMA shop AUTHORIZATION ${ROLE}`)
    const destination = postgres({ url: as(ROLE, PASSWORD) })
    for (const id of [1, 2]) await load(destination, { id, tables: [items], records: [{ id }] })
    expect(await rowsOf(destination, 'items')).toHaveLength(2)
  })

  it('a database that there is not is named [postgres.no-database]', async () => {
    const url = new URL(database.url)
    url.pathname = '/nowhere'
    expect(await failure(url.href)).toMatchObject({
      code: 'DATABASE_NOT_FOUND',
      recovery: 'fix-config',
      message: expect.stringMatching(/\/nowhere: connecting failed: database "nowhere" does not exist\./),
    })
  })

  it('a server that takes no encrypted connections is no reason to go on without [postgres.tls.refused]', async () => {
    expect(await failure(`${database.url}?sslmode=require`)).toMatchObject({
      code: 'TLS_FAILED',
      recovery: 'fix-config',
      message: expect.stringContaining('sslmode=disable'),
    })
  })

  it.each([
    ['that nobody listens on', 'CANNOT_CONNECT', () => {}],
    ['where somebody else hangs up', 'CONNECTION_LOST', (socket: { destroy(): void }) => socket.destroy()],
  ])('a port %s is named [postgres.cannot-connect]', async (what, code, answer) => {
    const listener = createServer(answer).listen(0, '127.0.0.1')
    await new Promise((resolve) => listener.once('listening', resolve))
    const { port } = listener.address() as { port: number }
    if (what === 'that nobody listens on') await new Promise((resolve) => listener.close(resolve))
    else onTestFinished(() => void listener.close())
    const error = await failure(`postgres://ann:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/shop?sslmode=disable`)
    expect(error).toMatchObject({
      code,
      recovery: 'retry',
      message: expect.stringContaining(`postgres://127.0.0.1:${port}/shop: connecting failed`),
    })
    expectHidden(error)
  })

  it('a view that stands in the way of a wider column is named, and the load is tried in vain only once [postgres.views]', async () => {
    const destination = postgres({ url: database.url })
    await load(destination, { id: 1, tables: [items], records: [{ id: 1 }] })
    await database.query('CREATE SCHEMA mine; CREATE VIEW mine.names AS SELECT id FROM shop.items')
    const wider = schemaOf('items', { id: 'text', name: 'text' })
    await expect(load(destination, { id: 2, tables: [wider], records: [{ id: 'x' }] })).rejects.toMatchObject({
      code: 'DEPENDENT_OBJECTS',
      recovery: 'fix-config',
      message: expect.stringContaining('mine.names'),
    })
    await database.query('DROP VIEW mine.names')
    await load(destination, { id: 2, tables: [wider], records: [{ id: 'x' }] })
    expect(await rowsOf(destination, 'items')).toMatchObject([{ id: '1' }, { id: 'x' }])
  })
})

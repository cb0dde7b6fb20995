import { randomUUID } from 'node:crypto'
import postgres from 'postgres'
import { afterAll } from 'vitest'

/** A server with nothing of ours in it, and databases that each test can have to itself. */
export interface TestServer {
  /** Why there is none; the rest must not be touched then. For `describe.skipIf`. */
  readonly missing?: string
  /** Of the server's own database, as somebody who may do everything. */
  readonly url: string
  /** A database that nobody else has. */
  database(): Promise<TestDatabase>
}

export interface TestDatabase {
  readonly url: string
  /** Runs statements, as somebody who may do everything. Values are as the driver reads them. */
  query(sql: string): Promise<Record<string, unknown>[]>
  drop(): Promise<void>
}

interface Script {
  startPostgres(): Promise<{ url: string; stop(): void } | { reason: string }>
}

/**
 * The server that `TRIBUTARY_TEST_POSTGRES` names, or one of the test file's own, which ends with the file. Called at the top
 * of a test file.
 */
export async function testServer(): Promise<TestServer> {
  const given = process.env.TRIBUTARY_TEST_POSTGRES
  if (given !== undefined) return serverAt(given)
  // The script is the repository's, and no part of the package.
  const { startPostgres } = (await import(new URL('../../../../scripts/postgres.mjs', import.meta.url).href)) as Script
  const started = await startPostgres()
  if ('reason' in started) return { ...serverAt(''), missing: started.reason }
  afterAll(() => started.stop())
  return serverAt(started.url)
}

/** To make a database takes longer than most tests: one that a test has left goes to the next. */
function serverAt(url: string): TestServer {
  const left: string[] = []
  return {
    url,
    async database() {
      const name = left.pop() ?? `test_${randomUUID().replaceAll('-', '')}`
      const own = new URL(url)
      own.pathname = `/${name}`
      if ((await query(url, `SELECT FROM pg_database WHERE datname = '${name}'`)).length === 0)
        await query(url, `CREATE DATABASE ${name}`)
      return {
        url: own.href,
        query: (sql) => query(own.href, sql),
        async drop() {
          await query(own.href, EMPTY)
          left.push(name)
        },
      }
    },
  }
}

/** Ends what a test has left open, and drops all that it has made. */
const EMPTY = `
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid();
DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%' AND nspname NOT IN ('information_schema', 'public') LOOP
    EXECUTE format('DROP SCHEMA %I CASCADE', name);
  END LOOP;
END $$`

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const connection = postgres(url, { max: 1, fetch_types: false, onnotice: () => {} })
  try {
    return [...(await connection.unsafe(sql))]
  } finally {
    await connection.end()
  }
}

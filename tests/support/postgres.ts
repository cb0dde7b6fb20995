/** A server with nothing of ours in it, and databases that each test can have to itself. */
export interface TestServer {
  /** Why there is none; the rest must not be touched then. For `describe.skipIf`. */
  readonly missing?: string
  /** Of the server's own database, as somebody who may do everything. */
  readonly url: string
  /** A database with nothing in it, that nobody else has. */
  database(): Promise<TestDatabase>
}

interface TestDatabase {
  readonly url: string
  /** Runs statements, as somebody who may do everything. Values are as the driver reads them. */
  query(sql: string): Promise<Record<string, unknown>[]>
  /** Called when the test is over. */
  drop(): Promise<void>
}

interface Helper {
  testServer(): Promise<TestServer>
}

// The destination's own helper, which has the driver; it is no part of what the package publishes.
const HELPER = new URL('../../packages/destination-postgres/src/testing/server.ts', import.meta.url).href

/**
 * The server that `TRIBUTARY_TEST_POSTGRES` names, or one of the test file's own, which ends with the file. Called at the top
 * of a test file: `const server = await testServer()`.
 */
export async function testServer(): Promise<TestServer> {
  return ((await import(HELPER)) as Helper).testServer()
}

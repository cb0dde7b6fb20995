import type { Socket } from 'node:net'
import { hostname } from 'node:os'
import type { Writable } from 'node:stream'
import postgres from 'postgres'
import type { Address } from './address.ts'
import { storageError } from './errors.ts'
import { openSocket } from './socket.ts'

/** Values as PostgreSQL writes them: nothing passes through a number or a `Date` that could not hold it. */
export type TextRow = Readonly<Record<string, string | null>>

type Parameter = string | number | bigint | null

/** Takes the bytes of one `COPY`. */
interface CopyTarget {
  /** Resolves when the bytes are on their way, and `chunk` may be used again. */
  write(chunk: Uint8Array): Promise<void>
  end(): Promise<void>
}

/** One connection, which stays the same one: what is bound to it (TEMP tables, locks) is there, or every call fails. */
export interface Connection {
  /** Of the server's process. */
  readonly pid: number
  rows(sql: string, parameters?: readonly Parameter[]): Promise<TextRow[]>
  /** Answers how many rows were touched. */
  run(sql: string, parameters?: readonly Parameter[]): Promise<number>
  /** Begins a `COPY … FROM STDIN`, hands the rows to `feed`, and ends it. Nothing is copied where that fails. */
  copy(sql: string, feed: (target: CopyTarget) => Promise<void>): Promise<void>
  close(): Promise<void>
}

/** What types of values the driver would read in its own way. */
const READ_BY_DRIVER = [16, 17, 21, 23, 26, 114, 700, 701, 1082, 1114, 1184, 3802]

/** Seconds that a connection may take to end what it is at. */
const GOODBYE = 5

/** Sessions give and take values in one way, whatever the server's or the role's settings are. */
const SETTINGS = [
  "SET TimeZone = 'UTC'",
  "SET DateStyle = 'ISO, YMD'",
  'SET extra_float_digits = 1',
  "SET bytea_output = 'hex'",
  'SET search_path = pg_catalog',
  // Compiling costs more than it saves in statements that run once.
  'SET jit = off',
  "SET work_mem = '64MB'",
  "SET temp_buffers = '32MB'",
  // The connection that holds the lock has nothing to do for as long as a run takes.
  "SELECT set_config(name, '0', false) FROM pg_settings WHERE name = 'idle_session_timeout'",
  'SELECT pg_backend_pid() AS pid',
].join('; ')

/** Throws what `storageError` makes of it. */
export async function connect(address: Address): Promise<Connection> {
  try {
    return await openConnection(address)
  } catch (error) {
    throw storageError(address.location, 'connecting', error)
  }
}

/** The driver's types do not know of `socket`, with which its own tests and others' tunnels connect. */
type Options = postgres.Options<{ text: postgres.PostgresType<string> }> & { socket(): Promise<Socket> }

const closed = (): Error => Object.assign(new Error('the connection was closed'), { code: 'CONNECTION_CLOSED' })

async function openConnection(address: Address): Promise<Connection> {
  let lost: Error | undefined
  let attempts = 0
  const options: Options = {
    // The driver would connect again, and go on, after a connection that was lost, or for ever where a server hangs up at once.
    socket: () => (++attempts === 1 ? openSocket(address) : Promise.reject(closed())),
    database: address.database,
    user: address.user,
    ...(address.password !== undefined && { password: address.password }),
    ssl: address.ssl,
    connect_timeout: address.connectTimeout,
    max: 1,
    // None of these by itself: TEMP tables and locks would be gone with the connection.
    idle_timeout: 0,
    max_lifetime: null,
    fetch_types: false,
    prepare: false,
    onnotice: () => {},
    onclose: () => {
      lost ??= closed()
    },
    connection: {
      application_name: address.applicationName ?? `tributary ${process.pid}@${hostname()}`.slice(0, 63),
      ...(address.options !== undefined && { options: address.options }),
    },
    types: { text: { to: 25, from: READ_BY_DRIVER, serialize: String, parse: (text: string) => text } },
  }
  const sql = postgres(options)
  const stillOpen = (): void => {
    if (lost !== undefined) throw lost
  }
  /** What the server did not say itself comes of the connection. It is told here before it is seen to be closed. */
  const noteLoss = (error: unknown): void => {
    if (!(error instanceof postgres.PostgresError)) lost ??= error instanceof Error ? error : closed()
  }
  const unsafe = async (text: string, parameters: readonly Parameter[] = []): Promise<postgres.RowList<postgres.Row[]>> => {
    stillOpen()
    try {
      return await sql.unsafe(
        text,
        parameters.map((value) => (value === null ? null : String(value))),
      )
    } catch (error) {
      noteLoss(error)
      throw error
    }
  }
  let pid: number
  try {
    // Several statements in one go answer a list of results.
    const results = (await sql.unsafe(SETTINGS)) as unknown as postgres.Row[][]
    pid = Number(results.at(-1)?.[0]?.pid)
  } catch (error) {
    await sql.end({ timeout: 0 })
    throw error
  }
  return {
    pid,
    rows: async (text, parameters) => [...(await unsafe(text, parameters))],
    run: async (text, parameters) => (await unsafe(text, parameters)).count ?? 0,
    async copy(text, feed) {
      stillOpen()
      const query = sql.unsafe(text)
      const failed = failureOf(query)
      failed.catch(noteLoss)
      const stream = await query.writable()
      stream.on('error', () => {})
      const target: CopyTarget = {
        write: (chunk) => Promise.race([failed, settled((done) => stream.write(chunk, done))]),
        end: () => Promise.race([failed, settled((done) => stream.end(done))]),
      }
      try {
        await feed(target)
        await target.end()
      } catch (error) {
        await abandon(stream, failed)
        throw error
      }
    },
    async close() {
      await sql.end({ timeout: lost === undefined ? GOODBYE : 0 })
    },
  }
}

/**
 * Rejects when the server refuses a `COPY`. The driver's promise is settled once the stream is there, and the stream never
 * ends where the server's refusal comes after the last row; only the query itself is told of it.
 */
function failureOf(query: object): Promise<never> {
  const told = query as unknown as { reject(error: unknown): void }
  return new Promise<never>((_, reject) => {
    const original = told.reject
    told.reject = (error) => {
      reject(error)
      original(error)
    }
  })
}

/** Resolves when the connection takes statements again, or is lost. */
async function abandon(stream: Writable, failed: Promise<never>): Promise<void> {
  if (!stream.destroyed && !stream.writableEnded) stream.destroy(new Error('given up'))
  await failed.catch(() => {})
}

function settled(start: (done: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => (error === undefined || error === null ? resolve() : reject(error)))
  })
}

/** Several statements as one transaction; `BEGIN` may say more of it. Rolled back where `task` throws. */
export async function inTransaction<T>(connection: Connection, begin: string, task: () => Promise<T>): Promise<T> {
  await connection.run(begin)
  try {
    const result = await task()
    await connection.run('COMMIT')
    return result
  } catch (error) {
    await connection.run('ROLLBACK').catch(() => {})
    throw error
  }
}

/** A number that a statement counted. */
export async function count(connection: Connection, sql: string): Promise<number> {
  const [row] = await connection.rows(`SELECT (${sql})::text AS count`)
  return Number(row?.count ?? 0)
}

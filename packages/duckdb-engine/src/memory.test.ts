import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createMemory, FIRST_LIMIT, isOutOfMemory, type Memory } from './memory.ts'

async function start(fixed: boolean): Promise<{ memory: Memory; connection: DuckDBConnection; limit(): Promise<string> }> {
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: FIRST_LIMIT })
  const connection = await instance.connect()
  onTestFinished(() => {
    connection.closeSync()
    instance.closeSync()
  })
  const limit = async (): Promise<string> =>
    String((await connection.runAndReadAll("SELECT current_setting('memory_limit')")).getRows()[0]?.[0])
  return { memory: createMemory(instance, fixed), connection, limit }
}

describe('the memory of DuckDB', () => {
  it('is little at first, more for many columns, and never less again', async () => {
    const { memory, limit } = await start(false)
    expect(await limit()).toBe('128.0 MiB')
    await memory.reserve(72)
    expect(await limit()).toBe('200.0 MiB')
    await memory.reserve(10)
    expect(await limit()).toBe('200.0 MiB')
  })

  it('grows until a statement that ran out of it goes through', async () => {
    const { memory, connection } = await start(false)
    const work = 'SELECT list(repeat(i::VARCHAR, 100)) FROM range(1000000) t(i)'
    const failed: unknown = await connection.run(work).catch((error: unknown) => error)
    expect(isOutOfMemory(failed)).toBe(true)
    expect(await memory.grow()).toBe(true)
    expect(await memory.grow()).toBe(true)
    await connection.run(work)
  })

  it('stays as it was asked for', async () => {
    const { memory, limit } = await start(true)
    await memory.reserve(1000)
    expect(await memory.grow()).toBe(false)
    expect(await limit()).toBe('128.0 MiB')
  })

  it('is told from other errors', () => {
    expect(isOutOfMemory(new Error('Parser Error: syntax error'))).toBe(false)
    expect(isOutOfMemory(new Error('Failed to append: failed to pin block of size 256.0 KiB'))).toBe(true)
  })
})

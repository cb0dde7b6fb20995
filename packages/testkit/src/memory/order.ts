import type { ColumnType, DedupSort, TableSchema } from '@tributary/core'
import { parseInstant, parseTime } from '../values/instant.ts'
import type { MemoryRow } from './decode.ts'

/** Whether `a` is better than `b` by the sort: a row without the value is worse than any with it. */
export function isBetter({ column, order }: DedupSort, { columns }: TableSchema, a: MemoryRow, b: MemoryRow): boolean {
  const type = columns.find(({ name }) => name === column)?.type
  const [x, y] = [a[column], b[column]]
  if (type === undefined || x === undefined || x === null) return false
  if (y === undefined || y === null) return true
  const difference = compareValues(type, x, y)
  return order === 'desc' ? difference > 0 : difference < 0
}

/** Negative where `a` is smaller: numbers and instants by what they are, all else by the code points of its text. */
function compareValues(type: ColumnType, a: unknown, b: unknown): number {
  switch (type) {
    case 'bigint':
    case 'double':
    case 'bool':
      return compare(a as number | bigint | boolean, b as number | bigint | boolean)
    case 'timestamp':
      return compare(parseInstant(String(a)), parseInstant(String(b)))
    case 'time':
      return compare(parseTime(String(a)), parseTime(String(b)))
    case 'decimal': {
      const scale = Math.max(...[a, b].map((value) => String(value).split('.')[1]?.length ?? 0))
      return compare(scaled(String(a), scale), scaled(String(b), scale))
    }
    default:
      // Bytes of UTF-8 are in the order of code points; the units of a JavaScript text are not.
      return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)))
  }
}

function compare<T extends number | bigint | boolean>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function scaled(decimal: string, scale: number): bigint {
  const [whole = '', fraction = ''] = decimal.split('.')
  return BigInt(whole + fraction.padEnd(scale, '0'))
}

import { isDeepStrictEqual } from 'node:util'
import { compareCursors } from '../extract/cursor-order.ts'
import { valueAt } from '../extract/path.ts'
import type { JsonValue } from '../http/request.ts'
import type { FilterData } from './data.ts'
import { kindOf } from './schema/words.ts'

export const hasCondition = ({ field: _field, ...conditions }: FilterData): boolean => Object.keys(conditions).length > 0

/** Whether a record is kept: all conditions must hold. A field that is missing counts as null, and is neither more nor less than anything. */
export function filterOf(filter: FilterData): (record: JsonValue) => boolean {
  const { field, exists, in: among } = filter
  const tests: ((value: JsonValue) => boolean)[] = []
  if (filter.equals !== undefined) tests.push((value) => isSame(value, filter.equals!))
  if (filter.not_equals !== undefined) tests.push((value) => !isSame(value, filter.not_equals!))
  if (among !== undefined) tests.push((value) => among.some((each) => isSame(value, each)))
  if (exists !== undefined) tests.push((value) => (value !== null) === exists)
  if (filter.greater_than !== undefined) tests.push((value) => value !== null && order(field, value, filter.greater_than!) > 0)
  if (filter.less_than !== undefined) tests.push((value) => value !== null && order(field, value, filter.less_than!) < 0)
  return (record) => {
    const value = valueAt(record, field) ?? null
    return tests.every((test) => test(value))
  }
}

/** An integer is the same however it was parsed. */
function isSame(value: JsonValue, other: JsonValue): boolean {
  const isNumber = [typeof value, typeof other].every((type) => type === 'number' || type === 'bigint')
  // biome-ignore lint/suspicious/noDoubleEquals: 5 and 5n
  return isNumber ? value == other : isDeepStrictEqual(value, other)
}

function order(field: string, value: JsonValue, bound: string | number | bigint): number {
  const isText = typeof value === 'string'
  if (!isText && typeof value !== 'number' && typeof value !== 'bigint')
    throw new Error(`${field} is ${kindOf(value)}, which is neither more nor less than ${bound}`)
  return compareCursors(value, bound)
}

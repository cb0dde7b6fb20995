import { describe, expect, it } from 'vitest'
import { parseJson } from '../http/json.ts'
import { keepLiterals } from '../http/literals.ts'
import type { JsonValue } from '../http/request.ts'
import { columnsOf, load, type Setup } from './testing/load-records.ts'
import { idsOf } from './testing/values-of.ts'

/** Loads what a page has, as it is read. */
function loadPage(text: string, setup?: Setup) {
  const body = parseJson(text) as { data: JsonValue[] } | JsonValue[]
  const records = Array.isArray(body) ? body : body.data
  keepLiterals(body as JsonValue, records)
  return load(records, setup)
}

describe('a number with a fraction or an exponent', () => {
  it.each<[string, string, Record<string, string[]>]>([
    ['2.0', '[{"a": 2.0}]', { things: ['a double'] }],
    ['an exponent', '[{"a": 1e3, "b": 1E+2, "c": 10e-1}]', { things: ['a double', 'b double', 'c double'] }],
    ['an exponent past 2^53', '[{"a": 1e20, "b": 9007199254740993.0}]', { things: ['a double', 'b double'] }],
    ['beside an integer', '{"data": [{"a": 2, "b": 2.0}]}', { things: ['a bigint', 'b double'] }],
    ['in an object', '[{"o": {"a": 2.0, "b": 2}}]', { things: ['o__a double', 'o__b bigint'] }],
    ['in a list', '[{"l": [2.0, 3], "m": [3, 2.0]}]', { things: [], things__l: ['value double'], things__m: ['value bigint'] }],
    ['in a list of objects', '[{"l": [{"a": null}, {"a": 2.0}]}]', { things: [], things__l: ['a double'] }],
    ['in a list of lists', '[{"l": [[2.0]]}]', { things: [], things__l: [], things__l__list: ['value double'] }],
    ['in records that are numbers', '{"data": [2.0, 3]}', { things: ['value double'] }],
    ['in records that are lists', '[[2.0]]', { things: [], things__list: ['value double'] }],
    ['null before it', '[{"a": null}, {"a": 2.0}]', { things: ['a double'] }],
    ['that meets another type', '[{"a": true}, {"a": 2.0}]', { things: ['a bool', 'a__v_double double'] }],
    ['that meets a variant that takes it', '[{"a": true}, {"a": 2}, {"a": 3.0}]', { things: ['a bool', 'a__v_bigint bigint'] }],
  ])('makes a column of doubles where it comes first: %s [types.double]', (_what, text, columns) => {
    expect(columnsOf(loadPage(text).schemas)).toEqual(columns)
  })

  it('is an integer for a column of integers [types.bigint.takes]', () => {
    const { schemas, tables } = loadPage('[{"a": 1}, {"a": 2.0}, {"a": 1e3}]')
    expect(columnsOf(schemas)).toEqual({ things: ['a bigint'] })
    expect(tables.things).toEqual([{ a: 1 }, { a: 2 }, { a: 1000 }])
  })

  it('that is part of a key makes a key of doubles [types.double]', () => {
    const { schemas, batches } = loadPage('[{"k": {"a": 2.0}, "b": 3}]', { primaryKey: ['k.a', 'b'] })
    expect(columnsOf(schemas)).toEqual({ things: ['k__a double', 'b bigint'] })
    expect(idsOf(batches[0]!)).toEqual(['2|3'])
  })

  it('is an integer where somebody made the record anew: JavaScript has one kind of number [types.double.copies]', () => {
    const records = (parseJson('[{"a": 2.0}]') as { a: number }[]).map(({ a }) => ({ a }))
    expect(columnsOf(load(records).schemas)).toEqual({ things: ['a bigint'] })
  })
})

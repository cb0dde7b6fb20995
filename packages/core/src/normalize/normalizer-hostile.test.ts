import { describe, expect, it } from 'vitest'
import { parseJson } from '../http/json.ts'
import type { JsonValue } from '../http/request.ts'
import { load, setUp } from './testing/load-records.ts'

const KEYS = 5000
const objectOf = (keys: readonly string[]): JsonValue => Object.fromEntries(keys.map((key, index) => [key, index]))

describe('hostile records', () => {
  it('of 5 000 keys have a column for each [settled.hostile]', () => {
    const record = objectOf(Array.from({ length: KEYS }, (_, index) => `key ${index}`))
    const { tables, schemas } = load([record, record])
    expect(Object.keys(tables.things![1]!)).toHaveLength(KEYS)
    expect(load([record], { stored: schemas }).schemas).toEqual(schemas)
  })

  it('of 5 000 keys that all have one name have a column for each, the same in the next run [settled.hostile]', () => {
    const keys = Array.from({ length: KEYS }, (_, index) => String.fromCodePoint(0x1_f300 + index))
    const { tables, schemas } = load([objectOf(keys)])
    expect(new Set(Object.keys(tables.things![0]!)).size).toBe(KEYS)
    const again = load([objectOf(keys.toReversed())], { stored: schemas })
    expect([again.schemas, again.warnings]).toEqual([schemas, []])
  })

  it('with ever new keys make batches of few rows, so that their columns have room [settled.memory]', () => {
    const normalizer = setUp()
    normalizer.write([objectOf(Array.from({ length: KEYS }, (_, index) => `k${index}`))], 0, false)
    expect(normalizer.isFull()).toBe(false)
    normalizer.write(Array(799).fill({}), 1, false)
    expect(normalizer.isFull()).toBe(true)
  })

  it.each<[string, string]>([
    ['objects', `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`],
    ['lists', `${'['.repeat(5000)}1${']'.repeat(5000)}`],
    ['both', `${'{"a":['.repeat(5000)}1.0${']}'.repeat(5000)}`],
  ])('nested 5 000 deep do not crash, whatever the nesting that is asked for: %s [settled.nesting]', (_what, text) => {
    for (const maxTableNesting of [0, 20, 100_000]) {
      const { schemas, batches } = load([parseJson(text)], { maxTableNesting })
      expect(schemas.flatMap(({ columns }) => columns.map(({ type }) => type))).toEqual(['json'])
      expect(batches.length).toBe(schemas.length)
    }
  })

  it('in which a key is scalar, object and list in turn keep all of it, in any order and in later loads [shape.mixed]', () => {
    const records: JsonValue[] = [{ a: 1 }, { a: { b: 'x' } }, { a: [2, { b: 'y' }, [3], null] }, { a: 'z' }]
    const expected = {
      things: [{ a: 1 }, { a__b: 'x' }, {}, { a__v_text: 'z' }],
      things__a: [{ value: 2 }, { b: 'y' }, {}, {}],
      things__a__list: [{ value: 3 }],
    }
    const first = load(records)
    expect(first.tables).toEqual(expected)
    const second = load(records, { stored: first.schemas })
    expect([second.tables, second.schemas]).toEqual([expected, first.schemas])
  })

  it('have names that meet with those of loads before, and both stay [names.collisions]', () => {
    const { schemas: stored } = load([{ userName: 1, tagList: [1] }])
    const { tables, warnings } = load([{ user_name: 'x', userName: 2, tag_list: [{ n: 5 }], tagList: [3] }], { stored })
    const [things] = tables.things!
    expect(things!.user_name).toBe(2)
    expect(Object.entries(things!).find(([, value]) => value === 'x')![0]).toMatch(/^user_name_[\da-f]{6}$/)
    expect(tables.things__tag_list).toEqual([{ value: 3 }])
    expect(Object.keys(tables)).toContainEqual(expect.stringMatching(/^things__tag_list_[\da-f]{6}$/))
    expect(warnings).toHaveLength(2)
  })

  it('cannot reach what all objects have [names.harmless]', () => {
    const text =
      '{"__proto__": {"polluted": 1, "list": [{"__proto__": 2}]}, "constructor": {"prototype": {"x": 1}}, "toString": [1]}'
    const { tables } = load([parseJson(text)])
    expect(tables).toEqual({
      things: [{ __proto____polluted: 1, constructor__prototype__x: 1 }],
      things____proto____list: [JSON.parse('{"__proto__": 2}')],
      things__to_string: [{ value: 1 }],
    })
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })
})

import { describe, expect, it } from 'vitest'
import { resolveContract } from '../connector/contract.ts'
import type { JsonValue } from '../http/request.ts'
import { errorOf, load, type Setup } from './testing/load-records.ts'
import { idsOf } from './testing/values-of.ts'

const merge = (mergeKey: readonly string[], more: Setup['shape'] = {}): Setup => ({
  primaryKey: 'id',
  writeDisposition: 'merge',
  shape: { mergeKey, ...more },
})

describe('the column of a path', () => {
  const { normalizer } = load([{ id: 1, userName: 'x', venue: { cityName: 'y', 'a.b': 1 }, tags: [1], 'x-y': 2 }])

  it.each<[string, string | undefined]>([
    ['id', 'id'],
    ['userName', 'user_name'],
    ['user_name', 'user_name'],
    ['venue.cityName', 'venue__city_name'],
    ['venue.city_name', 'venue__city_name'],
    ['venue__city_name', 'venue__city_name'],
    ['x-y', 'x_y'],
    ['venue', undefined],
    ['tags', undefined],
    ['value', undefined],
    ['nothing', undefined],
    ['__proto__', undefined],
  ])('%s is %s [names.column-of]', (path, column) => {
    expect(normalizer.columnOf(path)).toBe(column)
  })

  it('is the one that the key itself has, where names meet [names.column-of]', () => {
    const { normalizer: one, schemas } = load([{ a_b: 1, aB: 2 }])
    expect([one.columnOf('a_b'), one.columnOf('aB')]).toEqual(schemas[0]!.columns.map(({ name }) => name))
  })

  it('is known from the loads before [names.column-of]', () => {
    const { schemas: stored } = load([{ userName: 'x' }])
    expect(load([], { stored }).normalizer.columnOf('userName')).toBe('user_name')
  })
})

describe('a key', () => {
  const digits = '2026-01-02T03:04:05.123456'
  const columns: Setup['columns'] = { at: { type: 'time' } }

  it.each<[string, Setup, JsonValue[]]>([
    ['a date-time', { primaryKey: 'at' }, [`${digits}7Z`]],
    ['a date-time with a zone, after others', { primaryKey: 'at' }, [`${digits}Z`, `${digits}001+02:00`]],
    ['a time of the day', { primaryKey: 'at', columns }, ['03:04:05.1234567']],
    ['a merge key', merge(['at']), [`${digits}7Z`]],
  ])('that says more than its column can keep fails the resource: %s [dispositions.keys.exact]', (_what, setup, values) => {
    const records = values.map((at, id) => ({ id, at }))
    expect(errorOf(() => load(records, setup))).toMatchObject({
      code: 'KEY_INVALID',
      message: expect.stringMatching(/the key things\.at is time.*two keys could become one.*Declare the column as text/),
    })
  })

  it.each<[string, Setup, string]>([
    ['in a column of text', { primaryKey: 'at', columns: { at: { type: 'text' } } }, `${digits}7Z`],
    ['with zeros alone beyond it', { primaryKey: 'at' }, `${digits}000Z`],
    ['where it is no key', {}, `${digits}7Z`],
  ])('may say it %s [dispositions.keys.exact]', (_what, setup, at) => {
    expect(load([{ id: 1, at }], setup).batches[0]!.rowCount).toBe(1)
  })
})

describe('a merge key', () => {
  it('is found by its path or its name [dispositions.keys.column]', () => {
    const { normalizer, tables } = load([{ id: 1, place: { regionCode: 'eu' } }], merge(['place__region_code']))
    expect(tables).toEqual({ things: [{ id: 1, place__region_code: 'eu' }] })
    expect(normalizer.columnOf('place__region_code')).toBe('place__region_code')
  })

  it.each<[string, JsonValue, string, RegExp]>([
    ['missing', { id: 7 }, 'KEY_MISSING', /things: the merge key region is missing, in record 2\./],
    ['null', { id: 7, region: null }, 'KEY_MISSING', /the merge key region is null/],
    ['a list', { id: 7, region: [1] }, 'KEY_INVALID', /the merge key region should be text or a number, but is a list/],
  ])('that is %s fails the resource, whatever its contract [dispositions.keys.required]', (_what, record, code, message) => {
    for (const dataType of [undefined, 'discard_row'] as const) {
      const setup = merge(['region'], { contract: resolveContract(dataType && { dataType }) })
      expect(errorOf(() => load([{ id: 1, region: 1 }, record], setup))).toMatchObject({
        code,
        message: expect.stringMatching(message),
      })
    }
  })

  it.each([undefined, 'evolve', 'discard_value'] as const)(
    'of another type fails the resource, where rows are not left out: %s [dispositions.keys.required]',
    (dataType) => {
      const setup = merge(['region'], { contract: resolveContract(dataType && { dataType }) })
      const records = [
        { id: 1, region: 1 },
        { id: 7, region: true },
      ]
      expect(errorOf(() => load(records, setup))).toMatchObject({
        code: 'KEY_INVALID',
        message: expect.stringMatching(/the merge key region is bigint, but here it is true/),
      })
    },
  )

  it('is not asked for where nothing is merged [dispositions.keys.required]', () => {
    const { tables } = load([{ id: 7 }], { ...merge(['region']), writeDisposition: 'append' })
    expect(tables).toEqual({ things: [{ id: 7 }] })
  })

  it('gives no id [dispositions.keys.column]', () => {
    const { batches } = load([{ region: 'eu' }], { shape: { mergeKey: ['region'], disposition: 'merge' } })
    expect(idsOf(batches[0]!)).toEqual(['7.1'])
  })
})

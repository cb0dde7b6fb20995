import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { date, decimal, epochSeconds, integer, json, timestamp, uuid } from '../connector/columns.ts'
import { resolveShape } from '../connector/resolve.ts'
import { type RowSchema, resource } from '../connector/resource.ts'
import { TributaryError } from '../errors.ts'
import type { JsonValue } from '../http/request.ts'
import type { TableSchema } from '../load/schema.ts'
import { createNormalizer } from './normalizer.ts'

const entries = {
  id: integer(),
  name: v.nullable(v.string()),
  price: v.optional(decimal(6, 2)),
  at: v.optional(timestamp()),
  since: v.optional(epochSeconds()),
  day: v.optional(date()),
  uid: v.optional(uuid()),
  kind: v.optional(v.picklist(['a', 'b'])),
  flag: v.optional(v.boolean()),
  venue: v.optional(v.object({ city: v.string() })),
  tags: v.optional(v.array(v.string())),
  raw: v.optional(json()),
}

function load(
  records: readonly JsonValue[],
  { schema = v.object(entries), primaryKey = 'id' }: { schema?: unknown; primaryKey?: string } = {},
): TableSchema[] {
  const options = {
    endpoint: { path: '' },
    schema: schema as RowSchema,
    ...(primaryKey !== '' && { primaryKey: primaryKey as never }),
  }
  const normalizer = createNormalizer({
    shape: resolveShape('api', 'things', resource(options), {}),
    stored: [],
    tableOwners: new Map(),
    identifierLimit: 63,
    warn: () => {},
  })
  normalizer.startLoad(1)
  normalizer.write(records, 40, false)
  normalizer.take()
  return normalizer.schemas()
}

function errorOf(run: () => unknown): TributaryError {
  try {
    run()
  } catch (error) {
    if (error instanceof TributaryError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('declared columns', () => {
  it('exist from the start, with their types and nullability [types.declared.from-the-start]', () => {
    const [things, tags] = load([])
    expect(things!.columns.map(({ name, type, nullable }) => [name, type, nullable])).toEqual([
      ['id', 'bigint', false],
      ['name', 'text', true],
      ['price', 'decimal', true],
      ['at', 'timestamp', true],
      ['since', 'timestamp', true],
      ['day', 'date', true],
      ['uid', 'uuid', true],
      ['kind', 'text', true],
      ['flag', 'bool', true],
      ['venue__city', 'text', true],
      ['raw', 'json', true],
    ])
    expect([tags!.name, tags!.columns]).toEqual(['things__tags', [expect.objectContaining({ name: 'value', type: 'text' })]])
  })

  it('take what fits, and other fields join them [types.declared.kinds]', () => {
    const fits = { id: '7', price: '12.50', since: '1700000000', flag: 'yes', raw: [1], tags: ['x', 5], extra: true }
    expect(load([fits])[0]!.columns.at(-1)).toMatchObject({ name: 'extra', type: 'bool', nullable: true })
  })
})

describe('values that break a declared type', () => {
  it.each<[string, JsonValue, string, string]>([
    [
      'text for an integer',
      { id: 7, price: 1, at: 'soon' },
      'TYPE_MISMATCH',
      'things: the column things.at is declared as timestamp, but found the string "soon", in the record with id 7.',
    ],
    [
      'a fraction too long',
      { id: 7, price: 1.555 },
      'TYPE_MISMATCH',
      'things.price is declared as decimal(6, 2), but found the number 1.555',
    ],
    [
      'a date that there is not',
      { id: 7, day: '2026-02-30' },
      'TYPE_MISMATCH',
      'things.day is declared as date, but found the string "2026-02-30"',
    ],
    ['a number for a UUID', { id: 7, uid: 5 }, 'TYPE_MISMATCH', 'things.uid is declared as uuid, but found the number 5'],
    [
      'an object for a scalar',
      { id: 7, flag: { a: 1 } },
      'TYPE_MISMATCH',
      'things.flag is declared as bool, but found an object',
    ],
    ['a list for a scalar', { id: 7, name: ['x'] }, 'TYPE_MISMATCH', 'things.name is declared as text, but found a list'],
    [
      'a scalar for an object',
      { id: 7, venue: 'x' },
      'TYPE_MISMATCH',
      'things.venue is declared as an object, but found the string "x"',
    ],
    ['a list for an object', { id: 7, venue: [] }, 'TYPE_MISMATCH', 'things.venue is declared as an object, but found a list'],
    ['an object for a list', { id: 7, tags: {} }, 'TYPE_MISMATCH', 'things.tags is declared as a list, but found an object'],
    ['a scalar for a list', { id: 7, tags: 'x' }, 'TYPE_MISMATCH', 'things.tags is declared as a list, but found the string "x"'],
    ['an option that there is not', { id: 7, kind: 'c' }, 'VALUE_INVALID', 'things.kind is declared with a rule that "c" breaks'],
    [
      'a value inside an object',
      { id: 7, venue: { city: {} } },
      'TYPE_MISMATCH',
      'things.venue__city is declared as text, but found an object at venue.city, in the record with id 7.',
    ],
    [
      'null in a list of texts',
      { id: 7, tags: ['x', null] },
      'VALUE_MISSING',
      'things__tags.value is declared as not nullable (text), but its value is null or missing, in the record with id 7.',
    ],
    [
      'a key of another type',
      { id: 'x' },
      'TYPE_MISMATCH',
      'things.id is declared as bigint, but found the string "x", in record 41.',
    ],
  ])('%s [types.declared.promise]', (_what, record, code, message) => {
    const error = errorOf(() => load([record]))
    expect(error).toMatchObject({ code, recovery: 'fix-data' })
    expect(error.message.replaceAll(/ {2,}/g, ' ')).toContain(message.replaceAll(/ {2,}/g, ' '))
  })

  it.each<[string, JsonValue, string, string]>([
    ['no key', { name: 'x' }, 'KEY_MISSING', 'things: the primary key id is missing, in record 41.'],
    ['a key of null', { id: null }, 'KEY_MISSING', 'the primary key id is null, in record 41.'],
    ['a key that is a list', { id: [1] }, 'KEY_INVALID', 'the primary key id should be text or a number, but is a list'],
  ])('is no key: %s [types.key]', (_what, record, code, message) => {
    expect(errorOf(() => load([record]))).toMatchObject({ code, recovery: 'fix-data', message: expect.stringContaining(message) })
  })

  it('names the position of a record without a key [types.required]', () => {
    const error = errorOf(() => load([{ id: 1 }, { id: 2 }, { id: 3, flag: 'perhaps' }], { primaryKey: '' }))
    expect(error.message).toMatch(/^things: .* in record 43\.$/)
  })

  it.each<[string, JsonValue[], string, RegExp]>([
    ['with a key', [{ id: 1, code: 'x' }, { id: 2 }], 'id', /things\.code is declared as not nullable \(text\).*with id 2\.$/],
    [
      'without one',
      [
        { code: 'x', id: 1 },
        { id: 2, code: null },
      ],
      '',
      /things\.code is declared as not nullable.*record 42\.$/,
    ],
  ])('finds what is missing: %s [types.required]', (_what, records, primaryKey, message) => {
    const schema = v.object({ id: integer(), code: v.string() })
    expect(errorOf(() => load(records, { schema, primaryKey }))).toMatchObject({
      code: 'VALUE_MISSING',
      message: expect.stringMatching(message),
    })
  })

  it.each<[string, v.GenericSchema, JsonValue]>([
    ['a list', v.object({ id: integer(), tags: v.array(v.string()) }), { id: 7 }],
    ['an object', v.object({ id: integer(), tags: v.object({ a: v.nullable(v.string()) }) }), { id: 7, tags: null }],
  ])('finds that %s is missing [types.required]', (_what, schema, record) => {
    expect(errorOf(() => load([record], { schema }))).toMatchObject({
      code: 'VALUE_MISSING',
      message: expect.stringMatching(/things\.tags is declared as not nullable \(an object or a list\).*with id 7\.$/),
    })
  })

  it('finds that a list called constructor is missing', () => {
    const schema = v.object({ id: integer(), constructor: v.array(v.string()) })
    expect(errorOf(() => load([{ id: 7 }], { schema })).code).toBe('VALUE_MISSING')
  })
})

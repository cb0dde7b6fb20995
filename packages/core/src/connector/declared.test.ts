import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import {
  bigint,
  binary,
  date,
  decimal,
  epochMilliseconds,
  epochSeconds,
  integer,
  json,
  time,
  timestamp,
  uuid,
} from './columns.ts'
import { type DeclaredScalar, declaredFields } from './declared.ts'

type Schema = v.GenericSchema<unknown, unknown>

const fieldOf = (schema: Schema) => declaredFields(v.object({ field: schema }), 'api.things').get('field')!
const scalarOf = (schema: Schema): DeclaredScalar => {
  const field = fieldOf(schema)
  if (field.kind !== 'scalar') throw new Error(`expected a scalar, found ${field.kind}`)
  return field
}

describe('column types', () => {
  it.each<[string, Schema, Partial<DeclaredScalar>]>([
    ['v.string()', v.string(), { type: 'text' }],
    ['v.number()', v.number(), { type: 'double' }],
    ['v.bigint()', v.bigint(), { type: 'bigint' }],
    ['v.boolean()', v.boolean(), { type: 'bool' }],
    ['integer()', integer(), { type: 'bigint' }],
    ['bigint()', bigint(), { type: 'bigint' }],
    ['timestamp()', timestamp(), { type: 'timestamp' }],
    ['epochSeconds()', epochSeconds(), { type: 'timestamp', epoch: 'seconds' }],
    ['epochMilliseconds()', epochMilliseconds(), { type: 'timestamp', epoch: 'milliseconds' }],
    ['date()', date(), { type: 'date' }],
    ['time()', time(), { type: 'time' }],
    ['decimal(12, 2)', decimal(12, 2), { type: 'decimal', precision: 12, scale: 2 }],
    ['decimal()', decimal(), { type: 'decimal', precision: 38, scale: 9 }],
    ['uuid()', uuid(), { type: 'uuid' }],
    ['json()', json(), { type: 'json' }],
    ['binary()', binary(), { type: 'binary' }],
    ['a picklist of texts', v.picklist(['open', 'closed']), { type: 'text' }],
    ['an enum', v.enum({ Open: 'open', Closed: 'closed' }), { type: 'text' }],
    ['a literal boolean', v.literal(true), { type: 'bool' }],
    ['a picklist of numbers', v.picklist([1, 2]), { type: 'double' }],
  ])('%s', (_name, schema, expected) => {
    expect(scalarOf(schema)).toMatchObject({ kind: 'scalar', nullable: false, ...expected })
  })

  it.each<[string, Schema]>([
    ['v.any()', v.any()],
    ['v.unknown()', v.unknown()],
    ['v.null()', v.null()],
    ['v.record()', v.record(v.string(), v.number())],
    ['v.nullable(v.unknown())', v.nullable(v.unknown())],
  ])('%s leaves the type to what comes', (_name, schema) => {
    expect(fieldOf(schema)).toEqual({ kind: 'any' })
  })
})

describe('nullability', () => {
  it.each<[string, Schema, boolean]>([
    ['as it is', v.string(), false],
    ['nullable', v.nullable(v.string()), true],
    ['optional', v.optional(v.string()), true],
    ['nullish', v.nullish(integer()), true],
    ['undefinedable', v.undefinedable(v.string()), true],
    ['nullable in a pipe', v.pipe(v.nullable(timestamp()), v.description('d')), true],
    ['optional around nullable', v.optional(v.nullable(decimal(4, 1))), true],
  ])('%s: %s', (_name, schema, expected) => {
    expect(scalarOf(schema).nullable).toBe(expected)
  })

  it('of an object goes on to its fields, also those below them', () => {
    const venue = v.nullable(v.object({ name: v.string(), place: v.object({ city: v.string() }), tags: v.array(v.string()) }))
    const field = fieldOf(venue)
    if (field.kind !== 'object') throw new Error(field.kind)
    expect(field.nullable).toBe(true)
    expect(field.fields.get('name')).toMatchObject({ nullable: true })
    expect(field.fields.get('place')).toMatchObject({ nullable: true })
    const place = field.fields.get('place')!
    expect(place.kind === 'object' && place.fields.get('city')).toMatchObject({ type: 'text', nullable: true })
    // A list has no column that could be null: where the object is there, so must its list be.
    expect(field.fields.get('tags')).toMatchObject({ kind: 'list', nullable: false })
  })
})

describe('objects and lists', () => {
  it('keep their keys in order, with what is inside', () => {
    const fields = declaredFields(
      v.object({
        id: integer(),
        venue: v.looseObject({ city: v.string() }),
        tags: v.array(v.nullable(v.string())),
        prices: v.array(v.strictObject({ amount: decimal(10, 2) })),
      }),
      'api.things',
    )
    expect([...fields.keys()]).toEqual(['id', 'venue', 'tags', 'prices'])
    expect(fields.get('venue')).toMatchObject({ kind: 'object', nullable: false })
    expect(fields.get('tags')).toMatchObject({ kind: 'list', item: { kind: 'scalar', type: 'text', nullable: true } })
    const prices = fields.get('prices')!
    expect(prices.kind === 'list' && prices.item.kind === 'object' && prices.item.fields.get('amount')).toMatchObject({
      type: 'decimal',
      precision: 10,
    })
  })
})

describe('descriptions and rules', () => {
  it('takes the description, also of what is wrapped', () => {
    expect(scalarOf(v.pipe(v.string(), v.description('what it is'))).description).toBe('what it is')
    expect(scalarOf(v.nullable(v.pipe(v.string(), v.description('inside')))).description).toBe('inside')
  })

  it('checks values only where the schema restricts them', () => {
    expect(scalarOf(v.string()).check).toBeUndefined()
    expect(scalarOf(integer()).check).toBeUndefined()
    const { check } = scalarOf(v.nullable(v.pipe(v.string(), v.maxLength(3, 'too long'))))
    expect(check?.('abc')).toBeUndefined()
    expect(check?.('abcd')).toBe('too long')
    const { check: oneOf } = scalarOf(v.picklist(['open', 'closed']))
    expect(oneOf?.('open')).toBeUndefined()
    expect(oneOf?.('opened')).toContain('opened')
  })
})

describe('what cannot be a table', () => {
  it.each<[string, Schema, RegExp]>([
    ['a union', v.union([v.string(), v.number()]), /api\.things\.field.*v\.union\(\).*json\(\)/],
    ['a tuple', v.tuple([v.string()]), /v\.tuple\(\)/],
    ['options of several types', v.picklist(['a', 1]), /several types/],
    ['a transformation', v.pipe(v.string(), v.trim()), /v\.trim\(\) would change the value/],
    ['a list of it', v.array(v.date()), /api\.things\.field\[\].*v\.date\(\)/],
  ])('%s', (_name, schema, message) => {
    expect(() => fieldOf(schema)).toThrow(
      expect.objectContaining({ code: 'SCHEMA_UNSUPPORTED', recovery: 'fix-config', message: expect.stringMatching(message) }),
    )
  })

  it('a schema that is no object', () => {
    expect(() => declaredFields(v.array(v.string()), 'api.things')).toThrow(/api\.things.*v\.object\(…\), but this is array/)
  })
})

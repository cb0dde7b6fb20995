import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import type { ColumnDeclaration } from '../connector/column.ts'
import { integer } from '../connector/columns.ts'
import { resolveShape } from '../connector/resolve.ts'
import { resource } from '../connector/resource.ts'
import { isTributaryError, type TributaryError } from '../errors.ts'
import type { JsonValue } from '../http/request.ts'
import type { TableSchema } from '../load/schema.ts'
import { createNormalizer, type Normalizer } from './normalizer.ts'
import { idsOf } from './testing/values-of.ts'

type Columns = Record<string, ColumnDeclaration>

interface Options {
  readonly primaryKey?: string
  readonly stored?: readonly TableSchema[]
  readonly maxTableNesting?: number
}

function normalizerOf(columns: Columns, { stored = [], ...options }: Options = {}, warnings: string[] = []): Normalizer {
  const normalizer = createNormalizer({
    shape: resolveShape('api', 'things', resource({ endpoint: { path: '' }, columns, ...options }), {}),
    stored,
    tableOwners: new Map(),
    identifierLimit: 63,
    warn: (text) => warnings.push(text),
  })
  normalizer.startLoad(1)
  return normalizer
}

function load(columns: Columns, records: readonly JsonValue[], options?: Options, warnings?: string[]): TableSchema[] {
  const normalizer = normalizerOf(columns, options, warnings)
  normalizer.write(records, 0, false)
  normalizer.take()
  return normalizer.schemas()
}

const names = ([table]: readonly TableSchema[]): unknown[] =>
  table!.columns.map(({ name, type, path, declared }) => [name, type, path.join('.'), declared === true])

function errorOf(run: () => unknown): TributaryError {
  try {
    run()
  } catch (error) {
    if (isTributaryError(error)) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('columns that are declared by name', () => {
  it('exist from the start, with their types [file.columns.from-the-start]', () => {
    const columns: Columns = {
      price: { type: 'decimal', precision: 10, scale: 2, description: 'in euros' },
      venue__city: { type: 'text', nullable: false },
      since: { type: 'timestamp', epoch: 'seconds' },
      left_open: { nullable: false, description: 'made as it comes' },
    }
    expect(normalizerOf(columns).schemas()[0]!.columns).toEqual([
      {
        name: 'price',
        type: 'decimal',
        nullable: true,
        precision: 10,
        scale: 2,
        description: 'in euros',
        path: ['price'],
        declared: true,
      },
      { name: 'venue__city', type: 'text', nullable: false, path: ['venue__city'], declared: true },
      { name: 'since', type: 'timestamp', nullable: true, path: ['since'], declared: true },
    ])
  })

  it.each<[string, Columns, JsonValue, unknown[]]>([
    ['a key in camel case', { user_name: { type: 'text' } }, { userName: 5 }, ['user_name', 'text', 'userName', true]],
    [
      'a nested key',
      { venue__city_name: { type: 'text' } },
      { venue: { cityName: 'x' } },
      ['venue__city_name', 'text', 'venue.cityName', true],
    ],
    [
      'a key of its own name',
      { venue__city: { type: 'text' } },
      { venue__city: 'x' },
      ['venue__city', 'text', 'venue__city', true],
    ],
    [
      'a name that is not in snake_case',
      { userName: { type: 'bigint' } },
      { userName: '5' },
      ['user_name', 'bigint', 'userName', true],
    ],
    ['an object that is kept whole', { extra: { type: 'json' } }, { extra: { a: { b: [1] } } }, ['extra', 'json', 'extra', true]],
    ['a list that is kept whole', { tags: { type: 'json' } }, { Tags: [1, 2] }, ['tags', 'json', 'Tags', true]],
    ['a type left open', { code: { description: 'x' } }, { Code: 5 }, ['code', 'bigint', 'Code', false]],
  ])('are filled by the key that gives their name: %s [file.columns.filled]', (_what, columns, record, column) => {
    const schemas = load(columns, [record])
    expect(names(schemas)).toEqual([column])
    expect(schemas).toHaveLength(1)
  })

  it('take the values of the key that came first; another one of the same name has a column of its own [file.columns.filled]', () => {
    const warnings: string[] = []
    const [things] = load({ user_name: { type: 'text' } }, [{ userName: 'a', user_name: 'b' }], {}, warnings)
    expect(things!.columns.map(({ name, path }) => [name, path])).toEqual([
      ['user_name', ['userName']],
      [expect.stringMatching(/^user_name_[0-9a-f]{6}$/), ['user_name']],
    ])
    expect(warnings).toEqual([expect.stringContaining('"userName"')])
  })

  it('hold the right values, whatever the order of records', () => {
    const normalizer = normalizerOf({ b__c: { type: 'bigint' } })
    normalizer.write([{ a: 1 }, { b: { C: 7 } }, { b: null }], 0, false)
    const [batch] = normalizer.take()
    expect(batch!.table.columns.map(({ name }) => name)).toEqual(['b__c', 'a'])
    expect(batch!.columns[0]).toMatchObject({ kind: 'int64', values: expect.objectContaining({ 1: 7n }) })
    expect([...batch!.columns[0]!.valid].map((word) => word & 7)[0]).toBe(0b010)
  })

  it.each<[string, Columns, JsonValue[], string, RegExp]>([
    [
      'another type',
      { at: { type: 'timestamp' } },
      [{ at: 'soon' }],
      'TYPE_MISMATCH',
      /things\.at is declared as timestamp, but found the string "soon"/,
    ],
    [
      'an object',
      { at: { type: 'timestamp' } },
      [{ at: { a: 1 } }],
      'TYPE_MISMATCH',
      /things\.at is declared as timestamp, but found an object/,
    ],
    [
      'null',
      { userName: { type: 'text', nullable: false } },
      [{ userName: 'x' }, { userName: null }],
      'VALUE_MISSING',
      /things\.user_name is declared as not nullable \(text\).*record 2/,
    ],
    ['a missing key', { code: { type: 'text', nullable: false } }, [{ a: 1 }], 'VALUE_MISSING', /things\.code.*record 1/],
    [
      'null, its type left open',
      { code: { nullable: false } },
      [{ code: 5 }, {}],
      'VALUE_MISSING',
      /things\.code is declared as not nullable \(bigint\).*record 2/,
    ],
    [
      'a key that never comes, its type left open',
      { code: { nullable: false } },
      [{ a: 1 }],
      'VALUE_MISSING',
      /things\.code is declared as not nullable \(of any type\).*record 1/,
    ],
  ])('are a promise: %s [file.columns.promise]', (_what, columns, records, code, message) => {
    expect(errorOf(() => load(columns, records))).toMatchObject({ code, message: expect.stringMatching(message) })
  })

  it('go on in a later run, under the key that filled them or before any did [file.columns.restored]', () => {
    const columns: Columns = { user_name: { type: 'text' }, never_seen: { type: 'date' }, open: { description: 'x' } }
    const first = load(columns, [{ userName: 'a', Open: 1 }])
    const second = load(columns, [{ userName: 'b', neverSeen: '2026-01-31', Open: 2 }], { stored: first })
    expect(names(second)).toEqual([
      ['user_name', 'text', 'userName', true],
      ['never_seen', 'date', 'neverSeen', true],
      ['open', 'bigint', 'Open', false],
    ])
    expect(names(load(columns, [], { stored: second }))).toEqual(names(second))
  })

  it('join a table that is there: rows of earlier loads have no value in them [file.columns.restored]', () => {
    const stored = load({}, [{ id: 1 }])
    const [things] = load({ id: { type: 'bigint' }, code: { type: 'text', nullable: false } }, [{ id: 2, code: 'x' }], { stored })
    expect(things!.columns.map(({ name, nullable, declared }) => [name, nullable, declared === true])).toEqual([
      ['id', true, true],
      ['code', true, true],
    ])
    expect(errorOf(() => load({ id: { type: 'uuid' } }, [], { stored })).code).toBe('SCHEMA_CONFLICT')
  })

  it('may be declared again as another type that holds all values', () => {
    const stored = load({ n: { type: 'bigint' } }, [{ N: 1 }])
    expect(names(load({ n: { type: 'double' } }, [{ N: 1.5 }], { stored }))).toEqual([['n', 'double', 'N', true]])
  })

  it('stay empty where the objects around them are kept as JSON', () => {
    const schemas = load({ venue__city: { type: 'text' } }, [{ venue: { city: 'x' } }], { maxTableNesting: 0 })
    expect(names(schemas)).toEqual([
      ['venue__city', 'text', 'venue__city', true],
      ['venue', 'json', 'venue', false],
    ])
  })

  it('leave child tables alone', () => {
    const [things, tags] = load({ value: { type: 'text' }, tags__n: { type: 'text' } }, [{ tags: [{ n: 1 }], value: 2 }])
    expect(things!.columns.map(({ name, type }) => [name, type])).toEqual([
      ['value', 'text'],
      ['tags__n', 'text'],
    ])
    expect(tags!.columns).toMatchObject([{ name: 'n', type: 'bigint' }])
  })
})

describe('the key', () => {
  it('is made of the columns that say so, where primaryKey does not [file.columns.key]', () => {
    const columns: Columns = { shop: { primaryKey: true }, id: { type: 'bigint', primaryKey: true } }
    const shape = (primaryKey?: string) =>
      resolveShape('api', 'things', resource({ endpoint: { path: '' }, columns, ...(primaryKey && { primaryKey }) }), {})
        .primaryKey
    expect(shape()).toEqual(['shop', 'id'])
    expect(shape('code')).toEqual(['code'])
  })

  it.each<[string, string, JsonValue]>([
    ['in camel case', 'user_id', { userId: 7, name: 'x' }],
    ['in an object', 'user__id', { user: { id: 7 } }],
    ['as it is written', 'user.id', { user: { id: 7 } }],
  ])('may be named as its column is: %s [file.columns.key]', (_what, primaryKey, record) => {
    const normalizer = normalizerOf({}, { primaryKey })
    normalizer.write([record, record], 0, false)
    expect(idsOf(normalizer.take()[0]!)).toEqual(['7', '7'])
    expect(normalizer.keyColumns()).toEqual([primaryKey.replace('.', '__')])
  })

  it('may be a column that is declared, and filled by a key of another spelling [file.columns.key]', () => {
    const normalizer = normalizerOf({ user_id: { type: 'text', primaryKey: true } })
    expect(normalizer.keyColumns()).toEqual(['user_id'])
    normalizer.write([{ userId: 7 }], 0, false)
    expect(idsOf(normalizer.take()[0]!)).toEqual(['7'])
    expect(names(normalizer.schemas())).toEqual([['user_id', 'text', 'userId', true]])
  })

  it('does not change its spelling on the way [file.columns.key]', () => {
    expect(errorOf(() => load({}, [{ user_id: 7 }, { userId: 8 }], { primaryKey: 'user_id' }))).toMatchObject({
      code: 'KEY_MISSING',
      message: expect.stringContaining('record 2'),
    })
  })

  it('is missing where no key gives the name [file.columns.key]', () => {
    expect(errorOf(() => load({}, [{ userid: 7 }], { primaryKey: 'user_id' }))).toMatchObject({
      code: 'KEY_MISSING',
      message: expect.stringContaining('the primary key user_id is missing'),
    })
  })
})

describe('a schema and columns', () => {
  it('go together for different columns', () => {
    const shape = resolveShape(
      'api',
      'things',
      resource({ endpoint: { path: '' }, schema: v.object({ id: integer() }), columns: { code: { type: 'text' } } }),
      { columns: { day: { type: 'date' } } },
    )
    expect([...shape.columns!.keys()]).toEqual(['day', 'code'])
  })

  it('do not both declare one', () => {
    const schema = v.object({ venue: v.object({ cityName: v.string() }) })
    const options = { endpoint: { path: '' }, schema, columns: { venue__city_name: { type: 'text' as const } } }
    expect(errorOf(() => resolveShape('api', 'things', resource(options), {}))).toMatchObject({
      code: 'RESOURCE_INVALID',
      message: expect.stringContaining('its column venue__city_name is declared in the schema and in columns'),
    })
  })
})

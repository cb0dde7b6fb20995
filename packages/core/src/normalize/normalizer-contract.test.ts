import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { integer } from '../connector/columns.ts'
import { resolveContract, type SchemaContract } from '../connector/contract.ts'
import type { JsonValue } from '../http/request.ts'
import { errorOf, load, type Row, type Setup } from './testing/load-records.ts'

const under = (contract: SchemaContract, setup: Setup = {}): Setup => ({
  ...setup,
  shape: { contract: resolveContract(contract), ...setup.shape },
})

/** What is stored before: a table with a child. */
const { schemas: stored } = load([{ id: 1, a: 1, tags: [{ n: 1 }] }])

const pipe = v.pipe(v.number(), v.minValue(0))

describe('a contract', () => {
  type Counts = Record<string, Record<string, number>>

  it.each<[string, string, SchemaContract, JsonValue[], Record<string, Row[]>, Counts]>([
    [
      'a new column, discard_row',
      'contracts.columns.discard-row',
      { columns: 'discard_row' },
      [{ id: 1 }, { id: 2, tags: [{ n: 5 }], b: 'x' }, { id: 3 }],
      { things: [{ id: 1 }, { id: 3 }] },
      { things: { columns: 1 } },
    ],
    [
      'a new column, discard_value',
      'contracts.columns.discard-value',
      { columns: 'discard_value' },
      [{ id: 2, b: 'x', c: { d: 1, e: [], f: 2 }, a: 3 }],
      { things: [{ id: 2, a: 3 }] },
      { things: { columns: 3 } },
    ],
    [
      'a new column of a child, discard_row',
      'contracts.columns.discard-row',
      { columns: 'discard_row' },
      [{ id: 2, tags: [{ n: 1 }, { n: 2, m: 1 }, { n: 3 }] }],
      { things: [{ id: 2 }], things__tags: [{ n: 1 }, { n: 3 }] },
      { things__tags: { columns: 1 } },
    ],
    [
      'a new column of a child, discard_value',
      'contracts.columns.discard-value',
      { columns: 'discard_value' },
      [{ id: 2, tags: [{ n: 1 }, { n: 2, m: 1 }, 5] }],
      { things: [{ id: 2 }], things__tags: [{ n: 1 }, { n: 2 }, {}] },
      { things__tags: { columns: 2 } },
    ],
    [
      'a value of another type, discard_row',
      'contracts.types.discard-row',
      { dataType: 'discard_row' },
      [{ id: 1 }, { id: 2, tags: [{ n: 1 }], a: 'x' }],
      { things: [{ id: 1 }] },
      { things: { data_type: 1 } },
    ],
    [
      'a value of another type, discard_value',
      'contracts.types.discard-value',
      { dataType: 'discard_value' },
      [{ id: 2, a: 'x', tags: [{ n: true }] }],
      { things: [{ id: 2 }], things__tags: [{}] },
      { things: { data_type: 1 }, things__tags: { data_type: 1 } },
    ],
    [
      'a value for which the column would have to widen',
      'contracts.types.widen',
      { dataType: 'discard_value' },
      [{ id: 2, a: 1.5 }, { id: 2n ** 70n }],
      { things: [{ id: 2 }, {}] },
      { things: { data_type: 2 } },
    ],
    [
      'a value that its column takes all the same',
      'contracts.types.widen',
      { dataType: 'discard_row' },
      [
        { id: 2, a: '12' },
        { id: 3, a: 2.0 },
      ],
      {
        things: [
          { id: 2, a: 12 },
          { id: 3, a: 2 },
        ],
      },
      {},
    ],
    [
      'a new child table, discard_row',
      'contracts.tables.discard',
      { tables: 'discard_row' },
      [{ id: 2, more: [1, 2], tags: [{ n: 1, deep: ['x'] }] }],
      { things: [{ id: 2 }], things__tags: [{ n: 1 }] },
      { things__more: { tables: 2 }, things__tags__deep: { tables: 1 } },
    ],
    [
      'a new child table, discard_value',
      'contracts.tables.discard',
      { tables: 'discard_value' },
      [{ id: 2, more: [1, 2], empty: [] }],
      { things: [{ id: 2 }] },
      { things__more: { tables: 2 } },
    ],
    [
      'columns of a table that is new in this run',
      'contracts.new-table',
      { columns: 'freeze' },
      [{ id: 2, more: [{ x: 1 }, { y: 2 }] }],
      { things: [{ id: 2 }], things__more: [{ x: 1 }, { y: 2 }] },
      {},
    ],
    [
      'null and what is empty',
      'contracts.columns.discard-row',
      'freeze',
      [{ id: 2, b: null, c: {}, d: [], e: { f: null } }],
      { things: [{ id: 2 }] },
      {},
    ],
    [
      'a nested row goes with the row around it',
      'contracts.columns.discard-row',
      { columns: 'discard_row' },
      [
        {
          id: 2,
          more: [{ x: [1, 2] }],
          tags: [
            { n: 1, sub: [[1], [2]], m: 1 },
            { n: 2, sub: [[3]] },
          ],
        },
      ],
      {
        things: [{ id: 2 }],
        things__more: [{}],
        things__more__x: [{ value: 1 }, { value: 2 }],
        things__tags: [{ n: 2 }],
        things__tags__sub: [{}],
        things__tags__sub__list: [{ value: 3 }],
      },
      { things__tags: { columns: 1 } },
    ],
    [
      'two reasons in one row count as one row',
      'contracts.counts',
      { columns: 'discard_row', dataType: 'discard_value' },
      [{ id: 2, a: 'x', tags: [{ n: 'y' }], b: 1 }],
      {},
      { things: { columns: 1 } },
    ],
  ])('holds: %s [%s]', (_what, _id, contract, records, tables, counts) => {
    const loaded = load(records, under(contract, { stored }))
    expect(loaded.tables).toEqual(tables)
    expect(loaded.rejected.counts).toEqual(counts)
  })

  it.each<[string, string, SchemaContract, JsonValue, Setup, RegExp]>([
    [
      'a new column',
      'contracts.columns.freeze',
      { columns: 'freeze' },
      { id: 2, b: { c: 'x' } },
      { stored },
      /^things: the table things has no column b__c, but the string "x" came at b\.c, and the contract freezes columns, in record 1\. Let the contract/,
    ],
    [
      'a new child table',
      'contracts.tables.freeze',
      { tables: 'freeze' },
      { id: 2, more: [1] },
      { stored, primaryKey: 'id' },
      /there is no table things__more, but a list came, and the contract freezes tables, in the record with id 2\./,
    ],
    [
      'a new root table of which nothing is declared',
      'contracts.tables.freeze',
      'freeze',
      { id: 2 },
      {},
      /there is no table things, but an object came, and the contract freezes tables, in record 1\./,
    ],
    [
      'a value of another type',
      'contracts.types.freeze',
      { dataType: 'freeze' },
      { id: 2, a: 'x' },
      { stored },
      /the column things\.a is bigint, but the string "x" came, and the contract freezes data types/,
    ],
    [
      'a value for which the column would have to widen',
      'contracts.types.freeze',
      'freeze',
      { id: 2, a: 1.5 },
      { stored },
      /the column things\.a is bigint, but the number 1\.5 came/,
    ],
    [
      'a value that breaks a rule of the schema',
      'contracts.types.rule',
      'freeze',
      { n: -1 },
      { schema: v.object({ n: pipe }) },
      /the column things\.n is declared with a rule \(.*\), but the number -1 came/,
    ],
    [
      'another shape than is declared',
      'contracts.types.freeze',
      'freeze',
      { tags: 'x' },
      { schema: v.object({ tags: v.optional(v.array(v.string())) }) },
      /the column things\.tags is declared as a list, but the string "x" came/,
    ],
  ])('that freezes fails the resource: %s [%s]', (_what, _id, contract, record, setup, message) => {
    expect(errorOf(() => load([record], under(contract, setup)))).toMatchObject({
      code: 'CONTRACT_BROKEN',
      recovery: 'fix-data',
      message: expect.stringMatching(message),
    })
  })

  it.each(['discard_row', 'discard_value'] as const)(
    'leaves all rows out of a root table that there is not, and makes none: %s [contracts.tables.root]',
    (tables) => {
      const { tables: rows, schemas, rejected } = load([{ id: 1 }, 5], under({ tables }))
      expect([rows, schemas, rejected.counts]).toEqual([{}, [], { things: { tables: 2 } }])
      expect(rejected.rejects).toMatchObject([
        { kind: 'record', reason: 'tables', record: { id: 1 } },
        { kind: 'record', record: 5 },
      ])
    },
  )

  it.each<[string, Setup]>([
    ['a schema', { schema: v.object({ id: integer(), tags: v.optional(v.array(v.string())) }) }],
    ['columns', { columns: { id: { type: 'bigint' } } }],
  ])('that freezes lets a first run in, with %s [contracts.first-run]', (_what, setup) => {
    const { tables } = load([{ id: 1, more: 'x' }, { id: 2 }], under('freeze', setup))
    expect(tables).toEqual({ things: [{ id: 1, more: 'x' }, { id: 2 }] })
  })

  it('allows what the schema newly declares, in a table that is there [contracts.declared]', () => {
    const schema = v.object({
      id: integer(),
      b: v.optional(v.string()),
      c: v.optional(v.unknown()),
      list: v.optional(v.array(v.object({ x: v.optional(v.number()) }))),
    })
    const record = { id: 2, b: 'x', c: 5, list: [{ x: 1 }] }
    expect(load([record], under('freeze', { stored, schema })).tables).toEqual({
      things: [{ id: 2, b: 'x', c: 5 }],
      things__list: [{ x: 1 }],
    })
    const columns = { b: { type: 'text' as const }, open: { description: 'its type is left to what comes' } }
    expect(load([{ id: 2, b: 'x', open: 1 }], under('freeze', { stored, columns })).tables).toEqual({
      things: [{ id: 2, b: 'x', open: 1 }],
    })
  })

  it('allows a value for which there is a variant column from before [contracts.types.variant]', () => {
    const before = load([{ a: 1 }, { a: 'x' }]).schemas
    const { tables } = load([{ a: 'y' }], under('freeze', { stored: before }))
    expect(tables).toEqual({ things: [{ a__v_text: 'y' }] })
    expect(errorOf(() => load([{ a: true }], under('freeze', { stored: before }))).code).toBe('CONTRACT_BROKEN')
  })

  it('says nothing of variant columns as columns [contracts.types.variant]', () => {
    const { tables, rejected } = load([{ id: 2, a: 'y' }], under({ columns: 'freeze' }, { stored }))
    expect([tables, rejected.counts]).toEqual([{ things: [{ id: 2, a__v_text: 'y' }] }, {}])
  })

  it.each<[string, Setup]>([
    ['a key', { primaryKey: 'id', stored }],
    ['a declared key', { primaryKey: 'id', schema: v.object({ id: integer() }) }],
    ['a key with a rule', { primaryKey: 'id', schema: v.object({ id: v.pipe(v.number(), v.minValue(2)) }) }],
    ['a merge key', { mergeKey: 'id', writeDisposition: 'merge', stored }],
  ])('leaves a row out for %s that does not fit [contracts.keys.rows]', (what, setup) => {
    const id = what === 'a key with a rule' ? 1 : 'x'
    const { tables, rejected } = load([{ id }, { id: 2 }], under({ dataType: 'discard_row' }, setup))
    expect([tables, rejected.counts]).toEqual([{ things: [{ id: 2 }] }, { things: { data_type: 1 } }])
    expect(rejected.rejects).toMatchObject([{ kind: 'record', column: 'id', record: { id } }])
  })

  it('takes no key for a new column [contracts.keys]', () => {
    const { tables } = load([{ uid: 'x' }], under('freeze', { stored, primaryKey: 'uid' }))
    expect(tables).toEqual({ things: [{ uid: 'x' }] })
  })

  it.each<[string, JsonValue, Setup, string]>([
    ['a key that is missing', { a: 1 }, { primaryKey: 'id', stored }, 'KEY_MISSING'],
    ['a key of another type', { id: 'x' }, { primaryKey: 'id', stored }, 'KEY_INVALID'],
    ['a declared key of another type', { id: 'x' }, { primaryKey: 'id', schema: v.object({ id: integer() }) }, 'TYPE_MISMATCH'],
    ['a value that must be there', { id: 1 }, { schema: v.object({ id: integer(), b: v.string() }) }, 'VALUE_MISSING'],
    ['a list that must be there', { id: 1 }, { schema: v.object({ id: integer(), b: v.array(v.any()) }) }, 'VALUE_MISSING'],
    [
      'a value that must be there, and was left out',
      { id: 1, b: 'x' },
      { schema: v.object({ id: integer(), b: integer() }) },
      'VALUE_MISSING',
    ],
  ])('leaves nothing out for %s: the resource fails [contracts.required]', (_what, record, setup, code) => {
    expect(errorOf(() => load([record], under('discard_value', setup))).code).toBe(code)
  })
})

describe('data types', () => {
  const schema = v.object({
    id: integer(),
    n: v.optional(v.number()),
    tags: v.optional(v.array(v.string())),
    rule: v.optional(pipe),
    venue: v.optional(v.object({ city: v.optional(v.string()) })),
  })

  it.each<[string, JsonValue, Record<string, Row[]>]>([
    ['text', { id: 1, n: 'x' }, { things: [{ id: 1, n__v_text: 'x' }] }],
    ['an object', { id: 1, n: { a: 1 } }, { things: [{ id: 1, n__v_json: '{"a":1}' }] }],
    ['a list', { id: 1, n: [1] }, { things: [{ id: 1, n__v_json: '[1]' }] }],
    ['what a rule is not for', { id: 1, rule: 'x' }, { things: [{ id: 1, rule__v_text: 'x' }] }],
    ['a scalar for a list', { id: 1, tags: 'x' }, { things: [{ id: 1, tags: 'x' }] }],
    ['an object for a list', { id: 1, tags: { a: 1 } }, { things: [{ id: 1, tags__a: 1 }] }],
    ['a list for an object', { id: 1, venue: ['x'] }, { things: [{ id: 1 }], things__venue: [{ value: 'x' }] }],
    ['a scalar for an object', { id: 1, venue: 'x' }, { things: [{ id: 1, venue: 'x' }] }],
  ])('that are said to evolve let declared columns have variants: %s [contracts.types.evolve]', (_what, record, tables) => {
    expect(load([record], under({ dataType: 'evolve' }, { schema })).tables).toEqual(tables)
  })

  it.each<[JsonValue, string, unknown]>([
    ['x', 'text', 'x'],
    [1.5, 'double', 1.5],
    [true, 'bool', 1],
    [5, 'bigint', 5],
    [2n ** 70n, 'text', String(2n ** 70n)],
    ['1970-01-01T00:00:01Z', 'timestamp', 1_000_000],
    [{ a: [1] }, 'json', '{"a":[1]}'],
  ])('give a variant column its type by the value: %s is %s [types.variant.kinds]', (value, type, kept) => {
    const columns = { a: { type: 'uuid' as const } }
    const { tables, schemas } = load([{ a: value }], under({ dataType: 'evolve' }, { columns }))
    expect(tables).toEqual({ things: [{ [`a__v_${type}`]: kept }] })
    expect(schemas[0]!.columns.map((column) => [column.name, column.type, column.nullable])).toEqual([
      ['a', 'uuid', true],
      [`a__v_${type}`, type, true],
    ])
  })

  it('of which nothing is said let inferred columns evolve, and fail for declared ones [contracts.types.unsaid]', () => {
    expect(load([{ a: 1 }, { a: 'x' }, { a: 1.5 }]).tables).toEqual({ things: [{ a: 1 }, { a__v_text: 'x' }, { a: 1.5 }] })
    expect(errorOf(() => load([{ id: 1, n: 'x' }], { schema })).code).toBe('TYPE_MISMATCH')
  })

  it.each([undefined, 'evolve'] as const)(
    'that evolve (%s) do not break a rule of the schema [contracts.types.rule]',
    (dataType) => {
      const contract = dataType === undefined ? {} : { dataType }
      expect(errorOf(() => load([{ id: 1, rule: -1 }], under(contract, { schema }))).code).toBe('VALUE_INVALID')
    },
  )

  it.each<[string, SchemaContract, Record<string, Row[]>]>([
    ['the row', { dataType: 'discard_row' }, { things: [{ id: 2, rule: 1 }] }],
    ['the value', { dataType: 'discard_value' }, { things: [{ id: 1 }, { id: 2, rule: 1 }] }],
  ])('leave out %s where a rule is broken, or another shape is declared [contracts.types.rule]', (_what, contract, tables) => {
    for (const broken of [{ rule: -1 }, { rule: 'x' }, { venue: 'x' }, { tags: 'x' }, { venue: [1] }, { n: [1] }]) {
      const { tables: rows, rejected } = load(
        [
          { id: 1, ...broken },
          { id: 2, rule: 1 },
        ],
        under(contract, { schema }),
      )
      expect([rows, rejected.counts]).toEqual([tables, { things: { data_type: 1 } }])
    }
  })
})

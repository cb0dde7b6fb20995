import { describe, expect, it } from 'vitest'
import { resolveShape } from '../connector/resolve.ts'
import { type ResourceOptions, type RowSchema, resource } from '../connector/resource.ts'
import { parseJson } from '../http/json.ts'
import type { JsonValue } from '../http/request.ts'
import { type Batch, isValid } from '../load/batch.ts'
import type { TableSchema } from '../load/schema.ts'
import { createNormalizer } from './normalizer.ts'
import { idsOf, textsIn, valueIn } from './testing/values-of.ts'

type Row = Record<string, unknown>

interface Options extends Partial<ResourceOptions<RowSchema, unknown>> {
  stored?: readonly TableSchema[]
  owners?: Map<string, string>
}

function rowsOf({ rowCount, columns, table }: Batch): Row[] {
  return Array.from({ length: rowCount }, (_, row) =>
    Object.fromEntries(
      table.columns.flatMap(({ name }, index) => {
        const vector = columns[index]!
        const value = valueIn(vector, row)
        return isValid(vector.valid, row) ? [[name, typeof value === 'bigint' ? Number(value) : value]] : []
      }),
    ),
  )
}

function load(records: readonly JsonValue[], { stored = [], owners = new Map(), ...options }: Options = {}) {
  const warnings: string[] = []
  const shape = resolveShape('api', 'things', resource({ endpoint: { path: '' }, ...options }), {})
  const warn = (message: string): void => void warnings.push(message)
  const normalizer = createNormalizer({ shape, stored, tableOwners: owners, identifierLimit: 63, warn })
  normalizer.startLoad(7)
  normalizer.write(records, 0, false)
  const batches = normalizer.take()
  const tables = Object.fromEntries(batches.map((batch) => [batch.table.name, rowsOf(batch)]))
  return { tables, batches, warnings, schemas: normalizer.schemas(), normalizer }
}

describe('shape', () => {
  it.each<[string, string, JsonValue[], Record<string, Row[]>, Options?]>([
    ['objects flatten', 'shape.object', [{ a: { b: 1, c: { d: 2 } } }], { things: [{ a__b: 1, a__c__d: 2 }] }],
    [
      'a list of objects is a child table',
      'shape.list',
      [{ a: [{ b: 1 }, { b: 2 }] }],
      { things: [{}], things__a: [{ b: 1 }, { b: 2 }] },
    ],
    [
      'a list of scalars has a column value',
      'shape.scalars',
      [{ a: ['x', 'y'] }],
      { things: [{}], things__a: [{ value: 'x' }, { value: 'y' }] },
    ],
    [
      'a list in a list',
      'shape.list-in-list',
      [{ a: [[1, 2], [3]] }],
      { things: [{}], things__a: [{}, {}], things__a__list: [{ value: 1 }, { value: 2 }, { value: 3 }] },
    ],
    ['a list in an object', 'shape.list', [{ a: { b: [1] } }], { things: [{}], things__a__b: [{ value: 1 }] }],
    ['a list in a child', 'shape.list', [{ a: [{ b: [1] }] }], { things: [{}], things__a: [{}], things__a__b: [{ value: 1 }] }],
    ['an object in a child', 'shape.object', [{ a: [{ b: { c: 1 } }] }], { things: [{}], things__a: [{ b__c: 1 }] }],
    ['what is empty is nothing', 'shape.empty', [{ a: {}, b: [], c: null, d: { e: {} } }], { things: [{}] }],
    ['null in a list is a row', 'shape.scalars', [{ a: [null, 1] }], { things: [{}], things__a: [{}, { value: 1 }] }],
    ['a record may be a scalar', 'shape.scalar-record', [1, null, 2], { things: [{ value: 1 }, {}, { value: 2 }] }],
    ['a record may be a list', 'shape.list-in-list', [[1, 2]], { things: [{}], things__list: [{ value: 1 }, { value: 2 }] }],
    ['null first', 'types.null-first', [{ a: null }, { a: 1 }, { a: null }], { things: [{}, { a: 1 }, {}] }],
    [
      'a scalar, an object and a list at one key',
      'shape.mixed',
      [{ a: 1 }, { a: { b: 2 } }, { a: [3] }],
      { things: [{ a: 1 }, { a__b: 2 }, {}], things__a: [{ value: 3 }] },
    ],
    [
      'objects and scalars in one list',
      'shape.mixed',
      [{ a: [1, { b: 2 }] }],
      { things: [{}], things__a: [{ value: 1 }, { b: 2 }] },
    ],
    [
      'a column that is declared as JSON',
      'shape.json',
      [{ a: { b: 1, c: [] } }, { a: [1] }, { a: 'x' }, { a: null }],
      { things: [{ a: '{"b":1,"c":[]}' }, { a: '[1]' }, { a: '"x"' }, {}] },
      { columns: { a: { type: 'json' } } },
    ],
    [
      'nesting of 0',
      'shape.nesting',
      [{ a: { b: 1 }, c: [1] }],
      { things: [{ a: '{"b":1}', c: '[1]' }] },
      { maxTableNesting: 0 },
    ],
    [
      'nesting of 1',
      'shape.nesting',
      [{ a: { b: { c: 1 }, d: 2 } }],
      { things: [{ a__b: '{"c":1}', a__d: 2 }] },
      { maxTableNesting: 1 },
    ],
    [
      'nesting of 1 in a list',
      'shape.nesting',
      [{ a: [{ b: [1] }] }],
      { things: [{}], things__a: [{ b: '[1]' }] },
      { maxTableNesting: 1 },
    ],
  ])('%s [%s]', (_what, _id, records, expected, options) => {
    expect(load(records, options).tables).toEqual(expected)
  })

  it('appends columns in the order seen [shape.order]', () => {
    const { schemas } = load([{ b: 1 }, { c: null, a: 1, b: 2 }, { c: 3 }])
    expect(schemas[0]!.columns.map(({ name }) => name)).toEqual(['b', 'a', 'c'])
  })

  it.each<[string, JsonValue, number]>([
    ['objects', JSON.parse(`${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`), 5000 - 1 - 20],
    ['lists', JSON.parse(`${'['.repeat(5000)}1${']'.repeat(5000)}`), 5000 - 20],
  ])('keeps %s nested 5000 deep, as JSON below 20 levels [settled.nesting]', (_what, record, levels) => {
    const { batches, schemas } = load([record])
    const found = batches.flatMap(rowsOf).flatMap((row) => Object.values(row))
    expect(found).toEqual([expect.stringMatching(/^[[{].*1.*[\]}]$/)])
    expect((found[0] as string).split(/[[{]/)).toHaveLength(levels + 1)
    expect(schemas.flatMap(({ columns }) => columns.map(({ type }) => type))).toEqual(['json'])
  })
})

describe('ids', () => {
  const record = { id: 5, tags: ['a'], parts: [{ subs: [1, 2] }] }

  it.each<[string, Options, JsonValue, string]>([
    ['without a key', {}, record, '7.1'],
    ['of a number', { primaryKey: 'id' as never }, record, '5'],
    ['of text', { primaryKey: 'id' as never }, { id: 'a b' }, 'a b'],
    ['of a nested key', { primaryKey: 'meta.id' as never }, { meta: { id: 9 } }, '9'],
    ['of several keys', { primaryKey: ['a', 'b'] as never }, { a: 'x|y', b: '\\z' }, 'x\\|y|\\\\z'],
    ['with every digit', { primaryKey: 'id' as never }, { id: 12_345_678_901_234_567_890n }, '12345678901234567890'],
  ])('%s', (_what, options, value, expected) => {
    expect(idsOf(load([value], options).batches[0]!)).toEqual([expected])
  })

  it('lead from children to their parents [shape.ids]', () => {
    const { batches } = load([record], { primaryKey: 'id' as never })
    const lines = batches.map(({ table, ids, lineage, rowCount }) => [
      table.name,
      textsIn(ids, rowCount),
      lineage && textsIn(lineage.parentIds, rowCount),
      lineage && textsIn(lineage.rootIds, rowCount),
      lineage && [...lineage.indexes.slice(0, rowCount)],
    ])
    expect(lines).toEqual([
      ['things', ['5'], undefined, undefined, undefined],
      ['things__tags', ['5.things__tags.0'], ['5'], ['5'], [0]],
      ['things__parts', ['5.things__parts.0'], ['5'], ['5'], [0]],
      [
        'things__parts__subs',
        ['5.things__parts.0.things__parts__subs.0', '5.things__parts.0.things__parts__subs.1'],
        ['5.things__parts.0', '5.things__parts.0'],
        ['5', '5'],
        [0, 1],
      ],
    ])
  })

  it('count within a load [shape.ids]', () => {
    const { normalizer, batches } = load([{ a: 1 }, { a: 2 }])
    expect(idsOf(batches[0]!)).toEqual(['7.1', '7.2'])
    normalizer.startLoad(8)
    normalizer.write([{ a: 3 }], 2, true)
    const [next] = normalizer.take()
    expect([idsOf(next!), next!.mayRepeat, batches[0]!.mayRepeat]).toEqual([['8.1'], true, false])
  })
})

describe('batches', () => {
  it('hold thousands of rows, each value in its place', () => {
    const records = Array.from({ length: 20_000 }, (_, id) => (id % 3 === 0 ? { id } : { id, name: `n${id}`, tags: [id] }))
    const { tables, normalizer } = load(records)
    expect(tables.things).toEqual(records.map(({ tags: _tags, ...row }: Row) => row))
    expect(tables.things__tags).toHaveLength(13_333)
    expect([normalizer.isEmpty(), normalizer.isFull()]).toEqual([true, false])
    normalizer.write(records, 0, false)
    expect([normalizer.isEmpty(), normalizer.isFull()]).toEqual([false, true])
  })
})

describe('hostile keys', () => {
  it.each([
    ['__proto__', '__proto__'],
    ['constructor', 'constructor'],
    ['toString', 'to_string'],
    ['hasOwnProperty', 'has_own_property'],
    ['', '_empty'],
    ['"; DROP TABLE things; --', '_drop_table_things_'],
    ["it's `odd`\n", 'it_s_odd_'],
    ['été', 'ete'],
    ['名前', '名前'],
    ['😀', '_'],
    ['a.b', 'a_b'],
    ['\u0000', '_'],
  ])('%j has the column %s [names.harmless]', (key, column) => {
    const value = `${JSON.stringify(key)}: 1`
    const { tables, warnings } = load([parseJson(`{${value}, "o": {${value}}, "l": [{${value}}]}`)])
    const inside = `o__${column}`
    expect(Object.entries(tables.things![0]!)).toEqual([
      [column, 1],
      [inside, 1],
    ])
    expect(Object.entries(tables.things__l![0]!)).toEqual([[column, 1]])
    expect(warnings).toEqual([])
  })

  it('of 300 characters fit the limit and stay apart [names.limit]', () => {
    const [one, two] = ['k'.repeat(300), `${'k'.repeat(299)}x`]
    const { schemas, tables } = load([{ [one]: 1, [two]: 2, [`${one}list`]: [3] }])
    const names = schemas.flatMap(({ name, columns }) => [name, ...columns.map((column) => column.name)])
    expect(names.every((name) => Buffer.byteLength(name) <= 63)).toBe(true)
    expect(Object.values(tables.things![0]!)).toEqual([1, 2])
    expect(Object.keys(tables)).toHaveLength(2)
  })
})

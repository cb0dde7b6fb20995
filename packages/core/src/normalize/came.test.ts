import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { resolveContract } from '../connector/contract.ts'
import type { JsonValue } from '../http/request.ts'
import type { Batch, CameBits } from '../load/batch.ts'
import { load, type Setup, setUp } from './testing/load-records.ts'

const upsert: Setup = { primaryKey: 'id', writeDisposition: 'merge', shape: { strategy: 'upsert' } }

const isSet = (bits: CameBits, row: number): boolean => bits === true || ((bits[row >>> 5] ?? 0) & (1 << (row & 31))) !== 0

/** Rows in which each column and list came, `all` for `true`. */
function cameOf({ came, table, rowCount }: Batch): Record<string, number[] | 'all'> {
  const rows = (bits: CameBits): number[] | 'all' =>
    bits === true ? 'all' : Array.from({ length: rowCount }, (_, row) => row).filter((row) => isSet(bits, row))
  return Object.fromEntries([
    ...table.columns.map(({ name }, index) => [name, rows(came!.columns[index]!)] as const),
    ...[...came!.children].map(([name, bits]) => [name, rows(bits)] as const),
  ])
}

describe('the fields that came', () => {
  it.each<[string, string, JsonValue[], Record<string, number[] | 'all'>, Setup?]>([
    [
      'one that is there',
      'dispositions.came.came',
      [
        { id: 1, a: 1, 'B!': 2 },
        { 'B!': 3, id: 2 },
      ],
      { id: 'all', a: [0], b_: 'all' },
    ],
    ['null', 'dispositions.came.null', [{ id: 1, a: null }, { id: 2 }, { id: 3, a: 1 }], { id: 'all', a: [0, 2] }],
    [
      'an object: only its own keys',
      'dispositions.came.nested',
      [
        { id: 1, a: { b: 1 } },
        { id: 2, a: { c: null } },
        { id: 3, a: { c: 1 } },
        { id: 4, a: {} },
      ],
      { id: 'all', a__b: [0], a__c: [1, 2] },
    ],
    [
      'null for an object: all that is below it',
      'dispositions.came.nested',
      [{ id: 1, a: null }, { id: 2, a: { b: { c: 1 } } }, { id: 3, a: { b: 5 } }, { id: 4 }],
      { id: 'all', a__b__c: [0, 1, 2], a__b: [0, 1, 2] },
    ],
    [
      'a scalar or a list for an object: all that is below it',
      'dispositions.came.nested',
      [
        { id: 1, a: { b: 1 } },
        { id: 2, a: 5 },
        { id: 3, a: [] },
      ],
      { id: 'all', a__b: 'all', a: 'all' },
    ],
    [
      'a list, empty or null',
      'dispositions.came.lists',
      [{ id: 1, a: [1] }, { id: 2, a: [] }, { id: 3, a: null }, { id: 4 }],
      { id: 'all', things__a: [0, 1, 2] },
    ],
    [
      'a list in an object',
      'dispositions.came.lists',
      [
        { id: 1, o: { a: [1] } },
        { id: 2, o: {} },
        { id: 3, o: null },
        { id: 4, o: { a: [] } },
      ],
      { id: 'all', things__o__a: [0, 2, 3] },
    ],
    [
      'a column with its variants',
      'dispositions.came.variants',
      [{ id: 1, a: 1 }, { id: 2, a: 'x' }, { id: 3 }],
      { id: 'all', a: [0, 1], a__v_text: [0, 1] },
    ],
    [
      'what is kept whole as JSON',
      'dispositions.came.came',
      [
        { id: 1, a: { b: { c: 1 } } },
        { id: 2, a: { b: null } },
        { id: 3, a: {} },
      ],
      { id: 'all', a__b: [0, 1] },
      { maxTableNesting: 1 },
    ],
    [
      'a value that a contract left out, which is null',
      'dispositions.came.came',
      [{ id: 1, a: 1 }, { id: 2, a: 'x' }, { id: 3 }],
      { id: 'all', a: [0, 1] },
      {
        columns: { id: { type: 'bigint' } },
        shape: { strategy: 'mirror', contract: resolveContract({ dataType: 'discard_value' }) },
      },
    ],
  ])('are noted: %s [%s]', (_what, id, records, expected, setup) => {
    expect(id).toMatch(/^dispositions\.came\./)
    expect(cameOf(load(records, { ...upsert, ...setup }).batches[0]!)).toEqual(expected)
  })

  it('are noted of the rows that stay alone [dispositions.came.came]', () => {
    const { schemas: stored } = load([{ id: 1, a: 1 }], upsert)
    const shape: Setup['shape'] = { strategy: 'upsert', contract: resolveContract({ columns: 'discard_row' }) }
    const { batches } = load([{ id: 1, a: 1, b: 1 }, { id: 2 }, { id: 3, a: null }], { ...upsert, stored, shape })
    expect(cameOf(batches[0]!)).toEqual({ id: 'all', a: [1] })
  })

  it('are those of the batch: of a later one, the records of this had nothing [dispositions.came.batches]', () => {
    const normalizer = setUp(upsert)
    normalizer.write([{ id: 1, a: 1, list: [1] }], 0, false)
    expect(cameOf(normalizer.take()[0]!)).toEqual({ id: 'all', a: 'all', things__list: 'all' })
    normalizer.write([{ id: 2, b: 1 }], 0, false)
    expect(cameOf(normalizer.take()[0]!)).toEqual({ id: 'all', a: [], b: 'all' })
  })

  it.each<[string, Setup]>([
    ['append', { primaryKey: 'id', shape: { strategy: 'upsert' } }],
    ['merge by delete-insert', { ...upsert, shape: { strategy: 'delete-insert' } }],
  ])('are not noted where nobody asks: %s [dispositions.came.came]', (_what, setup) => {
    expect(load([{ id: 1, list: [1] }], setup).batches.map(({ came }) => came)).toEqual([undefined, undefined])
  })

  const { value: anyValue } = fc.letrec<{ value: JsonValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'came' },
      fc.constantFrom<JsonValue>(null, 1, 'x', true),
      fc.array(tie('value'), { maxLength: 2, depthIdentifier: 'came' }),
      fc.dictionary(fc.constantFrom('a', 'b', 'c', '__proto__'), tie('value'), {
        noNullPrototype: true,
        depthIdentifier: 'came',
      }),
    ),
  }))
  const fields = fc.dictionary(fc.constantFrom('a', 'b', 'c'), anyValue, { noNullPrototype: true })

  /** The rule, for one record and one path. */
  function came(record: JsonValue, [key, ...rest]: readonly string[], nesting: number): boolean {
    if (typeof record !== 'object' || record === null || Array.isArray(record) || nesting < 0) return true
    if (!Object.hasOwn(record, key!)) return false
    return rest.length === 0 || came(record[key!]!, rest, nesting - 1)
  }

  it('are those that a plain rule finds, record by record [dispositions.came.came]', () => {
    fc.assert(
      fc.property(fc.array(fields, { minLength: 1, maxLength: 80 }), fc.integer({ min: 0, max: 5 }), (list, maxTableNesting) => {
        const records = list.map((record, id) => ({ ...record, id }))
        const { batches, schemas } = load(records, { ...upsert, maxTableNesting })
        const [{ table, came: found }] = batches as [Batch]
        for (const [row, record] of records.entries()) {
          for (const [index, { path }] of table.columns.entries())
            expect([path, isSet(found!.columns[index]!, row)]).toEqual([path, came(record, path, maxTableNesting)])
          for (const { name, path } of schemas.filter(({ parent }) => parent === 'things'))
            expect([name, isSet(found!.children.get(name)!, row)]).toEqual([name, came(record, path, maxTableNesting)])
        }
      }),
      { numRuns: 200 },
    )
  })
})

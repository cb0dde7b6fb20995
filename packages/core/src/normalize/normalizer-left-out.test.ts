import { describe, expect, it } from 'vitest'
import { resolveContract, type SchemaContract } from '../connector/contract.ts'
import { columnsOf, load, type Setup } from './testing/load-records.ts'
import { idsOf } from './testing/values-of.ts'

const under = (contract: SchemaContract, setup: Setup = {}): Setup => ({
  ...setup,
  shape: { contract: resolveContract(contract), ...setup.shape },
})

/** What is stored before: a table with a child. */
const { schemas: stored } = load([{ id: 1, a: 1, tags: [{ n: 1 }] }])

describe('a row that is left out', () => {
  const all: SchemaContract = { columns: 'discard_row' }

  it('leaves no column, no table, no type and no warning behind [contracts.traceless]', () => {
    const bad = { id: 2 ** 60, a: 1.5, more: [1], tags: [{ n: 'x', N: 1 }], 'new-one': 1 }
    const good = { id: 3, a: 4, tags: [{ n: 5 }] }
    const { tables, schemas, warnings, rejected } = load([{ id: 1, a: 2 }, bad, good], under(all, { stored }))
    expect(columnsOf(schemas)).toEqual(columnsOf(stored))
    expect(schemas).toEqual(stored)
    expect(tables).toEqual({
      things: [
        { id: 1, a: 2 },
        { id: 3, a: 4 },
      ],
      things__tags: [{ n: 5 }],
    })
    expect([warnings, rejected.counts]).toEqual([[], { things: { columns: 1 } }])
  })

  it('makes way for the same variant, table and key of the next row [contracts.traceless]', () => {
    const bad = { id: 2, a: 'x', more: [1], b: 1 }
    const good = { id: 3, a: 'y', more: [2] }
    const { tables } = load([bad, good, { id: 4, a: 'z' }], under(all, { stored }))
    expect(tables).toEqual({
      things: [
        { id: 3, a__v_text: 'y' },
        { id: 4, a__v_text: 'z' },
      ],
      things__more: [{ value: 2 }],
    })
  })

  it('does not claim a column that is declared by name [contracts.traceless]', () => {
    const columns = { user_name: { type: 'text' as const }, user_code: { description: 'left open' } }
    const records = [
      { userName: 'x', userCode: 1, b: 1 },
      { user_name: 'y', user_code: 'z' },
    ]
    const { tables, schemas } = load(records, under(all, { stored, columns }))
    expect(tables).toEqual({ things: [{ user_name: 'y', user_code: 'z' }] })
    expect(schemas[0]!.columns.find(({ name }) => name === 'user_name')!.path).toEqual(['user_name'])
  })

  it('does not say how a key is spelled [contracts.traceless]', () => {
    for (const columns of [undefined, { user_id: { type: 'bigint' as const } }]) {
      const records = [{ userId: 1, b: 1 }, { user_id: 2 }]
      const before = load([{ a: 1 }]).schemas
      const { tables, normalizer } = load(
        records,
        under(all, { stored: before, primaryKey: 'user_id', ...(columns && { columns }) }),
      )
      expect(tables).toEqual({ things: [{ user_id: 2 }] })
      expect(normalizer.keyColumns()).toEqual(['user_id'])
    }
  })

  it('is taken back in a batch that grew since a column widened for it [contracts.traceless]', () => {
    const many = Array.from({ length: 1000 }, (_, n) => ({ n }))
    const records = [
      { id: 1, tags: [...many, { n: 1.5 }, ...many], b: 1 },
      { id: 2, tags: many },
    ]
    const { tables, schemas } = load(records, under(all, { stored }))
    expect([tables, columnsOf(schemas)]).toEqual([{ things: [{ id: 2 }], things__tags: many }, columnsOf(stored)])
  })

  it('uses up its sequence and its id, and keeps the places of its siblings [contracts.places]', () => {
    const records = [{ a: 1 }, { a: 2, b: 1 }, { a: 3, tags: [{ n: 1 }, { n: 2, m: 1 }, { n: 3 }] }]
    const [things, tags] = load(records, under(all, { stored })).batches
    expect([idsOf(things!), [...things!.sequence.slice(0, 2)]]).toEqual([
      ['7.1', '7.3'],
      [1, 3],
    ])
    expect([idsOf(tags!), [...tags!.lineage!.indexes.slice(0, 2)]]).toEqual([
      ['7.3.things__tags.0', '7.3.things__tags.2'],
      [0, 2],
    ])
  })

  it('of a key that came before leaves the children of that one [contracts.traceless]', () => {
    const records = [
      { id: 5, tags: [{ n: 1 }] },
      { id: 5, tags: [{ n: 2 }], b: 1 },
    ]
    expect(load(records, under(all, { stored, primaryKey: 'id' })).tables).toEqual({
      things: [{ id: 5 }],
      things__tags: [{ n: 1 }],
    })
  })
})

describe('what was left out', () => {
  it('is kept with its record, once for each, by what was left out first [contracts.rejects]', () => {
    const records = [
      {
        id: 1,
        b: 'x',
        tags: [
          { n: 'y', m: 1 },
          { n: 1, m: 2 },
        ],
        c: 1,
        d: 2,
        more: [1],
      },
      { id: 2 },
      { id: 3, tags: [{ n: 1, m: 3 }] },
    ]
    const contract: SchemaContract = { columns: 'discard_value', tables: 'discard_value', dataType: 'discard_row' }
    const { rejected } = load(records, under(contract, { stored, loadId: 4 }))
    expect(rejected.rejects).toEqual([
      {
        loadId: 4,
        resource: 'things',
        sequence: 1,
        table: 'things',
        column: 'b',
        reason: 'columns',
        kind: 'part',
        message:
          'the table things has no column b, but the string "x" came; left out as well: things__tags.n, things__tags.m, things.c and 2 more.',
        record: records[0],
      },
      expect.objectContaining({ sequence: 3, table: 'things__tags', column: 'm', kind: 'part', record: records[2] }),
    ])
    expect(rejected.counts).toEqual({
      things: { columns: 3 },
      things__tags: { data_type: 1, columns: 2 },
      things__more: { tables: 1 },
    })
  })

  it('is kept as a record where nothing of it was loaded [contracts.rejects]', () => {
    const { rejected } = load([{ id: 1, a: 'x', b: 1 }], under({ columns: 'discard_row', dataType: 'discard_value' }, { stored }))
    expect(rejected.rejects).toMatchObject([{ kind: 'record', table: 'things', column: 'b', reason: 'columns' }])
    expect(rejected.rejects[0]!.message).toBe('the table things has no column b, but the number 1 came.')
  })

  it('is only counted, unless it is asked for [contracts.counts]', () => {
    const { rejected } = load([{ id: 1, b: 1 }], under({ columns: 'discard_row' }, { stored, keepRejects: false }))
    expect(rejected).toEqual({ counts: { things: { columns: 1 } }, rejects: [], mayRepeat: false })
  })

  it('is handed over once, and is something to take [contracts.rejects]', () => {
    const { normalizer } = load([], under({ columns: 'discard_row' }, { stored }))
    expect(normalizer.isEmpty()).toBe(true)
    normalizer.write([{ b: 1 }], 0, false)
    expect([normalizer.isEmpty(), normalizer.take()]).toEqual([false, []])
    expect(normalizer.takeRejected().rejects).toHaveLength(1)
    expect([normalizer.isEmpty(), normalizer.takeRejected()]).toEqual([true, { counts: {}, rejects: [], mayRepeat: false }])
  })

  it('makes a batch when there is much of it [contracts.rejects]', () => {
    const { normalizer } = load([], under({ columns: 'discard_row' }, { stored }))
    normalizer.write(Array(19_999).fill({ b: 1 }), 0, false)
    expect(normalizer.isFull()).toBe(false)
    normalizer.write([{ b: 1 }], 0, false)
    expect(normalizer.isFull()).toBe(true)
  })

  it('has names from an API as they are [contracts.rejects]', () => {
    const { rejected } = load([JSON.parse('{"__proto__": 1, "constructor": [1]}')], under('discard_value', { stored }))
    expect(rejected.counts).toEqual({ things: { columns: 1 }, things__constructor: { tables: 1 } })
  })
})

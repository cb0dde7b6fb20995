import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../http/request.ts'
import { rowHash } from './row-hash.ts'
import { errorOf, load, type Setup } from './testing/load-records.ts'
import { hashesIn, idsOf, textsIn } from './testing/values-of.ts'

const scd2: Setup = { primaryKey: 'id', writeDisposition: 'merge', shape: { strategy: 'scd2' } }

describe('versions of records', () => {
  it('have ids of their own, their load in it, and children that lead to them [dispositions.versions.ids]', () => {
    const [things, tags] = load([{ id: 5, tags: [[1]] }, { id: 6 }], { ...scd2, loadId: 3 }).batches
    expect([idsOf(things!), idsOf(tags!), textsIn(tags!.lineage!.parentIds, 1), textsIn(tags!.lineage!.rootIds, 1)]).toEqual([
      ['5@3', '6@3'],
      ['5@3.things__tags.0'],
      ['5@3'],
      ['5@3'],
    ])
  })

  it('without a key have the number of the load [dispositions.versions.ids]', () => {
    const shape: Setup['shape'] = { strategy: 'scd2', disposition: 'merge' }
    expect(idsOf(load([{ a: 1 }, { a: 2 }], { shape }).batches[0]!)).toEqual(['7.1', '7.2'])
  })

  it('are in a table that says so, with a hash for each row, and their children are not [dispositions.versions.hashes]', () => {
    const { batches, schemas } = load([{ id: 5, tags: [1] }, { id: 6 }], scd2)
    expect(schemas.map(({ versioned }) => versioned)).toEqual([true, undefined])
    expect(batches.map((batch) => [batch.table.versioned, hashesIn(batch)])).toEqual([
      [true, [rowHash({ id: 5, tags: [1] }), rowHash({ id: 6 })]],
      [undefined, undefined],
    ])
  })

  it.each<[string, Setup]>([
    ['another strategy', { primaryKey: 'id', writeDisposition: 'merge' }],
    ['another disposition', { ...scd2, writeDisposition: 'append' }],
  ])('do not become one row for each record: %s [dispositions.versions.conflict]', (_what, after) => {
    const { schemas: stored } = load([{ id: 1 }], scd2)
    expect(errorOf(() => load([], { ...after, stored }))).toMatchObject({
      code: 'SCHEMA_CONFLICT',
      recovery: 'fix-config',
      message: expect.stringMatching(
        /the table things has versions .*asks for one row for each record.*Load it anew with --full-refresh/,
      ),
    })
  })

  it('come into a table that had none before [dispositions.versions.conflict]', () => {
    const { schemas: stored } = load([{ id: 1 }], { primaryKey: 'id', writeDisposition: 'merge' })
    const { schemas, batches } = load([{ id: 1 }], { ...scd2, stored })
    expect([schemas[0]!.versioned, idsOf(batches[0]!)]).toEqual([true, ['1@7']])
  })

  it.each(['_sync_valid_from', '_sync_valid_to', '_sync_row_hash'])('keep their column %s [names.system]', (name) => {
    const { schemas, tables } = load([{ id: 1, [name]: 'x' }], scd2)
    expect(schemas[0]!.columns.map((column) => column.name)).toEqual(['id', expect.stringMatching(`^${name}_[0-9a-f]{6}$`)])
    expect(Object.values(tables.things![0]!)).toEqual([1, 'x'])
  })

  it('name the record by its key where it breaks a promise', () => {
    const columns = { code: { type: 'text' as const, nullable: false } }
    expect(errorOf(() => load([{ id: 5 }], { ...scd2, columns })).message).toMatch(/in the record with id 5\.$/)
  })
})

describe('the hash of a row', () => {
  const hashesOf = (record: JsonValue, setup: Setup): readonly string[] =>
    hashesIn(load([record], { ...scd2, ...setup }).batches[0]!)!
  const hashOf = (more: JsonValue, setup: Setup) => hashesOf({ id: 1, ...(more as object) }, setup)[0]
  const json: Setup = { columns: { meta: { type: 'json' } } }

  it.each<[string, Setup, JsonValue, JsonValue, boolean]>([
    ['an empty object in a column of JSON', json, { meta: {} }, { meta: null }, false],
    ['an empty list in a column of JSON', json, { meta: [] }, {}, false],
    ['null in a column of JSON', json, { meta: { a: null } }, { meta: {} }, false],
    ['the order of keys in a column of JSON', json, { meta: { a: 1, b: {} } }, { meta: { b: {}, a: 1 } }, true],
    ['an empty object below the deepest table', { maxTableNesting: 0 }, { meta: {} }, { meta: null }, false],
    ['an empty list in an object at the last level', { maxTableNesting: 1 }, { meta: { a: [] } }, { meta: {} }, false],
    ['an empty object at the last level', { maxTableNesting: 1 }, { meta: {} }, {}, true],
    ['an empty object in an item at the last level', { maxTableNesting: 1 }, { meta: [{ a: {} }] }, { meta: [{}] }, false],
    ['an empty list in a list at the last level', { maxTableNesting: 1 }, { meta: [[]] }, { meta: [null] }, false],
    ['an empty object anywhere else', {}, { meta: { a: {} }, list: [{ b: [] }, []] }, { list: [null, {}] }, true],
  ])('minds %s where its columns do [dispositions.versions.json]', (_what, setup, one, two, isSame) => {
    expect(hashOf(one, setup) === hashOf(two, setup)).toBe(isSame)
  })

  it.each<[string, Setup['schemaContract'], JsonValue]>([
    ['a value of another type', { dataType: 'discard_value' }, { id: 1, n: 'x' }],
    ['a new column', { columns: 'discard_value' }, { id: 1, n: 1, more: 2 }],
    ['a new table', { tables: 'discard_row' }, { id: 1, n: 1, list: [1] }],
    ['an item of a list', { dataType: 'discard_row' }, { id: 1, n: 1, known: [{ a: 'x' }] }],
  ])('is another one once a contract lets in %s that it left out [contracts.versions]', (_what, schemaContract, record) => {
    const { schemas: stored } = load([{ id: 1, n: 1, known: [{ a: 1 }] }], scd2)
    const leftOut = { stored, ...(schemaContract !== undefined && { schemaContract }) }
    expect(hashesOf(record, leftOut)).toEqual(hashesOf(record, leftOut))
    expect(hashesOf(record, leftOut)).not.toEqual(hashesOf(record, { stored }))
    // Of the record alone: what was left out of another one changes nothing.
    const { batches } = load([record, { id: 2, n: 1 }], { ...scd2, ...leftOut })
    expect(hashesIn(batches[0]!)![1]).toBe(hashesOf({ id: 2, n: 1 }, { stored })[0])
  })

  it('stays with its row where rows before it are left out [contracts.versions]', () => {
    const { schemas: stored } = load([{ id: 1, n: 1 }], scd2)
    const { batches } = load(
      [
        { id: 2, n: 'x' },
        { id: 3, n: 3 },
      ],
      { ...scd2, stored, schemaContract: { dataType: 'discard_row' } },
    )
    expect([idsOf(batches[0]!), hashesIn(batches[0]!)]).toEqual([['3@7'], hashesOf({ id: 3, n: 3 }, { stored })])
  })
})

describe('the hash of a record', () => {
  it.each<[string, JsonValue, JsonValue]>([
    ['the order of keys', { a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 }],
    ['null', { a: 1, b: null }, { a: 1 }],
    ['empty objects and lists', { a: 1, b: {}, c: [], d: { e: [], f: { g: null } } }, { a: 1 }],
    ['an item with nothing in it', { a: [null, {}, { b: null }] }, { a: [null, null, null] }],
    ['nothing at all', {}, null],
  ])('is no other for %s [dispositions.versions.same]', (_what, one, two) => {
    expect(rowHash(one)).toBe(rowHash(two))
  })

  it.each<[string, JsonValue, JsonValue]>([
    ['another value', { a: 1 }, { a: 2 }],
    ['another type', { a: 1 }, { a: '1' }],
    ['another key', { a: 1 }, { b: 1 }],
    ['another level', { a: { b: 1 } }, { a: 1, b: 1 }],
    ['another place in a list', { a: [1, null] }, { a: [null, 1] }],
    ['an item with nothing in it', { a: [1, null] }, { a: [1] }],
    ['a list', { a: [1] }, { a: 1 }],
    ['another last digit', { a: 2n ** 60n }, { a: 2n ** 60n + 1n }],
    ['__proto__', JSON.parse('{"__proto__": 1}'), {}],
    ['quotes', { 'a":1,"b': 1 }, { a: 1, b: 1 }],
  ])('is another one for %s [dispositions.versions.other]', (_what, one, two) => {
    expect(rowHash(one)).not.toBe(rowHash(two))
  })

  it('has no limit of depth', () => {
    const deep = (depth: number, inside: JsonValue): JsonValue => {
      let value = inside
      for (let level = 0; level < depth; level++) value = { b: value, a: 1 }
      return value
    }
    expect(rowHash(deep(20_000, 1))).not.toBe(rowHash(deep(20_000, 2)))
    expect(rowHash(deep(20_000, { x: 1, y: 2 }))).toBe(rowHash(deep(20_000, { y: 2, x: 1 })))
  })

  it('is that of the same JSON, whatever it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, two) => {
        const text = (value: unknown) => JSON.stringify(value)
        const is = rowHash(one as JsonValue)
        expect(rowHash(JSON.parse(text(one)))).toBe(is)
        // Texts that differ by more than nulls, empties and order.
        const isScalar = [one, two].every((value) => typeof value !== 'object')
        if (isScalar) expect(rowHash(two as JsonValue) === is).toBe(text(one) === text(two))
      }),
    )
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { resolveShape } from '../connector/resolve.ts'
import { resource } from '../connector/resource.ts'
import type { JsonValue } from '../http/request.ts'
import { type Batch, isValid } from '../load/batch.ts'
import { SYSTEM_COLUMNS, type TableSchema } from '../load/schema.ts'
import { textAt } from '../load/texts.ts'
import { createNormalizer } from './normalizer.ts'
import { valueIn } from './testing/values-of.ts'

const LIMIT = 63

function normalize(records: readonly JsonValue[], stored: readonly TableSchema[] = [], batchSize = records.length) {
  const normalizer = createNormalizer({
    shape: resolveShape('api', 'things', resource({ endpoint: { path: '' } }), {}),
    stored,
    tableOwners: new Map(),
    identifierLimit: LIMIT,
    warn: () => {},
  })
  normalizer.startLoad(1)
  const batches: Batch[] = []
  for (let from = 0; from < records.length; from += batchSize) {
    normalizer.write(records.slice(from, from + batchSize), from, false)
    batches.push(...normalizer.take())
  }
  return { batches, schemas: normalizer.schemas() }
}

/** Where a value was and what it was, in one text that does not depend on its column's type. */
function leaf(path: readonly string[], value: unknown): string {
  const isInteger = typeof value === 'number' && Number.isInteger(value)
  const text = String(isInteger ? BigInt(value) : value)
  return `${JSON.stringify(path)} ${text === 'true' ? 1 : text === 'false' ? 0 : text}`
}

/** The model: all scalars of a value with the keys that lead to them. */
function leaves(value: JsonValue, path: readonly string[] = []): string[] {
  if (value === null) return []
  if (Array.isArray(value)) return value.flatMap((item) => leaves(item, Array.isArray(item) ? [...path, 'list'] : path))
  if (typeof value === 'object') return Object.entries(value).flatMap(([key, member]) => leaves(member, [...path, key]))
  return [leaf(path, value)]
}

const leavesOfRecord = (record: JsonValue): string[] => leaves(record, Array.isArray(record) ? ['list'] : []).sort()

/** The same from the rows, by the id of the root record. */
function leavesOfRows(batches: readonly Batch[]): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const { table, rowCount, columns, ids, lineage } of batches) {
    for (let row = 0; row < rowCount; row++) {
      const rootId = textAt(lineage?.rootIds ?? ids, row)
      const list = found.get(rootId) ?? []
      found.set(rootId, list)
      for (const [index, { path }] of table.columns.entries()) {
        const vector = columns[index]!
        if (isValid(vector.valid, row)) list.push(leaf([...table.path, ...path], valueIn(vector, row)))
      }
    }
  }
  return found
}

const key = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('a', 'A', 'b', 'aB', 'a_b', 'a__b', 'list', 'value', 'id') },
  { weight: 2, arbitrary: fc.constantFrom('__proto__', 'constructor', '', '"', '_sync_id', 'a.b', 'été', 'k'.repeat(300)) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 6 }) },
)

// Texts that no other type takes, and numbers that no boolean does: what a column then holds is what was written.
const scalar: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.string().map((text) => `x${text}`),
  fc.integer({ min: 2 }),
  fc.double({ noNaN: true, min: -1e15, max: 1e15 }).filter((number) => Math.abs(number) > 1),
  fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }).filter((integer) => !Number.isSafeInteger(Number(integer))),
  fc.boolean(),
  fc.constant(null),
)

const { value: record } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, depthIdentifier: 'record' },
    scalar,
    fc.array(tie('value'), { maxLength: 3, depthIdentifier: 'record' }),
    fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true, depthIdentifier: 'record' }),
  ),
}))

const records = fc.array(record, { minLength: 1, maxLength: 8 })

/** The same value with its keys the other way round. */
function reversed(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, reversed(member)]),
  )
}

describe('records → rows', () => {
  it('holds every scalar of each record, at its place, once [shape.complete]', () => {
    fc.assert(
      fc.property(records, fc.integer({ min: 1, max: 8 }), (list, batchSize) => {
        // Ids of rows without a key count from 1.
        const found = leavesOfRows(normalize(list, [], batchSize).batches)
        list.forEach((each, index) => {
          expect(found.get(`1.${index + 1}`)?.sort()).toEqual(leavesOfRecord(each))
        })
        expect(found.size).toBe(list.length)
      }),
      { numRuns: 1000 },
    )
  })

  it('has names that are unique, short enough and harmless [names.harmless]', () => {
    fc.assert(
      fc.property(records, (list) => {
        const { schemas } = normalize(list)
        const tables = schemas.map(({ name }) => name)
        expect(new Set(tables).size).toBe(tables.length)
        for (const { columns } of schemas) {
          const names = [...columns.map(({ name }) => name), ...Object.values(SYSTEM_COLUMNS)]
          expect(new Set(names).size).toBe(names.length)
          expect(names.filter((name) => Buffer.byteLength(name) > LIMIT || !/^[\p{L}\p{M}\p{N}_]+$/u.test(name))).toEqual([])
        }
      }),
      { numRuns: 300 },
    )
  })

  it('keeps tables, columns and types in a second run, whatever the order of keys and records [settled.suffixes]', () => {
    fc.assert(
      fc.property(records, (list) => {
        const first = normalize(list).schemas
        const second = normalize(list.map(reversed).reverse(), first).schemas
        const byName = (schemas: readonly TableSchema[]) => schemas.toSorted((a, b) => (a.name < b.name ? -1 : 1))
        expect(byName(second)).toEqual(byName(first))
      }),
      { numRuns: 300 },
    )
  })
})

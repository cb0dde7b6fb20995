import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { resolveShape } from '../connector/resolve.ts'
import { resource } from '../connector/resource.ts'
import { parseJson } from '../http/json.ts'
import type { JsonValue } from '../http/request.ts'
import type { Batch } from '../load/batch.ts'
import { createNormalizer, type Normalizer } from '../normalize/normalizer.ts'
import { textsIn, valuesOf } from '../normalize/testing/values-of.ts'
import { page } from './testing/json-pages.ts'

const PATH = ['data']

function normalizer(primaryKey: string | undefined): { normalizer: Normalizer; warnings: Set<string> } {
  const warnings = new Set<string>()
  const shape = resolveShape(
    'api',
    'things',
    resource({ endpoint: { path: '' }, ...(primaryKey !== undefined && { primaryKey }) }) as never,
    {},
  )
  const made = createNormalizer({
    shape,
    stored: [],
    tableOwners: new Map(),
    identifierLimit: 63,
    warn: (message) => void warnings.add(message),
  })
  made.startLoad(7)
  return { normalizer: made, warnings }
}

/** Everything that a batch says. */
const contentOf = ({ table, rowCount, columns, ids, sequence, lineage, mayRepeat }: Batch): unknown => ({
  table,
  rowCount,
  columns: columns.map((column) => valuesOf(column, rowCount)),
  ids: textsIn(ids, rowCount),
  sequence: [...sequence.subarray(0, rowCount)],
  parents: lineage && textsIn(lineage.parentIds, rowCount),
  roots: lineage && textsIn(lineage.rootIds, rowCount),
  indexes: lineage && [...lineage.indexes.subarray(0, rowCount)],
  mayRepeat,
})

function parsed(text: string): JsonValue[] | undefined {
  try {
    return (parseJson(text) as { data: JsonValue[] }).data ?? []
  } catch {
    return undefined
  }
}

/** What came of the pages: their batches, or how it failed, and what was told. */
function load(
  pages: readonly string[],
  batchAt: number,
  primaryKey: string | undefined,
  isScanned: boolean,
  isTaken?: (index: number) => boolean,
) {
  const { normalizer: made, warnings } = normalizer(primaryKey)
  const batches: Batch[] = []
  let scanned = 0
  let position = 0
  let failure: unknown
  try {
    for (const [index, text] of pages.entries()) {
      const body = isScanned ? made.scan(Buffer.from(text), PATH) : undefined
      const records = parsed(text)
      if (body !== undefined) {
        expect(body.around).toEqual({ ...(parseJson(text) as object), data: [] })
        expect(Array.from({ length: body.rows.count }, (_, each) => body.rows.recordAt(each))).toEqual(records)
      }
      // Not JSON: the page is refused, as it was before.
      if (records === undefined) continue
      const kept = isTaken === undefined ? records : records.filter((_, each) => isTaken(each))
      if (body !== undefined && made.append(body.rows, isTaken, position, false, text.length)) scanned++
      else made.write(kept, position, false, text.length)
      body?.rows.release()
      position += records.length
      if (index === batchAt) batches.push(...made.take())
    }
    batches.push(...made.take())
  } catch (error) {
    failure = String(error)
  }
  return { content: batches.map(contentOf), schemas: made.schemas(), failure, warnings: [...warnings].sort(), scanned }
}

const pages = fc.array(page, { minLength: 1, maxLength: 5 })
const options = fc.tuple(pages, fc.nat({ max: 4 }), fc.constantFrom(undefined, 'id'))

describe('pages that are scanned', () => {
  it('give the rows that their records give [scan.same]', () => {
    let scanned = 0
    let read = 0
    fc.assert(
      fc.property(options, ([texts, batchAt, primaryKey]) => {
        const { scanned: count, ...rows } = load(texts, batchAt, primaryKey, true)
        const { scanned: _, ...expected } = load(texts, batchAt, primaryKey, false)
        expect(rows).toEqual(expected)
        scanned += count
        read += texts.length
      }),
      { numRuns: 3000 },
    )
    // A test of pages that are hardly ever scanned would show nothing.
    expect(scanned).toBeGreaterThan(read / 20)
  })

  it('give the rows of those records that are taken [scan.taken]', () => {
    fc.assert(
      fc.property(options, fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }), ([texts, batchAt, primaryKey], taken) => {
        const isTaken = (index: number): boolean => taken[index]!
        const { scanned: _, failure, warnings: _warnings, ...rows } = load(texts, batchAt, primaryKey, true, isTaken)
        const {
          scanned: _none,
          failure: expectedFailure,
          warnings: _told,
          ...expected
        } = load(texts, batchAt, primaryKey, false, isTaken)
        expect(rows).toEqual(expected)
        expect(failure).toEqual(expectedFailure)
      }),
      { numRuns: 1000 },
    )
  })
})

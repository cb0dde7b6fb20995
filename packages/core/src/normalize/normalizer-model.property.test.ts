import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ContractMode, ResolvedContract } from '../connector/contract.ts'
import { resolveShape } from '../connector/resolve.ts'
import { resource } from '../connector/resource.ts'
import type { JsonValue } from '../http/request.ts'
import { type Batch, isValid } from '../load/batch.ts'
import type { Reject, RejectReason } from '../load/reject.ts'
import type { TableSchema } from '../load/schema.ts'
import { textAt } from '../load/texts.ts'
import { createNormalizer } from './normalizer.ts'
import { checkKinds } from './testing/load-records.ts'
import { loadModel, type ModelResult, type ModelRow, type ModelTables, ROOT } from './testing/model.ts'
import { valueIn } from './testing/values-of.ts'

interface Load {
  readonly records: JsonValue[]
  readonly batchSize: number
  readonly contract: ResolvedContract
}

const scalar = fc.constantFrom<JsonValue>(
  ...[null, true, false, 0, 1, 2, 12, -7, 1_700_000_000, 1.5, -0.25, 1e21],
  ...[2n ** 60n, -(2n ** 63n), 2n ** 63n, 10n ** 38n],
  ...['x', '', '12', '1.5', 'yes', 'no', '2026-01-02', '2026-01-02T03:04:05Z', '2026-01-02T03:04:05'],
)

const key = fc.constantFrom('a', 'b', 'A', 'list', 'value', '__proto__')

const { value: record } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'model' },
    { weight: 3, arbitrary: scalar },
    { weight: 2, arbitrary: fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true, depthIdentifier: 'model' }) },
    { weight: 1, arbitrary: fc.array(tie('value'), { maxLength: 3, depthIdentifier: 'model' }) },
  ),
}))

const mode = fc.constantFrom<ContractMode>('evolve', 'evolve', 'discard_row', 'discard_value')

const load: fc.Arbitrary<Load> = fc.record({
  records: fc.array(record, { maxLength: 8 }),
  batchSize: fc.integer({ min: 1, max: 8 }),
  contract: fc.record({ tables: mode, columns: mode, dataType: fc.option(mode, { nil: undefined }) }),
})

/** Loads the same with the normalizer, and gives it as the model does. */
function loadReal(stored: readonly TableSchema[], { records, batchSize, contract }: Load, id: number, maxTableNesting: number) {
  const shape = { ...resolveShape('api', 'things', resource({ endpoint: { path: '' }, maxTableNesting }), {}), contract }
  const options = { shape, stored, tableOwners: new Map(), identifierLimit: 63, warn: () => {}, keepRejects: true }
  const normalizer = createNormalizer(options)
  normalizer.startLoad(id)
  const batches: Batch[] = []
  const rejects: Reject[] = []
  const counts: Partial<Record<RejectReason, number>> = {}
  for (let from = 0; from < records.length; from += batchSize) {
    normalizer.write(records.slice(from, from + batchSize), from, false)
    batches.push(...normalizer.take())
    batches.forEach(checkKinds)
    const rejected = normalizer.takeRejected()
    rejects.push(...rejected.rejects)
    for (const byReason of Object.values(rejected.counts))
      for (const [reason, count] of Object.entries(byReason))
        counts[reason as RejectReason] = (counts[reason as RejectReason] ?? 0) + count
  }
  const schemas = normalizer.schemas()
  const tables = tablesOf(schemas.length === 0 ? stored : schemas, batches)
  const kinds = rejects.map(({ sequence, kind }) => [sequence, kind] as [number, 'record' | 'part'])
  return { schemas: schemas.length === 0 ? stored : schemas, result: { tables, counts, rejects: kinds } }
}

/** Tables by their paths as in the model, with what the batches have of each. */
function tablesOf(schemas: readonly TableSchema[], batches: readonly Batch[]): ModelTables {
  const names = new Map<string, string>()
  const paths = new Map(schemas.map(({ name, path }) => [name, path]))
  const tables: Record<string, unknown> = {}
  const ids = new Map<string, string>()
  for (const { name, parent, path, columns } of schemas) {
    const own = parent === undefined ? ROOT : `${names.get(parent)} > ${pathText(path.slice(paths.get(parent)!.length))}`
    names.set(name, own)
    const rows: ModelRow[] = []
    for (const batch of batches.filter(({ table }) => table.name === name))
      for (let row = 0; row < batch.rowCount; row++) rows.push(rowOf(batch, row, own, ids))
    tables[own] = {
      parent: parent === undefined ? undefined : names.get(parent),
      columns: Object.fromEntries(
        columns.map((column) => [columnText(column), { type: column.type, exceeds: column.exceedsDouble === true }]),
      ),
      rows,
    }
  }
  return tables as ModelTables
}

const pathText = (path: readonly string[]): string => path.map((each) => `/${each}`).join('')
const columnText = ({ path, variant }: TableSchema['columns'][number]): string =>
  `${pathText(path)}${variant === undefined ? '' : ` ${variant}`}`

function rowOf(batch: Batch, row: number, table: string, ids: Map<string, string>): ModelRow {
  const cells = batch.table.columns.flatMap((column, index) => {
    const vector = batch.columns[index]!
    if (!isValid(vector.valid, row)) return []
    const value = valueIn(vector, row)
    return [[columnText(column), String(typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : value)]]
  })
  const { lineage } = batch
  const parentId = lineage === undefined ? undefined : ids.get(textAt(lineage.parentIds, row))!
  const index = lineage?.indexes[row]
  const ownId = textAt(batch.ids, row)
  const id = lineage === undefined ? ownId : `${parentId} ${table} ${index}`
  ids.set(ownId, id)
  return { id, parentId, index, cells: Object.fromEntries(cells) as Record<string, string> }
}

/** What of the model is compared: a table that is new is new in both. */
const comparable = ({ tables, ...rest }: ModelResult): unknown => ({
  ...rest,
  tables: Object.fromEntries(
    Object.entries(tables).map(([name, { parent, columns, rows }]) => [name, { parent, columns, rows }]),
  ),
})

describe('records → rows, as a plain model has them', () => {
  it('in several loads, each with its contract, the schemas restored in between [shape.model]', () => {
    let leftOut = 0
    fc.assert(
      fc.property(fc.array(load, { minLength: 1, maxLength: 3 }), fc.integer({ min: 0, max: 4 }), (loads, maxNesting) => {
        let stored: readonly TableSchema[] = []
        let model: ModelTables = {}
        loads.forEach((each, index) => {
          const expected = loadModel(model, each.records, index + 1, each.contract, maxNesting)
          const { schemas, result } = loadReal(stored, each, index + 1, maxNesting)
          expect(comparable(result)).toEqual(comparable(expected))
          leftOut += expected.rejects.length
          model = expected.tables
          stored = schemas
        })
      }),
      { numRuns: 2000 },
    )
    expect(leftOut).toBeGreaterThan(100)
  })
})

import { type ResolvedShape, resolveShape } from '../../connector/resolve.ts'
import { type Resource, type ResourceOptions, type RowSchema, resource } from '../../connector/resource.ts'
import { isTributaryError, type TributaryError } from '../../errors.ts'
import type { JsonValue } from '../../http/request.ts'
import { type Batch, type ColumnVector, isValid } from '../../load/batch.ts'
import type { ColumnType, TableSchema } from '../../load/schema.ts'
import { createNormalizer, type Normalizer, type Rejected } from '../normalizer.ts'
import { valueIn } from './values-of.ts'

// Support of tests: records in, rows out.

export type Row = Record<string, unknown>

export interface Setup extends Partial<Omit<ResourceOptions<RowSchema, unknown>, 'primaryKey' | 'schema' | 'columns'>> {
  readonly primaryKey?: string | string[]
  readonly schema?: unknown
  readonly columns?: Resource['columns']
  /** What a resource resolves to, where it is not said in the words of an author. */
  readonly shape?: Partial<ResolvedShape>
  readonly stored?: readonly TableSchema[]
  readonly keepRejects?: boolean
  readonly loadId?: number
}

export interface Loaded {
  /** Rows of each table. */
  readonly tables: Record<string, Row[]>
  readonly batches: readonly Batch[]
  readonly schemas: readonly TableSchema[]
  readonly rejected: Rejected
  readonly warnings: readonly string[]
  readonly normalizer: Normalizer
}

export function setUp(
  { shape, stored = [], keepRejects = true, loadId = 7, ...options }: Setup = {},
  warnings: string[] = [],
  cursor?: string,
): Normalizer {
  const made = resource({ endpoint: { path: '' }, ...(options as object) })
  const normalizer = createNormalizer({
    shape: { ...resolveShape('api', 'things', made, {}), ...shape },
    stored,
    tableOwners: new Map(),
    identifierLimit: 63,
    warn: (message) => void warnings.push(message),
    keepRejects,
    ...(cursor !== undefined && { cursor }),
  })
  normalizer.startLoad(loadId)
  return normalizer
}

/** Loads records in one batch. */
export function load(records: readonly JsonValue[], setup: Setup = {}): Loaded {
  const warnings: string[] = []
  const normalizer = setUp(setup, warnings)
  normalizer.write(records, 0, false)
  const batches = normalizer.take()
  const tables = Object.fromEntries(batches.map((batch) => [batch.table.name, rowsOf(batch)]))
  return { tables, batches, schemas: normalizer.schemas(), rejected: normalizer.takeRejected(), warnings, normalizer }
}

/** Throws where the vectors of a batch are not those of its column types. */
export function checkKinds({ table, columns }: Batch): void {
  for (const [index, { name, type }] of table.columns.entries()) {
    const { kind } = columns[index]!
    const expected = KINDS[type] ?? 'text'
    if (kind !== expected) throw new Error(`${table.name}.${name} is ${type}, which goes by ${expected}, but it has ${kind}`)
  }
}

const KINDS: Partial<Record<ColumnType, ColumnVector['kind']>> = {
  bigint: 'int64',
  timestamp: 'int64',
  time: 'int64',
  date: 'int32',
  double: 'float64',
  bool: 'bool',
  binary: 'bytes',
}

function rowsOf(batch: Batch): Row[] {
  checkKinds(batch)
  const { rowCount, columns, table } = batch
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

/** Each table's columns as `name type`. */
export const columnsOf = (schemas: readonly TableSchema[]): Record<string, string[]> =>
  Object.fromEntries(schemas.map(({ name, columns }) => [name, columns.map((column) => `${column.name} ${column.type}`)]))

export function errorOf(run: () => unknown): TributaryError {
  try {
    run()
  } catch (error) {
    if (isTributaryError(error)) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

import type { ResolvedContract } from '../../connector/contract.ts'
import { stringifyJson } from '../../http/json.ts'
import type { JsonValue } from '../../http/request.ts'
import type { RejectReason } from '../../load/reject.ts'

// Support of tests: what becomes of records by the rules, written as plainly as can be. Tables and columns go by their paths.

interface ModelColumn {
  type: string
  /** Has held an integer that no double could. */
  exceeds: boolean
}

export interface ModelRow {
  readonly id: string
  readonly parentId: string | undefined
  readonly index: number | undefined
  /** By `path` or `path type` for a variant: values as text. */
  readonly cells: Record<string, string>
}

interface ModelTable {
  readonly parent: string | undefined
  readonly isStored: boolean
  readonly columns: Record<string, ModelColumn>
  readonly rows: ModelRow[]
}

/** By the path of each table. */
export type ModelTables = Record<string, ModelTable>

export interface ModelResult {
  readonly tables: ModelTables
  readonly counts: Partial<Record<RejectReason, number>>
  /** Sequence and kind of each. */
  readonly rejects: readonly [number, 'record' | 'part'][]
}

interface Violation {
  readonly reason: RejectReason
  readonly count: number
}

interface State {
  tables: ModelTables
  violations: Violation[]
}

class RowLeftOut extends Error {
  readonly reason: RejectReason

  constructor(reason: RejectReason) {
    super('left out')
    this.reason = reason
  }
}

export const ROOT = 'root'

export function loadModel(
  stored: ModelTables,
  records: readonly JsonValue[],
  load: number,
  contract: ResolvedContract,
  maxNesting: number,
): ModelResult {
  const isFresh = stored[ROOT] === undefined
  let state: State = { tables: asStored(stored), violations: [] }
  const counts: Partial<Record<RejectReason, number>> = {}
  const rejects: [number, 'record' | 'part'][] = []

  const violate = (reason: RejectReason, count = 1): void => {
    const mode = reason === 'tables' ? contract.tables : reason === 'columns' ? contract.columns : contract.dataType
    if (mode === 'discard_row' && reason !== 'tables') throw new RowLeftOut(reason)
    state.violations.push({ reason, count })
  }

  const walk = (table: string, row: number, path: string, depth: number, value: JsonValue): void => {
    if (value === null) return
    const isObject = typeof value === 'object'
    if (!isObject || depth >= maxNesting || state.tables[table]!.columns[path]?.type === 'json') place(table, row, path, value)
    else if (Array.isArray(value)) walkList(table, row, path, depth, value)
    else for (const [key, member] of Object.entries(value)) walk(table, row, join(path, key), depth + 1, member)
  }

  const walkList = (table: string, row: number, path: string, depth: number, items: readonly JsonValue[]): void => {
    if (items.length === 0) return
    const child = `${table} > ${path}`
    if (state.tables[child] === undefined) {
      if (contract.tables !== 'evolve') {
        violate('tables', items.length)
        return
      }
      state.tables[child] = { parent: table, isStored: false, columns: {}, rows: [] }
    }
    const parentId = state.tables[table]!.rows[row]!.id
    items.forEach((item, index) => {
      attempt(() => {
        const { rows } = state.tables[child]!
        // The number in it is told apart by the parent and the index alone.
        rows.push({ id: `${parentId} ${child} ${index}`, parentId, index, cells: {} })
        writeItem(child, rows.length - 1, depth + 1, item)
      })
    })
  }

  const writeItem = (table: string, row: number, depth: number, item: JsonValue): void => {
    if (Array.isArray(item)) walk(table, row, join('', 'list'), depth, item)
    else if (typeof item === 'object' && item !== null)
      for (const [key, member] of Object.entries(item)) walk(table, row, join('', key), depth, member)
    else if (item !== null) place(table, row, '', item)
  }

  const place = (name: string, row: number, path: string, value: JsonValue): void => {
    const table = state.tables[name]!
    const { cells } = table.rows[row]!
    const { columns } = table
    if (columns[path] === undefined) {
      if (contract.columns !== 'evolve' && table.isStored) {
        violate('columns')
        return
      }
      columns[path] = { type: inferred(value), exceeds: false }
    }
    const column = columns[path]
    if (put(column, cells, path, value)) return
    const variantType = inferred(value) === 'decimal' ? 'text' : inferred(value)
    const variant = `${path} ${variantType}`
    if (contract.dataType !== undefined && contract.dataType !== 'evolve') {
      if (columns[variant] === undefined || !put(columns[variant], cells, variant, value)) violate('data_type')
      return
    }
    const wider = widened(column, value)
    if (wider === undefined) {
      columns[variant] ??= { type: variantType, exceeds: false }
      put(columns[variant], cells, variant, value)
    } else {
      column.type = wider
      column.exceeds = false
      put(column, cells, path, value)
    }
  }

  /** Does it, or leaves everything as it was, but for the violation. */
  const attempt = (write: () => void): boolean => {
    const before = structuredClone(state)
    try {
      write()
      return true
    } catch (error) {
      if (!(error instanceof RowLeftOut)) throw error
      state = before
      state.violations.push({ reason: error.reason, count: 1 })
      return false
    }
  }

  records.forEach((record, index) => {
    const isWhole = isFresh && contract.tables !== 'evolve'
    const isWritten = attempt(() => {
      if (isWhole) throw new RowLeftOut('tables')
      state.tables[ROOT] ??= emptyRoot(false)
      const { rows } = state.tables[ROOT]
      rows.push({ id: `${load}.${index + 1}`, parentId: undefined, index: undefined, cells: {} })
      writeItem(ROOT, rows.length - 1, 0, record)
    })
    if (state.violations.length > 0) rejects.push([index + 1, isWritten ? 'part' : 'record'])
    for (const { reason, count } of state.violations) counts[reason] = (counts[reason] ?? 0) + count
    state.violations = []
  })
  if (contract.tables === 'evolve') state.tables[ROOT] ??= emptyRoot(false)
  return { tables: state.tables, counts, rejects }
}

const emptyRoot = (isStored: boolean): ModelTable => ({ parent: undefined, isStored, columns: {}, rows: [] })

const asStored = (tables: ModelTables): ModelTables =>
  Object.fromEntries(
    Object.entries(structuredClone(tables)).map(([name, table]) => [name, { ...table, isStored: true, rows: [] }]),
  )

const join = (path: string, key: string): string => `${path}/${key}`

function put(column: ModelColumn, cells: Record<string, string>, name: string, value: JsonValue): boolean {
  const text = fit(column.type, value)
  if (text === undefined) return false
  cells[name] = text
  if (column.type === 'bigint' && Math.abs(Number(text)) > 2 ** 53) column.exceeds = true
  return true
}

function inferred(value: JsonValue): string {
  switch (typeof value) {
    case 'number':
      return Number.isSafeInteger(value) ? 'bigint' : 'double'
    case 'bigint':
      return BigInt.asIntN(64, value) === value ? 'bigint' : String(value).length <= 38 ? 'decimal' : 'text'
    case 'boolean':
      return 'bool'
    case 'string':
      return isDateTime(value) ? 'timestamp' : 'text'
    default:
      return 'json'
  }
}

function widened({ type, exceeds }: ModelColumn, value: JsonValue): string | undefined {
  if (type === 'bigint' && typeof value === 'number') return exceeds ? undefined : 'double'
  if (type === 'bigint' && typeof value === 'bigint') return inferred(value)
  return type === 'decimal' && typeof value === 'bigint' ? 'text' : undefined
}

const isDateTime = (text: string): boolean => /^\d{4}-\d\d-\d\dT/.test(text)
const numberText = (number: number): string => String(Number.isInteger(number) ? BigInt(number) : number)

/** The text of a value in a column of a type; undefined: it does not fit. Of the texts and numbers that the tests have, alone. */
function fit(type: string, value: JsonValue): string | undefined {
  if (type === 'json') return stringifyJson(value)
  if (typeof value === 'object') return undefined
  const isNumeric = typeof value === 'number' || typeof value === 'bigint' || /^-?\d+(\.\d+)?$/.test(String(value))
  const integer =
    typeof value === 'number' && Number.isInteger(value)
      ? BigInt(value)
      : /^-?\d+$/.test(String(value))
        ? BigInt(value)
        : undefined
  switch (type) {
    case 'text':
      return String(value)
    case 'bigint':
      return typeof value === 'boolean' || integer === undefined || BigInt.asIntN(64, integer) !== integer
        ? undefined
        : String(integer)
    case 'decimal':
      return integer === undefined || typeof value === 'boolean' || String(integer).replace('-', '').length > 38
        ? undefined
        : String(integer)
    case 'double':
      if (typeof value === 'boolean' || !isNumeric) return undefined
      return typeof value === 'bigint' && BigInt(Number(value)) !== value ? undefined : numberText(Number(value))
    case 'bool':
      if (value === true || value === 1 || value === 'yes') return '1'
      return value === false || value === 0 || value === 'no' ? '0' : undefined
    case 'timestamp':
      if (typeof value === 'number') return Math.abs(value) < 1e11 ? numberText(value * 1e6) : undefined
      if (typeof value !== 'string' || !/^\d{4}-/.test(value)) return undefined
      return String(BigInt(Date.parse(value.length > 10 && !value.endsWith('Z') ? `${value}Z` : value)) * 1000n)
    default:
      return undefined
  }
}

import type { ContractMode, ResolvedContract } from '../connector/contract.ts'
import type { ResolvedShape } from '../connector/resolve.ts'
import type { TributaryError } from '../errors.ts'
import type { JsonValue } from '../http/request.ts'
import type { RejectReason } from '../load/reject.ts'
import type { Field, TableNode } from './fields.ts'
import { type LeftOut, sentenceOf, type Violation } from './left-out.ts'
import { atPath, typeText } from './messages.ts'
import type { Tree } from './tree.ts'

/** Makes the error for the record that is being written. `todo`: what to do about it. */
export type Fail = (code: string, what: string, todo?: string) => TributaryError

/** Thrown where a row has to go, and caught by who began it. One for all, because a stack for each row would cost much. */
export const ROW_LEFT_OUT: Error = new Error('A contract leaves this row out.')

/**
 * Whether something that the tables do not have may come into them. False: a contract leaves it out, and it is counted.
 * Throws `CONTRACT_BROKEN` where the contract freezes them, and `ROW_LEFT_OUT` where the row goes with it.
 */
export interface Contract {
  allowsRoot(record: JsonValue): boolean
  allowsChild(node: TableNode, field: Field, items: readonly JsonValue[]): boolean
  allowsColumn(node: TableNode, field: Field, value: JsonValue): boolean
  /** For a value that does not fit its column, or what is declared of it: never true but where types evolve. */
  allowsMisfit(node: TableNode, field: Field, value: JsonValue, expected: string): boolean
}

/** Whether a contract leaves nothing out, and freezes nothing: none is needed. */
export const isLax = ({ tables, columns, dataType = 'evolve' }: ResolvedContract): boolean =>
  tables === 'evolve' && columns === 'evolve' && dataType === 'evolve'

const NAMES: Readonly<Record<RejectReason, string>> = { tables: 'tables', columns: 'columns', data_type: 'data types' }

export function createContract(shape: ResolvedShape, tree: Tree, leftOut: LeftOut, fail: Fail): Contract {
  const { tables, columns, dataType = 'evolve' } = shape.contract
  const isForbidden = tables !== 'evolve' && isUndeclaredRoot(shape, tree)

  const leaveOut = (mode: ContractMode, violation: Violation, field?: Field): false => {
    const { reason } = violation
    if (mode === 'freeze') {
      const what = `${sentenceOf(violation)}${field === undefined ? '' : atPath(field)}, and the contract freezes ${NAMES[reason]}`
      throw fail(
        'CONTRACT_BROKEN',
        what,
        `Let the contract say evolve, discard_row or discard_value for ${NAMES[reason]}, or declare it in the schema`,
      )
    }
    leftOut.add(violation)
    // Of a child table that there is not, all rows go and their parent stays.
    if (mode === 'discard_row' && reason !== 'tables') throw ROW_LEFT_OUT
    return false
  }

  return {
    allowsRoot(record) {
      if (!isForbidden) return true
      const expected = `there is no table ${shape.table}`
      return leaveOut(tables, { reason: 'tables', table: shape.table, expected, value: record, count: 1 })
    },
    allowsChild(node, field, items) {
      if (tables === 'evolve' || field.child !== undefined || field.declared?.kind === 'any') return true
      const table = tree.childName(node, field)
      if (tree.isKnown(table)) return true
      const expected = `there is no table ${table}`
      return leaveOut(tables, { reason: 'tables', table, expected, value: items as JsonValue[], count: items.length }, field)
    },
    allowsColumn(node, field, value) {
      const isDeclared = field.awaited !== undefined || field.declared?.kind === 'any'
      if (columns === 'evolve' || !node.isStored || isDeclared) return true
      const table = node.table.identity.name
      const column = node.table.nameFor(field.path)
      const expected = `the table ${table} has no column ${column}`
      return leaveOut(columns, { reason: 'columns', table, column, expected, value, count: 1 }, field)
    },
    allowsMisfit(node, field, value, expected) {
      if (dataType === 'evolve') return true
      const table = node.table.identity.name
      const column = columnName(node, field)
      const violation: Violation = {
        reason: 'data_type',
        table,
        column,
        expected: `the column ${table}.${column} ${expected}`,
        value,
        count: 1,
      }
      return leaveOut(dataType, violation, field)
    },
  }
}

/** A root table that is new, and of which nothing was said but its name. */
export const isUndeclaredRoot = (shape: ResolvedShape, { isKnown }: Tree): boolean =>
  !isKnown(shape.table) && shape.declared.size === 0 && shape.columns === undefined

export const columnName = ({ table }: TableNode, field: Field): string => field.column?.column.name ?? table.nameFor(field.path)

/** What is declared of a field, for a message. */
export function declaredText({ declared, column }: Field): string {
  if (declared === undefined || declared.kind === 'any') return column?.column.type ?? 'json'
  if (declared.kind === 'scalar') return typeText(column?.column, declared.type)
  return declared.kind === 'list' ? 'a list' : 'an object'
}

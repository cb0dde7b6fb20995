import type { ResolvedShape } from '../connector/resolve.ts'
import type { TributaryError } from '../errors.ts'
import type { JsonContainer } from '../http/literals.ts'
import type { JsonValue } from '../http/request.ts'
import { isWellFormed } from '../load/texts.ts'
import { inferType } from './coerce.ts'
import { type Contract, columnName, declaredText, type Fail } from './contract.ts'
import type { Field, TableNode } from './fields.ts'
import { isBelowMicros } from './instant.ts'
import type { Journal } from './journal.ts'
import { atPath, kindOf, show } from './messages.ts'
import { placeMisfit, takeInVariant } from './misfit.ts'
import type { ColumnSlot } from './table-writer.ts'

/** Writes values into their columns: a scalar, or whatever a JSON column keeps whole. */
export interface ScalarWriter {
  /** `container` and `key`: where the value is, to see how it is written. */
  write(node: TableNode, field: Field, row: number, value: JsonValue, container: JsonContainer, key: string | number): void
  /** The same for a part of a key, which goes into its own column, or fails, or takes its row with it where a contract says so. False: it does not fit. */
  writeKey(node: TableNode, field: Field, row: number, value: JsonValue, isDouble: () => boolean): boolean
  /** For a value of another shape than is declared. True: it is written as if nothing were declared. */
  allowsShape(node: TableNode, field: Field, value: JsonValue): boolean
}

export interface ScalarContext {
  readonly shape: ResolvedShape
  readonly journal: Journal
  readonly contract: Contract | undefined
  readonly fail: Fail
  /** Of the record that is being written: whether a number of it is written as `2.0` or `1e3`. */
  isDoubleLiteral(container: JsonContainer, key: string | number): boolean
}

export function createScalarWriter({ shape, journal, contract, fail, isDoubleLiteral }: ScalarContext): ScalarWriter {
  const { dataType } = shape.contract
  const isStrict = dataType !== undefined && dataType !== 'evolve'
  /** What does not fit takes its row with it: then a key may be what does not fit. */
  const leavesRows = dataType === 'discard_row'

  const newColumn = (node: TableNode, field: Field, value: JsonValue, isDouble: () => boolean): ColumnSlot => {
    const { awaited } = field
    const inferred = inferType(value) ?? 'json'
    const type = inferred === 'bigint' && isDouble() ? 'double' : inferred
    const description = awaited?.description
    const slot = node.table.create({
      type,
      path: field.path,
      nullable: awaited?.columnNullable ?? true,
      required: awaited?.nullable === false,
      ...(description !== undefined && { description }),
      ...(type === 'decimal' && { precision: 38, scale: 0 }),
    })
    field.column = slot
    if (awaited !== undefined) awaited.slot = slot
    journal.made(() => {
      field.column = undefined
      if (awaited !== undefined) awaited.slot = undefined
    })
    return slot
  }

  const broken = (node: TableNode, field: Field, slot: ColumnSlot, value: JsonValue, problem: string): TributaryError =>
    fail(
      'VALUE_INVALID',
      `the column ${node.table.identity.name}.${slot.column.name} is declared with a rule that ${show(value)} breaks (${problem})${atPath(field)}`,
    )

  const mismatch = (node: TableNode, field: Field, value: JsonValue): TributaryError =>
    fail(
      'TYPE_MISMATCH',
      `the column ${node.table.identity.name}.${columnName(node, field)} is declared as ${declaredText(field)}, but found ${kindOf(value)} ${show(value)}${atPath(field)}`,
    )

  const halved = (node: TableNode, field: Field, slot: ColumnSlot): TributaryError =>
    fail(
      'KEY_INVALID',
      `the key ${node.table.identity.name}.${slot.column.name} has half of a surrogate pair, which is no character, so that two keys could become one${atPath(field)}`,
    )

  const cut = (node: TableNode, field: Field, slot: ColumnSlot, value: JsonValue): TributaryError =>
    fail(
      'KEY_INVALID',
      `the key ${node.table.identity.name}.${slot.column.name} is ${slot.column.type}, to the microsecond, but here it is ${show(value)}${atPath(field)}, so that two keys could become one`,
      'Declare the column as text',
    )

  /** A value whose column is not there yet, has a rule, or does not take it. */
  const writeWithCare: ScalarWriter['write'] = (node, field, row, value, container, key) => {
    const isDouble = (): boolean => isDoubleLiteral(container, key)
    if (field.column === undefined && contract !== undefined && !contract.allowsColumn(node, field, value)) return
    const slot = field.column ?? newColumn(node, field, value, isDouble)
    const fits = slot.builder.set(row, value)
    // Where types evolve, what does not fit goes elsewhere, and the rule is not for it.
    const problem = fits || dataType !== 'evolve' ? slot.check?.(value) : undefined
    if (problem !== undefined) {
      if (contract === undefined || contract.allowsMisfit(node, field, value, ruleOf(problem)))
        throw broken(node, field, slot, value, problem)
      slot.builder.clear(row)
    } else if (!fits) {
      if (dataType === undefined && slot.column.declared === true) throw mismatch(node, field, value)
      // A contract lets it into a column that is there for such values already.
      if (isStrict && takeInVariant(slot, row, value)) return
      if (contract === undefined || contract.allowsMisfit(node, field, value, expectedOf(field, slot)))
        placeMisfit(node.table, journal, slot, row, value, isDouble)
    }
  }

  return {
    write(node, field, row, value, container, key) {
      const slot = field.column
      if (slot === undefined || slot.check !== undefined || !slot.builder.set(row, value))
        writeWithCare(node, field, row, value, container, key)
    },
    writeKey(node, field, row, value, isDouble) {
      const slot = field.column ?? newColumn(node, field, value, isDouble)
      const problem = slot.check?.(value)
      if (problem !== undefined) {
        if (leavesRows) contract!.allowsMisfit(node, field, value, ruleOf(problem))
        throw broken(node, field, slot, value, problem)
      }
      if (cutsKey(slot, value)) throw cut(node, field, slot, value)
      if (typeof value === 'string' && !isWellFormed(value)) throw halved(node, field, slot)
      if (slot.builder.set(row, value)) return true
      if (leavesRows) contract!.allowsMisfit(node, field, value, expectedOf(field, slot))
      if (slot.column.declared === true) throw mismatch(node, field, value)
      if (isStrict) return false
      // In a variant column it would be no key of the table.
      placeMisfit(node.table, journal, slot, row, value, isDouble)
      return slot.builder.has(row)
    },
    allowsShape(node, field, value) {
      if (dataType === undefined) throw mismatch(node, field, value)
      return contract === undefined || contract.allowsMisfit(node, field, value, `is declared as ${declaredText(field)}`)
    },
  }
}

const ruleOf = (problem: string): string => `is declared with a rule (${problem})`

const expectedOf = (field: Field, { column }: ColumnSlot): string =>
  `is ${column.declared === true ? declaredText(field) : column.type}`

/** Whether a column would keep less of a key than there is. */
const cutsKey = ({ column: { type } }: ColumnSlot, value: JsonValue): boolean =>
  (type === 'timestamp' || type === 'time') && typeof value === 'string' && isBelowMicros(value)

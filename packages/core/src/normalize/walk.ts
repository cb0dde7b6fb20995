import type { TributaryError } from '../errors.ts'
import type { JsonContainer } from '../http/literals.ts'
import type { JsonValue } from '../http/request.ts'
import { ROW_LEFT_OUT } from './contract.ts'
import { type Field, fieldAt, forgetField, isKeptWhole, isUnused, type Level, nestedLevel, type TableNode } from './fields.ts'
import type { LeftOut } from './left-out.ts'
import { dropRow } from './rows.ts'
import type { TableWriter } from './table-writer.ts'
import type { Tree } from './tree.ts'
import type { ScalarContext, ScalarWriter } from './write-scalar.ts'

type JsonObject = { [key: string]: JsonValue }

export interface Walk {
  /** Writes a record, or an item of a list, into its row. `sequence`: of the record. `items` and `index`: where it is. */
  write(node: TableNode, row: number, value: JsonValue, items: readonly JsonValue[], index: number, sequence: number): void
  /** Takes back a row for which `ROW_LEFT_OUT` was thrown, and all that was made since the marks. */
  leaveOut(node: TableNode, row: number, made: number, left: number): void
}

export interface WalkContext extends ScalarContext {
  readonly tree: Tree
  readonly leftOut: LeftOut
  readonly scalars: ScalarWriter
  missing(table: TableWriter, column: string, expected: string): TributaryError
}

/** Walks records and what is in them: objects into columns of the same row, lists into rows of child tables. */
export function createWalk({ shape, tree, journal, contract, leftOut, scalars, missing }: WalkContext): Walk {
  const { root } = tree
  let sequence = 0

  const leaveOut: Walk['leaveOut'] = (node, row, made, left) => {
    journal.undo(made)
    dropRow(tree, node, row)
    leftOut.addRow(left)
  }

  /** A record, or an item of a list. */
  const writeItem = (node: TableNode, row: number, value: JsonValue, items: readonly JsonValue[], index: number): void => {
    if (value === null) return
    if (Array.isArray(value))
      writeValue(node, node.level, fieldAt(node.level, ['list']).field, row, value, items as JsonValue[], index)
    else if (typeof value === 'object') writeObject(node, node.level, row, value)
    else scalars.write(node, node.item, row, value, items as JsonValue[], index)
  }

  const writeObject = (node: TableNode, level: Level, row: number, object: JsonObject): void => {
    const { fields, requiredKeys } = level
    for (const key in object) {
      const value = object[key]!
      const field = fields.get(key)
      if (field !== undefined) writeValue(node, level, field, row, value, object, key)
      // A key seen only as null has no type yet: its column is made when the first value comes.
      else if (value !== null) writeNew(node, level, row, value, object, key)
    }
    for (const key of requiredKeys) {
      if (!Object.hasOwn(object, key) || object[key] === null)
        throw missing(node.table, [...level.path, key].join('.'), 'an object or a list')
    }
  }

  /** A key that was never seen, and is forgotten where a contract leaves it out: an API may send any number of them. */
  const writeNew = (node: TableNode, level: Level, row: number, value: JsonValue, object: JsonObject, key: string): void => {
    const { field } = fieldAt(level, [key])
    if (contract === undefined) {
      writeValue(node, level, field, row, value, object, key)
      return
    }
    journal.made(() => forgetField(level, field))
    writeValue(node, level, field, row, value, object, key)
    if (isUnused(field)) forgetField(level, field)
  }

  const writeValue = (
    node: TableNode,
    level: Level,
    field: Field,
    row: number,
    value: JsonValue,
    container: JsonContainer,
    key: string | number,
  ): void => {
    if (value === null) return
    const kind = field.declared?.kind
    if (typeof value !== 'object') {
      if ((kind === 'list' || kind === 'object') && !scalars.allowsShape(node, field, value)) return
      scalars.write(node, field, row, value, container, key)
    } else if (isKeptWhole(field, level.depth, shape.maxTableNesting)) {
      scalars.write(node, field, row, value, container, key)
    } else if (Array.isArray(value)) {
      if (kind === 'object' && !scalars.allowsShape(node, field, value)) return
      if (value.length === 0) return
      if (contract !== undefined && !contract.allowsChild(node, field, value)) return
      writeList(tree.childOf(node, level, field), node.table.idAt(row), value)
    } else {
      if (kind === 'list' && !scalars.allowsShape(node, field, value)) return
      writeObject(node, nestedLevel(level, field), row, value)
    }
  }

  const writeList = (child: TableNode, parentId: string, items: readonly JsonValue[]): void => {
    const { table } = child
    const prefix = `${parentId}.${table.identity.name}.`
    const rootRowId = root.table.idAt(root.table.rowCount - 1)
    for (let index = 0; index < items.length; index++) {
      const row = table.beginChild(prefix + index, sequence, parentId, rootRowId, index)
      if (contract === undefined) writeItem(child, row, items[index]!, items, index)
      else writeAllowedItem(child, row, items, index)
    }
  }

  const writeAllowedItem = (child: TableNode, row: number, items: readonly JsonValue[], index: number): void => {
    const made = journal.mark()
    const left = leftOut.mark()
    try {
      writeItem(child, row, items[index]!, items, index)
    } catch (error) {
      if (error !== ROW_LEFT_OUT) throw error
      leaveOut(child, row, made, left)
    }
  }

  return {
    write(node, row, value, items, index, ofRecord) {
      sequence = ofRecord
      writeItem(node, row, value, items, index)
    },
    leaveOut,
  }
}

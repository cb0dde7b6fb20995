import type { ResolvedShape } from '../connector/resolve.ts'
import { TributaryError } from '../errors.ts'
import { isDoubleLiteral } from '../http/literals.ts'
import type { JsonValue } from '../http/request.ts'
import type { Reject, RejectPlace } from '../load/reject.ts'
import type { Column } from '../load/schema.ts'
import { appendRows } from '../scan/append-rows.ts'
import type { ScannedRows } from '../scan/scanned-rows.ts'
import { createContract, type Fail, isLax, isUndeclaredRoot, ROW_LEFT_OUT } from './contract.ts'
import type { Journal } from './journal.ts'
import { createKeys, type Keys } from './keys.ts'
import type { LeftOut } from './left-out.ts'
import type { TableWriter } from './table-writer.ts'
import { hasVersions, type Tree } from './tree.ts'
import { createWalk } from './walk.ts'
import { createScalarWriter, type ScalarContext } from './write-scalar.ts'

export interface RecordWriter {
  /** `position`: of the first of `records`. Writes the record at `index`; false: a contract left it out. */
  write(records: readonly JsonValue[], index: number, position: number): boolean
  /** Takes the rows of a page, of those records that are taken; undefined: of all. */
  append(rows: ScannedRows, isTaken: ((index: number) => boolean) | undefined, position: number): void
  /** Throws `VALUE_MISSING` for the first row of `table` that lacks a value which must be there. */
  checkRequired(table: TableWriter): void
  readonly keys: Keys
  /** Whether the contract lets there be a root table. */
  hasTables(): boolean
  /** The next record is the one at `sequence`, from 1. */
  startLoad(loadId: number, sequence: number): void
}

/** Writes records into the tables of a resource. */
export function createRecordWriter(shape: ResolvedShape, tree: Tree, journal: Journal, leftOut: LeftOut): RecordWriter {
  const { root } = tree
  const isVersioned = hasVersions(shape)
  let loadId = 0
  let sequence = 0
  let position = 0
  /** Primary key of the record that is being written. Undefined: it has none, or it was not read yet. */
  let key: string | undefined
  /** What `isDoubleLiteral` knows the record by. */
  let origin: object = []

  const where = (): string =>
    key === undefined ? `record ${position + 1}` : `the record with ${shape.primaryKey.join(', ')} ${key}`

  const fail: Fail = (code, what, todo) => {
    const message = `${shape.name}: ${what}, in ${where()}.${todo === undefined ? '' : ` ${todo}.`}`
    return new TributaryError({ code, recovery: 'fix-data', message })
  }

  const missing = (table: TableWriter, column: string, expected: string): TributaryError =>
    fail(
      'VALUE_MISSING',
      `the column ${table.identity.name}.${column} is declared as not nullable (${expected}), but its value is null or missing`,
    )

  const contract = isLax(shape.contract) ? undefined : createContract(shape, tree, leftOut, fail)
  const context: ScalarContext = {
    shape,
    journal,
    contract,
    fail,
    isDoubleLiteral: (container, key) => isDoubleLiteral(origin, container, key),
  }
  const scalars = createScalarWriter(context)
  const keys = createKeys(context, tree, scalars)
  const walk = createWalk({ ...context, tree, leftOut, scalars, missing })

  const writeRoot = (record: JsonValue, records: readonly JsonValue[], index: number): void => {
    const { table } = root
    const row = table.begin('', sequence)
    keys.write(record, row)
    key = keys.textAt(row)
    table.setId(row, key === undefined ? `${loadId}.${sequence}` : isVersioned ? `${key}@${loadId}` : key)
    walk.write(root, row, record, records, index, sequence)
  }

  /** Where the record is that is being written. */
  const placeOf = (record: JsonValue): RejectPlace & Pick<Reject, 'key'> => {
    key ??= keys.textOf(record)
    return { loadId, sequence, ...(key !== undefined && { key }) }
  }

  /** Writes what the contract allows of a record; false: nothing of it. */
  const writeAllowed = (record: JsonValue, records: readonly JsonValue[], index: number): boolean => {
    const row = root.table.rowCount
    let isWritten = false
    try {
      isWritten = contract!.allowsRoot(record)
      if (isWritten) writeRoot(record, records, index)
    } catch (error) {
      if (error !== ROW_LEFT_OUT) throw error
      isWritten = false
      walk.leaveOut(root, row, 0, 0)
    }
    leftOut.endRecord(record, isWritten ? 'part' : 'record', placeOf)
    journal.keep()
    return isWritten
  }

  /** A column that must have a value, and for which no key ever came. */
  const neverCame = (): { row: number; column: { name: string; type?: Column['type'] } } | undefined => {
    const column = tree.awaited?.all.find(({ nullable, slot }) => !nullable && slot === undefined)
    return column === undefined ? undefined : { row: 0, column }
  }

  return {
    write(records, index, from) {
      const record = records[index]!
      position = from + index
      key = undefined
      sequence++
      origin = typeof record === 'object' && record !== null ? record : records
      if (contract !== undefined) return writeAllowed(record, records, index)
      writeRoot(record, records, index)
      return true
    },
    append(rows, isTaken, from) {
      const first = sequence + 1
      const writeRootIds = (table: TableWriter, row: number, count: number): void => {
        if (keys.writeIds(row, count)) return
        for (let index = 0; index < count; index++) table.setId(row + index, `${loadId}.${first + index}`)
      }
      sequence += appendRows(rows, { isTaken, sequence: first, writeRootIds })
      position = from + rows.count - 1
    },
    checkRequired(table) {
      const found = table.missing() ?? (table === root.table ? neverCame() : undefined)
      if (found === undefined) return
      const id = table.rootIdAt(found.row)
      key = shape.primaryKey.length === 0 ? undefined : isVersioned ? id.slice(0, id.lastIndexOf('@')) : id
      position -= sequence - table.sequenceAt(found.row)
      throw missing(table, found.column.name, found.column.type ?? 'of any type')
    },
    keys,
    hasTables: () => shape.contract.tables === 'evolve' || !isUndeclaredRoot(shape, tree),
    startLoad(id, next) {
      loadId = id
      sequence = next - 1
    },
  }
}

import type { Batch } from '../load/batch.ts'
import { type Column, type ColumnType, SYSTEM_COLUMNS, type TableSchema } from '../load/schema.ts'
import { type ColumnBuilder, type ColumnTraits, createColumnBuilder, exceedsDouble } from './column-builder.ts'
import { normalizeName, SEPARATOR, uniqueName } from './names.ts'

const FIRST_CAPACITY = 512
const SYSTEM_NAMES = new Set<string>(Object.values(SYSTEM_COLUMNS))

/** A column in the making: its schema, which may widen, and its values. */
export interface ColumnSlot {
  column: Column
  builder: ColumnBuilder
  /** Rows without a value are an error. Apart from `column.nullable`, which also speaks for rows of earlier loads. */
  readonly required: boolean
  readonly check?: (value: unknown) => string | undefined
  /** Columns for values that do not fit this one, by type. */
  readonly variants: Map<ColumnType, ColumnSlot>
}

export interface TableIdentity {
  readonly name: string
  readonly resource: string
  readonly parent?: string
  readonly path: readonly string[]
}

interface SlotTraits extends ColumnTraits {
  readonly required?: boolean
  readonly check?: (value: unknown) => string | undefined
}

export interface SlotOptions extends SlotTraits {
  readonly path: readonly string[]
  readonly variant?: ColumnType
  readonly nullable: boolean
  readonly declared?: boolean
  readonly description?: string
}

/** Collects the rows of one table, column by column, and hands them over as batches. */
export class TableWriter {
  readonly identity: TableIdentity
  /** Rows since the last batch. */
  rowCount = 0
  private readonly slots: ColumnSlot[] = []
  private readonly names: Set<string>
  private readonly identifierLimit: number
  private readonly warn: (message: string) => void
  private capacity = FIRST_CAPACITY
  private ids: string[] = []
  private sequence: Float64Array = new Float64Array(FIRST_CAPACITY)
  private parentIds: string[] = []
  private rootIds: string[] = []
  private indexes: Int32Array = new Int32Array(FIRST_CAPACITY)

  constructor(identity: TableIdentity, identifierLimit: number, warn: (message: string) => void) {
    this.identity = identity
    this.identifierLimit = identifierLimit
    this.warn = warn
    this.names = new Set(SYSTEM_NAMES)
  }

  /** Takes over a column of an earlier load, under its name. */
  restore(column: Column, options: SlotTraits): ColumnSlot {
    this.names.add(column.name)
    return this.addSlot(column, options)
  }

  /** Adds a column for a key path, under a name of its own. */
  create(options: SlotOptions): ColumnSlot {
    const { path, variant, type, precision, scale, description, declared, nullable } = options
    const base = path.length === 0 ? 'value' : path.map(normalizeName).join(SEPARATOR)
    const wanted = variant === undefined ? base : `${base}${SEPARATOR}v_${variant}`
    const identity = variant === undefined ? path : [...path, `v_${variant}`]
    const name = uniqueName(wanted, identity, this.identifierLimit, (candidate) => this.names.has(candidate))
    if (this.names.has(wanted)) this.warnOfCollision(wanted, path, name)
    this.names.add(name)
    const column: Column = {
      name,
      type,
      nullable,
      path,
      ...(variant !== undefined && { variant }),
      ...(precision !== undefined && { precision }),
      ...(scale !== undefined && { scale }),
      ...(description !== undefined && { description }),
      ...(declared === true && { declared }),
    }
    return this.addSlot(column, options)
  }

  private addSlot(column: Column, options: SlotTraits): ColumnSlot {
    const slot: ColumnSlot = {
      column,
      builder: createColumnBuilder(options, this.capacity),
      required: options.required ?? false,
      variants: new Map(),
      ...(options.check !== undefined && { check: options.check }),
    }
    this.slots.push(slot)
    return slot
  }

  private warnOfCollision(name: string, path: readonly string[], given: string): void {
    const other = this.slots.find((slot) => slot.column.name === name)
    const owner = other === undefined ? 'a system column' : `the key ${JSON.stringify(other.column.path.join('.'))}`
    this.warn(
      `${this.identity.name}: the key ${JSON.stringify(path.join('.'))} would share the column ${name} with ${owner}; it has the column ${given}.`,
    )
  }

  /** Starts a row; its number is the answer. */
  begin(id: string, sequence: number): number {
    if (this.rowCount === this.capacity) this.grow()
    const row = this.rowCount++
    this.ids.push(id)
    this.sequence[row] = sequence
    return row
  }

  /** Starts a row of a child table. */
  beginChild(id: string, sequence: number, parentId: string, rootId: string, index: number): number {
    const row = this.begin(id, sequence)
    this.parentIds.push(parentId)
    this.rootIds.push(rootId)
    this.indexes[row] = index
    return row
  }

  idAt(row: number): string {
    return this.ids[row]!
  }

  setId(row: number, id: string): void {
    this.ids[row] = id
  }

  /** Id of the root record that a row came from. */
  rootIdAt(row: number): string {
    return this.identity.parent === undefined ? this.ids[row]! : this.rootIds[row]!
  }

  sequenceAt(row: number): number {
    return this.sequence[row]!
  }

  private grow(): void {
    this.capacity *= 2
    for (const { builder } of this.slots) builder.grow(this.capacity)
    const sequence = new Float64Array(this.capacity)
    sequence.set(this.sequence)
    this.sequence = sequence
    const indexes = new Int32Array(this.capacity)
    indexes.set(this.indexes)
    this.indexes = indexes
  }

  /** Gives a column another type and moves its values of this batch over; false where one does not fit, and nothing changed. */
  widen(slot: ColumnSlot, traits: ColumnTraits): boolean {
    const before = this.schemaOf(slot)
    if (traits.type === 'double' && before.exceedsDouble === true) return false
    const builder = createColumnBuilder(traits, this.capacity)
    for (let row = 0; row < this.rowCount; row++) {
      if (slot.builder.has(row) && !builder.set(row, slot.builder.textAt(row))) return false
    }
    const { precision: _precision, scale: _scale, exceedsDouble: _exceeds, ...column } = before
    const { type, precision, scale } = traits
    slot.column = { ...column, type, ...(precision !== undefined && { precision }), ...(scale !== undefined && { scale }) }
    slot.builder = builder
    return true
  }

  /** First row and column that lack a value that must be there. */
  missing(): { row: number; column: Column } | undefined {
    for (const { required, builder, column } of this.slots) {
      if (!required) continue
      for (let row = 0; row < this.rowCount; row++) if (!builder.has(row)) return { row, column }
    }
    return undefined
  }

  schema(): TableSchema {
    return { ...this.identity, columns: this.slots.map((slot) => this.schemaOf(slot)) }
  }

  private schemaOf(slot: ColumnSlot): Column {
    if (slot.column.type === 'bigint' && slot.column.exceedsDouble !== true && exceedsDouble(slot.builder)) {
      slot.column = { ...slot.column, exceedsDouble: true }
    }
    return slot.column
  }

  /** Hands over the rows since the last batch. */
  take(mayRepeat: boolean): Batch {
    const table = this.schema()
    // The next batch is likely to be as large as this one.
    const capacity = this.capacity
    const batch: Batch = {
      table,
      rowCount: this.rowCount,
      columns: this.slots.map((slot) => slot.builder.take(capacity)),
      ids: this.ids,
      sequence: this.sequence,
      mayRepeat,
      ...(this.identity.parent !== undefined && {
        lineage: { parentIds: this.parentIds, rootIds: this.rootIds, indexes: this.indexes },
      }),
    }
    this.rowCount = 0
    this.ids = []
    this.parentIds = []
    this.rootIds = []
    this.sequence = new Float64Array(capacity)
    this.indexes = new Int32Array(capacity)
    return batch
  }
}

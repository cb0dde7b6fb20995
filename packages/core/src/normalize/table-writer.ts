import type { Batch } from '../load/batch.ts'
import { type Column, type ColumnType, SYSTEM_COLUMNS, type TableSchema } from '../load/schema.ts'
import { TextBuilder, type Texts } from '../load/texts.ts'
import type { ColumnBuilder } from './columns/builder.ts'
import { type ColumnTraits, createColumnBuilder } from './columns/column-builder.ts'
import { exceedsDouble } from './columns/int64-builder.ts'
import { hadHalfPair } from './columns/text-column-builder.ts'
import type { Journal } from './journal.ts'
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
  readonly versioned?: true
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
  private readonly journal: Journal
  private capacity = FIRST_CAPACITY
  private readonly ids: TextBuilder = new TextBuilder(FIRST_CAPACITY)
  /** Of the last row, whose children ask for it; undefined: it was not written as a string. */
  private lastId: string | undefined
  private sequence: Float64Array = new Float64Array(FIRST_CAPACITY)
  private readonly parentIds: TextBuilder = new TextBuilder(FIRST_CAPACITY)
  private readonly rootIds: TextBuilder = new TextBuilder(FIRST_CAPACITY)
  private indexes: Int32Array = new Int32Array(FIRST_CAPACITY)

  constructor(identity: TableIdentity, identifierLimit: number, journal: Journal) {
    this.identity = identity
    this.identifierLimit = identifierLimit
    this.journal = journal
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
    const wanted = wantedName(path, variant)
    const name = this.nameFor(path, variant)
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
    const slot = this.addSlot(column, options)
    this.journal.made(() => {
      this.slots.pop()
      this.names.delete(name)
    })
    return slot
  }

  /** The name that a new column for a key path would get. */
  nameFor(path: readonly string[], variant?: ColumnType): string {
    const identity = variant === undefined ? path : [...path, `v_${variant}`]
    return uniqueName(wantedName(path, variant), identity, this.identifierLimit, (candidate) => this.names.has(candidate))
  }

  /** Values that its rows have room for. */
  valueCount(): number {
    return this.rowCount * this.slots.length
  }

  /** Whether there is a column of that name. */
  hasColumn(name: string): boolean {
    return this.slots.some(({ column }) => column.name === name)
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
    this.journal.warn(
      `${this.identity.name}: the key ${JSON.stringify(path.join('.'))} would share the column ${name} with ${owner}; it has the column ${given}.`,
    )
  }

  /** Starts a row; its number is the answer. */
  begin(id: string, sequence: number): number {
    if (this.rowCount === this.capacity) this.grow()
    const row = this.rowCount++
    this.setId(row, id)
    this.sequence[row] = sequence
    return row
  }

  /** Starts a row of a child table. */
  beginChild(id: string, sequence: number, parentId: string, rootId: string, index: number): number {
    const row = this.begin(id, sequence)
    this.parentIds.set(row, parentId)
    this.rootIds.set(row, rootId)
    this.indexes[row] = index
    return row
  }

  /** Adds rows, whose columns, ids and lineage the caller writes; answers the first of them. */
  extend(count: number): number {
    const first = this.rowCount
    while (first + count > this.capacity) this.grow()
    this.rowCount += count
    this.lastId = undefined
    return first
  }

  /** Rows of as many records, one behind the other. */
  numberRows(first: number, count: number, sequence: number): void {
    for (let row = 0; row < count; row++) this.sequence[first + row] = sequence + row
  }

  /** Writes the id of a row as the text that stands for a value of one of its columns. */
  setIdFrom(row: number, key: ColumnBuilder): void {
    key.putText(row, this.ids, row)
  }

  /** Writes what a row of a child table has from its parent and from the row of its record. `infix`: stands before its index in its id. */
  placeChild(
    row: number,
    parent: TableWriter,
    parentRow: number,
    root: TableWriter,
    rootRow: number,
    infix: Uint8Array,
    index: number,
  ): void {
    this.ids.setJoined(row, parent.ids, parentRow, infix, index)
    this.parentIds.copy(parent.ids, parentRow, row)
    this.rootIds.copy(root.ids, rootRow, row)
    this.sequence[row] = root.sequence[rootRow]!
    this.indexes[row] = index
  }

  idAt(row: number): string {
    return (row === this.rowCount - 1 ? this.lastId : undefined) ?? this.ids.textAt(row)
  }

  /** Of the last row. */
  setId(row: number, id: string): void {
    this.ids.set(row, id)
    this.lastId = row === this.rowCount - 1 ? id : undefined
  }

  /** Id of the root record that a row came from. */
  rootIdAt(row: number): string {
    return (this.identity.parent === undefined ? this.ids : this.rootIds).textAt(row)
  }

  /** Id of the row that a row of a child table belongs to. */
  parentIdAt(row: number): string {
    return this.parentIds.textAt(row)
  }

  sequenceAt(row: number): number {
    return this.sequence[row]!
  }

  /** Takes back the rows from `row` on. */
  dropFrom(row: number): void {
    for (let each = row; each < this.rowCount; each++) for (const { builder } of this.slots) builder.clear(each)
    this.rowCount = row
    for (const texts of [this.ids, this.parentIds, this.rootIds]) texts.dropFrom(row)
    this.lastId = undefined
  }

  private grow(): void {
    this.capacity *= 2
    for (const { builder } of this.slots) builder.grow(this.capacity)
    for (const texts of [this.ids, this.parentIds, this.rootIds]) texts.grow(this.capacity)
    const sequence = new Float64Array(this.capacity)
    sequence.set(this.sequence)
    this.sequence = sequence
    const indexes = new Int32Array(this.capacity)
    indexes.set(this.indexes)
    this.indexes = indexes
  }

  /** Gives a column another type and moves its values of this batch over; false where one does not fit, and nothing changed. */
  widen(slot: ColumnSlot, traits: ColumnTraits): boolean {
    const before = slot.column
    if (traits.type === 'double' && (before.exceedsDouble === true || exceedsDouble(slot.builder))) return false
    const builder = createColumnBuilder(traits, this.capacity)
    for (let row = 0; row < this.rowCount; row++) {
      if (slot.builder.has(row) && !builder.set(row, slot.builder.textAt(row))) return false
    }
    const { precision: _precision, scale: _scale, exceedsDouble: _exceeds, ...column } = before
    const { type, precision, scale } = traits
    const narrow = { column: before, builder: slot.builder, capacity: this.capacity }
    slot.column = { ...column, type, ...(precision !== undefined && { precision }), ...(scale !== undefined && { scale }) }
    slot.builder = builder
    this.journal.made(() => {
      slot.column = narrow.column
      slot.builder = narrow.builder
      if (narrow.capacity < this.capacity) slot.builder.grow(this.capacity)
    })
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

  /** Names of columns in which some text had half of a surrogate pair since the last batch. */
  withHalfPairs(): string[] {
    return this.slots.filter(({ builder }) => hadHalfPair(builder)).map(({ column }) => column.name)
  }

  /** Hands over the rows since the last batch. */
  take(mayRepeat: boolean, more: Pick<Batch, 'came' | 'hashes'> = {}): Batch {
    const table = this.schema()
    // The next batch is likely to be as large as this one.
    const { capacity, rowCount } = this
    const taken = (texts: TextBuilder): Texts => texts.take(rowCount, capacity)
    const batch: Batch = {
      table,
      rowCount,
      columns: this.slots.map((slot) => slot.builder.take(rowCount, capacity)),
      ids: taken(this.ids),
      sequence: this.sequence,
      mayRepeat,
      ...(this.identity.parent !== undefined && {
        lineage: { parentIds: taken(this.parentIds), rootIds: taken(this.rootIds), indexes: this.indexes },
      }),
      ...more,
    }
    this.rowCount = 0
    this.lastId = undefined
    this.sequence = new Float64Array(capacity)
    this.indexes = new Int32Array(capacity)
    return batch
  }
}

/** The name of a column, were it alone. */
function wantedName(path: readonly string[], variant: ColumnType | undefined): string {
  const base = path.length === 0 ? 'value' : path.map(normalizeName).join(SEPARATOR)
  return variant === undefined ? base : `${base}${SEPARATOR}v_${variant}`
}

import type { ResolvedShape } from '../connector/resolve.ts'
import type { ColumnBuilder } from '../normalize/columns/builder.ts'
import { type Field, isKeptWhole, type Level, type TableNode } from '../normalize/fields.ts'
import type { ColumnSlot } from '../normalize/table-writer.ts'
import { ScannedTable } from './scanned-table.ts'

/** A column that a scanner fills. */
interface ScanColumn {
  readonly slot: ColumnSlot
  /** That of the slot when the layout was made: once it has another one, its values are of another type. */
  readonly source: ColumnBuilder
  /** That of the page which is being read. */
  builder: ColumnBuilder
}

/** Kinds of columns that are filled without making a value. */
export const TEXT = 1
export const INTEGER = 2
export const DOUBLE = 3
export const INSTANT = 4
export const BOOLEAN = 5
/** Of all other types: the value is made, and converted as it always is. */
const OTHER = 6
/** There is no column that takes scalars. */
export const NONE = 0

/** What becomes of the values of one key, or of the items of a list. */
export interface ScanField {
  /** With its quotes and the colon, as it mostly stands in JSON. */
  readonly key: Buffer
  readonly column: ScanColumn | undefined
  /** Of the column, where it takes scalars. */
  readonly kind: number
  /** Objects and lists are values of the column. */
  readonly isKeptWhole: boolean
  /** Otherwise: they have columns and rows of their own. */
  readonly takesObjects: boolean
  readonly takesLists: boolean
  /** Undefined: no object with anything in it came yet. */
  readonly level: ScanLevel | undefined
  /** Undefined: no list with anything in it came yet. */
  readonly child: ScanTable | undefined
  /** What came behind it last time. */
  next: ScanField | undefined
  /** The last object that had the key, and the last one that had a value under it. */
  seenIn: number
  filledIn: number
}

/** The keys of an object. */
export interface ScanLevel {
  /** By their keys with the quotes, byte for byte. Those that have come as null alone are noted here, so that they are known as well. */
  readonly byKey: Map<string, ScanField>
  /** What came first last time. */
  first: ScanField | undefined
  /** Those that must have a value. */
  readonly required: readonly ScanField[]
}

export interface ScanTable {
  readonly node: TableNode
  /** Its place among the tables of the layout. */
  readonly place: number
  readonly columns: readonly ScanColumn[]
  readonly level: ScanLevel
  /** Of items that are scalars. */
  readonly item: ScanField
  /** Of items that are lists. */
  readonly list: ScanField | undefined
  /** Of the page which is being read. */
  rows: ScannedTable
}

/** The tables and columns of a resource as a scanner sees them: those that there are, under the keys that have come. */
export interface ScanLayout {
  /** The root table first, parents before their children. */
  readonly tables: readonly ScanTable[]
  /** The column of each part of the keys. */
  readonly keys: readonly ScanColumn[]
  /** That of the cursor. */
  readonly cursor: ScanField | undefined
  /** Whether its columns are those of now: rows that were read by it can be taken. */
  isCurrent(): boolean
}

export interface LayoutOptions {
  readonly root: TableNode
  readonly shape: ResolvedShape
  /** Fields of the primary key and of the merge key. */
  readonly keys: readonly Field[]
  /** Keys from the record to the cursor. */
  readonly cursor: readonly string[] | undefined
}

const KINDS: Readonly<Record<string, number>> = { text: TEXT, bigint: INTEGER, double: DOUBLE, timestamp: INSTANT, bool: BOOLEAN }

/** Undefined: something is asked for that is only known of the records as a whole. */
export function createLayout({ root, shape, keys, cursor }: LayoutOptions): ScanLayout | undefined {
  const tables: ScanTable[] = []
  const scanFields = new Map<Field, ScanField>()

  const tableOf = (node: TableNode): ScanTable => {
    const columns: ScanColumn[] = []
    const table = { node, place: tables.length, columns, rows: new ScannedTable([]) } as Partial<ScanTable> as {
      -readonly [Key in keyof ScanTable]: ScanTable[Key]
    }
    tables.push(table)
    const list = node.level.fields.get('list')
    table.level = levelOf(node.level, columns)
    table.item = fieldOf('', node.item, node.level.depth, columns)
    table.list = list === undefined ? undefined : scanFields.get(list)
    return table
  }

  const levelOf = ({ fields, depth, requiredKeys }: Level, columns: ScanColumn[]): ScanLevel => {
    const all = [...fields].map(([key, field]) => fieldOf(key, field, depth, columns))
    return {
      byKey: new Map([...fields.keys()].map((key, place) => [quoted(key), all[place]!])),
      first: all[0],
      required: requiredKeys.map((key) => all[[...fields.keys()].indexOf(key)]!),
    }
  }

  const fieldOf = (key: string, field: Field, depth: number, columns: ScanColumn[]): ScanField => {
    const { column: slot, declared, nested, child } = field
    const keepsWhole = isKeptWhole(field, depth, shape.maxTableNesting)
    const column = slot === undefined || slot.check !== undefined ? undefined : columnOf(slot, columns)
    const hasScalars = column !== undefined && declared?.kind !== 'list' && declared?.kind !== 'object'
    const made: ScanField = {
      key: Buffer.from(`${JSON.stringify(key)}:`),
      column,
      kind: hasScalars ? kindOf(column.slot) : NONE,
      isKeptWhole: keepsWhole,
      takesObjects: declared?.kind !== 'list',
      takesLists: declared?.kind !== 'object',
      level: nested && levelOf(nested, columns),
      child: child && tableOf(child),
      next: undefined,
      seenIn: 0,
      filledIn: 0,
    }
    scanFields.set(field, made)
    return made
  }

  const table = tableOf(root)
  const keyColumns = keys.map((field) => scanFields.get(field)?.column)
  const cursorField = cursor === undefined ? undefined : fieldAt(table.level, cursor)
  if (cursor !== undefined && cursorField === undefined) return undefined
  if (keyColumns.some((column) => column === undefined || isCut(column.slot))) return undefined
  const columns = tables.flatMap((each) => each.columns)
  return {
    tables,
    keys: keyColumns as ScanColumn[],
    cursor: cursorField,
    isCurrent: () => columns.every(({ slot, source }) => slot.builder === source),
  }
}

/** As `ScanLevel.byKey` has it. */
const quoted = (key: string): string => Buffer.from(JSON.stringify(key)).toString('latin1')

/** A key of which nothing is known but that it came without a value. */
export const nullField = (key: Buffer): ScanField => ({
  key,
  column: undefined,
  kind: NONE,
  isKeptWhole: false,
  takesObjects: false,
  takesLists: false,
  level: undefined,
  child: undefined,
  next: undefined,
  seenIn: 0,
  filledIn: 0,
})

function columnOf(slot: ColumnSlot, columns: ScanColumn[]): ScanColumn {
  const column = { slot, source: slot.builder, builder: slot.builder }
  columns.push(column)
  return column
}

/** A timestamp that is counted otherwise than by its text is converted as always. */
const kindOf = ({ column: { type } }: ColumnSlot): number => KINDS[type] ?? OTHER

/** A key whose text says more than its column keeps is an error, for which the record is needed. */
const isCut = ({ column: { type } }: ColumnSlot): boolean => type === 'timestamp' || type === 'time'

function fieldAt(level: ScanLevel, path: readonly string[]): ScanField | undefined {
  const [key, ...rest] = path
  const field = level.byKey.get(quoted(key!))
  return rest.length === 0 ? field : field?.level && fieldAt(field.level, rest)
}

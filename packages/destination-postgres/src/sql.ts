import { type Column, type ColumnType, SYSTEM_COLUMNS, type TableSchema } from '@tributary/core'

/** A name as SQL: whatever is in it, it cannot break out of its quotes. */
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** A text as SQL, whatever the server's setting for backslashes. */
export const literal = (text: string): string => `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`

/** Names that every table of PostgreSQL has already: no column of ours can have them. */
const TAKEN = /^_*(ctid|xmin|xmax|cmin|cmax|tableoid)$/

/** The column's name in its table: as it is, but with one more underscore where PostgreSQL has taken it, so that all stay apart. */
const storedName = (name: string): string => (TAKEN.test(name) ? `_${name}` : name)

/** The other way round. */
export const givenName = (name: string): string => (name.startsWith('_') && TAKEN.test(name) ? name.slice(1) : name)

export const columnIdentifier = (name: string): string => identifier(storedName(name))

const TYPES: Readonly<Record<Exclude<ColumnType, 'decimal'>, string>> = {
  text: 'text',
  bigint: 'bigint',
  double: 'double precision',
  bool: 'boolean',
  timestamp: 'timestamptz',
  date: 'date',
  time: 'time',
  json: 'jsonb',
  uuid: 'uuid',
  binary: 'bytea',
}

export type TypedColumn = Pick<Column, 'type' | 'precision' | 'scale'>

export function columnType({ type, precision = 38, scale = 0 }: TypedColumn): string {
  return type === 'decimal' ? `numeric(${precision}, ${scale})` : TYPES[type]
}

/** `expression`, a value of one type, as one of another that holds it. Texts are as JSON, or the engine, would write them. */
export function converted(expression: string, from: TypedColumn, to: TypedColumn): string {
  const type = columnType(to)
  if (columnType(from) === type) return expression
  if (to.type !== 'text') return `(${expression})::${type}`
  switch (from.type) {
    case 'timestamp': {
      const digits = `to_char(${expression} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')`
      return `regexp_replace(${digits}, '\\.?0+$', '') || 'Z'`
    }
    case 'binary':
      return base64(expression)
    default:
      return `(${expression})::text`
  }
}

/** Base64 in one line: PostgreSQL breaks it, as in mails. */
export const base64 = (expression: string): string => `translate(encode(${expression}, 'base64'), E'\\n', '')`

/** Values of a staged column under the same name everywhere: no name that comes from outside is in a staging table. */
export interface SystemColumn {
  /** In the table, quoted. */
  readonly stored: string
  /** In the staging table. */
  readonly staged: string
  readonly type: string
  readonly notNull: boolean
}

const system = (name: string, staged: string, type: string, notNull = true): SystemColumn => ({
  stored: identifier(name),
  staged,
  type,
  notNull,
})

const ID: SystemColumn = system(SYSTEM_COLUMNS.id, 'id', 'text')
const LINEAGE: readonly SystemColumn[] = [
  system(SYSTEM_COLUMNS.parentId, 'parent', 'text'),
  system(SYSTEM_COLUMNS.rootId, 'root', 'text'),
  system(SYSTEM_COLUMNS.index, 'index', 'bigint'),
]
/** Null in rows from before the table had versions: no record has the same hash, so they end as soon as their key comes. */
const HASH: SystemColumn = system(SYSTEM_COLUMNS.rowHash, 'hash', 'text', false)

/** System columns whose values a batch brings, in the order of their columns. */
export function broughtColumns({ parent, versioned }: Pick<TableSchema, 'parent' | 'versioned'>): readonly SystemColumn[] {
  return [ID, ...(parent === undefined ? [] : LINEAGE), ...(versioned === true ? [HASH] : [])]
}

/** System columns that versions have beside those that a batch brings: when they began and when they ended. */
export const VALIDITY: readonly Pick<SystemColumn, 'stored' | 'type'>[] = [
  { stored: identifier(SYSTEM_COLUMNS.validFrom), type: 'timestamptz' },
  { stored: identifier(SYSTEM_COLUMNS.validTo), type: 'timestamptz' },
]

export const LOAD_ID: string = identifier(SYSTEM_COLUMNS.loadId)
export const STORED_ID: string = identifier(SYSTEM_COLUMNS.id)
export const STORED_ROOT_ID: string = identifier(SYSTEM_COLUMNS.rootId)
export const VALID_TO: string = identifier(SYSTEM_COLUMNS.validTo)
export const ROW_HASH: string = identifier(SYSTEM_COLUMNS.rowHash)

import { type Column, type ColumnType, SYSTEM_COLUMNS, type TableSchema } from '@tributary/core'

/** A name as SQL: whatever is in it, it cannot break out of its quotes. */
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** A text as SQL. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** Staging column: position of the record in its load, the same for all rows of one record. */
export const SEQUENCE = '_sync_sequence'

const TYPES: Readonly<Record<Exclude<ColumnType, 'decimal'>, string>> = {
  text: 'VARCHAR',
  bigint: 'BIGINT',
  double: 'DOUBLE',
  bool: 'BOOLEAN',
  timestamp: 'TIMESTAMPTZ',
  date: 'DATE',
  time: 'TIME',
  json: 'JSON',
  uuid: 'UUID',
  binary: 'BLOB',
}

export type TypedColumn = Pick<Column, 'type' | 'precision' | 'scale'>

/** The column's type in its table. */
export function columnType({ type, precision = 38, scale = 0 }: TypedColumn): string {
  return type === 'decimal' ? `DECIMAL(${precision}, ${scale})` : TYPES[type]
}

/** The column's type while it is staged: what batches carry as text stays text until it is committed. */
export function stagedType({ type }: TypedColumn): string {
  return type === 'decimal' || type === 'json' || type === 'uuid' ? 'VARCHAR' : TYPES[type]
}

const { id: ID, parentId: PARENT_ID, rootId: ROOT_ID, index: INDEX, loadId: LOAD_ID } = SYSTEM_COLUMNS
const { rowHash: ROW_HASH, validFrom: VALID_FROM, validTo: VALID_TO } = SYSTEM_COLUMNS

export interface TableKind {
  readonly parent?: string | undefined
  readonly versioned?: true | undefined
}

/** System columns of a table that a batch brings, in order, with their types. */
export function systemColumns({ parent, versioned }: TableKind): readonly (readonly [name: string, type: string])[] {
  return [
    [ID, 'VARCHAR'],
    ...(parent === undefined
      ? []
      : ([
          [PARENT_ID, 'VARCHAR'],
          [ROOT_ID, 'VARCHAR'],
          [INDEX, 'BIGINT'],
        ] as const)),
    ...(versioned === true ? ([[ROW_HASH, 'VARCHAR']] as const) : []),
  ]
}

/** What a versioned table has more. Rows of before it had versions have neither a beginning nor a hash. */
export const VERSION_COLUMNS: readonly string[] = [`${ROW_HASH} VARCHAR`, `${VALID_FROM} TIMESTAMPTZ`, `${VALID_TO} TIMESTAMPTZ`]

/** All columns of a table as they are made, data first: names as SQL, with their types and constraints. */
export function columnDefinitions(table: TableSchema): string[] {
  return [
    ...table.columns.map((column) => `${identifier(column.name)} ${columnType(column)}${column.nullable ? '' : ' NOT NULL'}`),
    ...systemColumns({ parent: table.parent }).map(([name, type]) => `${name} ${type} NOT NULL`),
    `${LOAD_ID} BIGINT NOT NULL`,
    ...(table.versioned === true ? VERSION_COLUMNS : []),
  ]
}

/** Names, as SQL, of the columns that a batch brings: data first. */
export const broughtColumns = (table: TableSchema): string[] => [
  ...table.columns.map(({ name }) => identifier(name)),
  ...systemColumns(table).map(([name]) => name),
]

/** An instant as SQL. */
export const instant = (date: Date): string => `TIMESTAMPTZ ${literal(date.toISOString())}`

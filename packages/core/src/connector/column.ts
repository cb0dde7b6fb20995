import type { ColumnType } from '../load/schema.ts'
import { normalizeName, SEPARATOR } from '../normalize/names.ts'
import type { Declared, DeclaredScalar } from './declared.ts'

/** What is known of a column by its name in the table, where no schema says it. */
export interface ColumnDeclaration {
  /** Default: that of the values. A column that has one exists from the start, and its type is a promise. */
  type?: ColumnType
  /** How the API writes a `timestamp`: ISO 8601 text when left out. */
  epoch?: 'seconds' | 'milliseconds'
  /** Of `decimal`: digits in all, at most 38. Default 38. */
  precision?: number
  /** Of `decimal`: digits after the point. Default 9. */
  scale?: number
  /** Default true. */
  nullable?: boolean
  description?: string
  /** Part of the key, where `primaryKey` does not say. */
  primaryKey?: boolean
  /** Part of the merge key, where `mergeKey` does not say. */
  mergeKey?: boolean
  /** Says that a record is deleted, where `hardDelete` does not say. One column at most. */
  hardDelete?: boolean
  /** Decides between records of one key, where `dedupSort` does not say. One column at most. */
  dedupSort?: 'asc' | 'desc'
}

/** A column that is declared by its name; the key that fills it is found as records come. */
export interface NamedColumn {
  /** In snake_case. */
  readonly name: string
  /** Undefined: its type is left to what comes. */
  readonly declared?: DeclaredScalar
  readonly nullable: boolean
  readonly description?: string
}

/** The columns by their names in snake_case. */
export function namedColumns(columns: Readonly<Record<string, ColumnDeclaration>>): ReadonlyMap<string, NamedColumn> {
  return new Map(
    Object.entries(columns).map(([given, column]) => {
      const name = normalizeName(given)
      return [name, namedColumn(name, column)]
    }),
  )
}

function namedColumn(name: string, { type, nullable = true, description, ...column }: ColumnDeclaration): NamedColumn {
  const more = { nullable, ...(description !== undefined && { description }) }
  if (type === undefined) return { name, ...more }
  const { precision = 38, scale = 9, epoch } = column
  const declared: DeclaredScalar = {
    kind: 'scalar',
    type,
    ...more,
    ...(type === 'decimal' && { precision, scale }),
    ...(epoch !== undefined && { epoch }),
  }
  return { name, declared, ...more }
}

/** The columns that have a hint, as they are named there and in the order of their declaration. */
export const columnsWith = (
  columns: Readonly<Record<string, ColumnDeclaration>>,
  hint: 'primaryKey' | 'mergeKey' | 'hardDelete' | 'dedupSort',
): string[] =>
  Object.entries(columns).flatMap(([name, { [hint]: value }]) => (value === undefined || value === false ? [] : [name]))

/** The first of `columns` that the schema names too. */
export function declaredTwice(
  columns: ReadonlyMap<string, NamedColumn>,
  schema: ReadonlyMap<string, Declared>,
  prefix: readonly string[] = [],
): string | undefined {
  for (const [key, declared] of schema) {
    if (declared.kind === 'any') continue
    const path = [...prefix, normalizeName(key)]
    const name = path.join(SEPARATOR)
    if (columns.has(name)) return name
    const deeper = declared.kind === 'object' ? declaredTwice(columns, declared.fields, path) : undefined
    if (deeper !== undefined) return deeper
  }
  return undefined
}

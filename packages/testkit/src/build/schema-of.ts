import type { Column, ColumnType, TableSchema } from '@tributary/core'

/** A column's type, or more of what a column can say. */
export type ColumnSpec = ColumnType | (Partial<Column> & Pick<Column, 'type'>)

export interface SchemaOptions {
  /** The table that holds the parent rows. Makes this a child table, which is named `<parent>__<name>`. */
  parent?: TableSchema
  /** Default: that of the parent, or the table's own name. */
  resource?: string
  /** Rows are versions of records: see `TableSchema.versioned`. */
  versioned?: true
}

/**
 * A table's schema from its columns: `schemaOf('items', { id: 'bigint', price: { type: 'decimal', precision: 10, scale: 2 } })`.
 * Columns are nullable and lie at the key of their name, unless they say otherwise. A child table lies at the key `name`.
 */
export function schemaOf(
  name: string,
  columns: Readonly<Record<string, ColumnSpec>>,
  { parent, resource = parent?.resource ?? name, versioned }: SchemaOptions = {},
): TableSchema {
  return {
    name: parent === undefined ? name : `${parent.name}__${name}`,
    resource,
    ...(parent !== undefined && { parent: parent.name }),
    path: parent === undefined ? [] : [...parent.path, name],
    columns: Object.entries(columns).map(([column, spec]) => ({
      name: column,
      nullable: true,
      path: [column],
      ...(typeof spec === 'string' ? { type: spec } : spec),
    })),
    ...(versioned !== undefined && { versioned }),
  }
}

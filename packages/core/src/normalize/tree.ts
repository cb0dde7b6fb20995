import type { Declared, DeclaredScalar } from '../connector/declared.ts'
import type { ResolvedShape } from '../connector/resolve.ts'
import { TributaryError } from '../errors.ts'
import type { Column, TableSchema } from '../load/schema.ts'
import { type AwaitedColumn, type AwaitedColumns, awaitColumns } from './awaited.ts'
import { createNode, type Field, fieldAt, type Level, nestedLevel, type TableNode } from './fields.ts'
import type { Journal } from './journal.ts'
import { normalizeName, SEPARATOR, uniqueName } from './names.ts'
import { reconcile } from './reconcile.ts'
import { type ColumnSlot, TableWriter } from './table-writer.ts'

export interface TreeOptions {
  readonly shape: ResolvedShape
  /** Tables of this resource as of the last commit. */
  readonly stored: readonly TableSchema[]
  /** Tables of the dataset and the resources that they belong to. New child tables are added. */
  readonly tableOwners: Map<string, string>
  readonly identifierLimit: number
  readonly warn: (message: string) => void
  /** Names of tables that contracts take for known, though they are made anew. */
  readonly knownTables?: ReadonlySet<string>
  /** Names of stored tables that contracts take for new: an unfinished run has made them, and goes on. */
  readonly newTables?: ReadonlySet<string>
  /** Hand over what contracts leave out, each with its record. Default false: it is only counted. */
  readonly keepRejects?: boolean
}

/** The tables of a resource and the keys that lead into them: from the last commit, from the schema, and from what comes. */
export interface Tree {
  readonly root: TableNode
  /** Columns of the root table that are declared by name. */
  readonly awaited: AwaitedColumns | undefined
  /** All of them, parents before their children. */
  readonly nodes: readonly TableNode[]
  /** The child table of a field that holds lists, made where there was none. */
  childOf(node: TableNode, level: Level, field: Field): TableNode
  /** Whether a contract takes a table of this name for known. */
  isKnown(name: string): boolean
  /** The name that such a table has, or would get. */
  childName(node: TableNode, field: Field): string
}

/** Throws `SCHEMA_CONFLICT` where the stored tables cannot become what the connector declares. */
export function createTree(options: TreeOptions, journal: Journal): Tree {
  const { shape, stored, identifierLimit } = options
  const nodes: TableNode[] = []
  const awaited = shape.columns === undefined ? undefined : awaitColumns(shape.columns)
  /** The parent counts: a path leads through lists and objects alike. */
  const storedAt = (path: readonly string[], parent: string | undefined): TableSchema | undefined =>
    stored.find((schema) => schema.parent === parent && samePath(schema.path, path))

  const isKnown = (name: string): boolean =>
    options.knownTables?.has(name) === true || stored.some((schema) => schema.name === name)

  const isTaken = (name: string): boolean =>
    (options.tableOwners.get(name) ?? shape.name) !== shape.name ||
    nodes.some(({ table }) => table.identity.name === name) ||
    stored.some((schema) => schema.name === name)

  const addNode = (
    name: string,
    path: readonly string[],
    parent: string | undefined,
    depth: number,
    declared: Declared | undefined,
  ): TableNode => {
    const isVersioned = parent === undefined && hasVersions(shape)
    const schema = storedAt(path, parent)
    if (parent === undefined && schema !== undefined) checkVersioned(shape, schema, isVersioned)
    const table = new TableWriter(
      { name, resource: shape.name, path, ...(parent !== undefined && { parent }), ...(isVersioned && { versioned: true }) },
      identifierLimit,
      journal,
    )
    const node = createNode(
      table,
      depth,
      declared,
      schema !== undefined && options.newTables?.has(name) !== true,
      parent === undefined ? awaited : undefined,
    )
    nodes.push(node)
    for (const column of schema?.columns ?? []) restoreColumn(shape.name, node, column)
    createDeclared(node, node.level, schema !== undefined)
    if (parent === undefined) for (const column of awaited?.all ?? []) createAwaited(table, column, schema !== undefined)
    if (node.item.declared?.kind === 'scalar')
      node.item.column ??= declaredColumn(table, node.item.path, node.item.declared, schema !== undefined)
    return node
  }

  /** Makes the columns and child tables that the schema names, so that they exist from the start. */
  const createDeclared = (node: TableNode, level: Level, tableExists: boolean): void => {
    for (const field of level.fields.values()) {
      if (field.declared === undefined || field.declared.kind === 'any') continue
      const { declared } = field
      if (declared.kind === 'scalar') field.column ??= declaredColumn(node.table, field.path, declared, tableExists)
      else if (level.depth >= shape.maxTableNesting)
        field.column ??= deepColumn(node.table, field, declared.nullable || tableExists)
      else if (declared.kind === 'object') createDeclared(node, nestedLevel(level, field), tableExists)
      else childOf(node, level, field)
    }
  }

  const childName = ({ table: { identity } }: TableNode, field: Field): string => {
    const path = [...identity.path, ...field.path]
    const known = field.child?.table.identity.name ?? storedAt(path, identity.name)?.name
    return known ?? uniqueName(baseName(identity.name, field), path, identifierLimit, isTaken)
  }

  const childOf = (node: TableNode, level: Level, field: Field): TableNode => {
    if (field.child !== undefined) return field.child
    const { identity } = node.table
    const path = [...identity.path, ...field.path]
    const name = childName(node, field)
    const base = baseName(identity.name, field)
    if (name !== base && storedAt(path, identity.name) === undefined)
      journal.warn(`The list at ${path.join('.')} has the table ${name}, because ${base} is taken or too long.`)
    const owner = options.tableOwners.get(name)
    options.tableOwners.set(name, shape.name)
    journal.made(() => {
      nodes.splice(nodes.findIndex(({ table }) => table.identity.name === name))
      field.child = undefined
      if (owner === undefined) options.tableOwners.delete(name)
    })
    // Set before the child's own children are made, so that a schema is walked once.
    field.child = addNode(
      name,
      path,
      identity.name,
      level.depth + 1,
      field.declared?.kind === 'list' ? field.declared.item : undefined,
    )
    return field.child
  }

  checkOwner(shape, options.tableOwners.get(shape.table))
  options.tableOwners.set(shape.table, shape.name)
  const root = addNode(shape.table, [], undefined, 0, { kind: 'object', nullable: false, fields: shape.declared })
  // Parents first: their paths are shorter.
  for (const schema of [...stored].sort((a, b) => a.path.length - b.path.length)) {
    const parent = nodes.find((node) => node.table.identity.name === schema.parent)
    if (parent === undefined || nodes.some((node) => node.table.identity.name === schema.name)) continue
    const { field, level } = fieldAt(parent.level, schema.path.slice(parent.table.identity.path.length))
    childOf(parent, level, field)
  }
  return { root, awaited, nodes, isKnown, childOf, childName }
}

const baseName = (table: string, field: Field): string => [table, ...field.path.map(normalizeName)].join(SEPARATOR)

/** Whether the root table keeps versions of its records. */
export const hasVersions = ({ disposition, strategy }: ResolvedShape): boolean => disposition === 'merge' && strategy === 'scd2'

/** Rows of two resources in one table could not be told apart, and its columns would be those of one of them. */
function checkOwner({ name, table }: ResolvedShape, owner: string | undefined): void {
  if (owner === undefined || owner === name) return
  throw new TributaryError({
    code: 'SCHEMA_CONFLICT',
    recovery: 'fix-config',
    message: `${name}: its table ${table} belongs to the resource ${owner}, which has loaded it before. Give ${name} another tableName; or, where ${owner} is not loaded any more, reset it together with its tables.`,
  })
}

/** Rows of before a table had versions become the first of them; the reverse would have several rows for a record. */
function checkVersioned(shape: ResolvedShape, { name, versioned }: TableSchema, isVersioned: boolean): void {
  if (versioned !== true || isVersioned) return
  throw new TributaryError({
    code: 'SCHEMA_CONFLICT',
    recovery: 'fix-config',
    message: `${shape.name}: the table ${name} has versions of its records, but the connector now asks for one row for each record. Load it anew with --full-refresh.`,
  })
}

function restoreColumn(resource: string, node: TableNode, column: Column): void {
  const awaited = column.variant === undefined ? node.level.awaited?.find(column.path) : undefined
  if (awaited !== undefined) {
    restoreAwaited(resource, node, column, awaited)
    return
  }
  const field = column.path.length === 0 ? node.item : fieldAt(node.level, column.path).field
  const declared = field.declared?.kind === 'scalar' && column.variant === undefined ? field.declared : undefined
  const restored = reconcile(resource, node.table.identity.name, column, declared)
  const slot = node.table.restore(restored, declared === undefined ? restored : { ...declared, required: !declared.nullable })
  if (column.variant === undefined) field.column = slot
  else field.column?.variants.set(column.variant, slot)
}

/** A column that is declared by name: under its own name alone, it still waits for the key that fills it. */
function restoreAwaited(resource: string, node: TableNode, column: Column, awaited: AwaitedColumn): void {
  const { declared, nullable, description } = awaited
  const restored = reconcile(resource, node.table.identity.name, column, declared)
  const kept = declared === undefined && description !== undefined ? { ...restored, description } : restored
  awaited.slot = node.table.restore(kept, { ...(declared ?? kept), required: !nullable })
  if (!samePath(column.path, [awaited.name])) fieldAt(node.level, column.path)
}

/** Makes a column that is declared by name and type, so that it exists from the start. */
function createAwaited(table: TableWriter, awaited: AwaitedColumn, tableExists: boolean): void {
  awaited.columnNullable = awaited.nullable || tableExists
  if (awaited.slot === undefined && awaited.declared !== undefined)
    awaited.slot = declaredColumn(table, [awaited.name], awaited.declared, tableExists)
}

function declaredColumn(table: TableWriter, path: readonly string[], declared: DeclaredScalar, tableExists: boolean): ColumnSlot {
  // Rows that are there already have no value in a new column.
  return table.create({
    ...declared,
    path,
    declared: true,
    nullable: declared.nullable || tableExists,
    required: !declared.nullable,
  })
}

const deepColumn = (table: TableWriter, field: Field, nullable: boolean): ColumnSlot =>
  table.create({ type: 'json', path: field.path, nullable, declared: true, required: false })

const samePath = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((key, index) => key === b[index])

import type { Batch, Came, Column, TableSchema, Texts } from '@tributary/core'
import type { Connection } from './connection.ts'
import { copyRows } from './copy.ts'
import { cameField, doubleField, fieldOf, numberField } from './fields.ts'
import { analyse } from './load-table.ts'
import { naming } from './naming.ts'
import { type Field, putBool, putNull, type RowBuffer } from './row-buffer.ts'
import { broughtColumns, columnType, converted, identifier } from './sql.ts'
import type { createNotes } from './storable.ts'
import { textField } from './text-fields.ts'

/**
 * Of root tables: which fields the record had; whether it may have come before; and what becomes of the row, which is written
 * (w), deletes (d), or is left out (l).
 */
const ROOT_COLUMNS = ['came bit varying', 'repeats boolean', `fate "char" DEFAULT 'w'`]

/** A TEMP table of rows that came with the same types. */
interface Part {
  readonly name: string
  /** By the names of the columns: what the part calls them, and the type that they have there. */
  readonly columns: Map<string, { readonly staged: string; readonly column: Column }>
}

/** Rows of one table that wait in a TEMP table, which nobody else sees and which goes with the connection. */
export interface StagedTable {
  /** As SQL, there once `finish` was called: with the columns `c0`, `c1`, … and those of the system. */
  readonly name: string
  /** What the staging table calls a column. */
  staged(column: string): string
  /** Whether the row's record had the column, or the child table's list, as SQL; `undefined`: every record had it. */
  came(alias: string, what: string): string | undefined
  /** What the column `came` is of a row that has all that any of a group of rows came with, as SQL. */
  eitherCame(alias: string): string
  readonly mayRepeat: boolean
  write(batch: Batch): Promise<void>
  /** No more rows come: brings what is there to the columns and types that `schema` has. */
  finish(schema: TableSchema): Promise<void>
  drop(): Promise<void>
}

/**
 * Stages a table. `said`: batches of the root table say which fields each record had. In the staging table, columns have
 * names of our own, so that no name of the API's can meet those of the system: `seq`, `id`, `root`, `came` and `fate`.
 */
export function createStagedTable(
  connection: Connection,
  prefix: string,
  notes: ReturnType<typeof createNotes>,
  said: boolean,
): StagedTable {
  const parts: Part[] = []
  /** Bits of `came`, by column or child table, in the order in which they were first heard of. */
  const positions = new Map<string, number>()
  /** What some record did not have, or may not have had. */
  const partial = new Set<string>()
  let schemaOfParts: TableSchema | undefined
  let mayRepeat = false
  let rowCountOfAll = 0

  const positionOf = (what: string): number => {
    const known = positions.get(what)
    if (known !== undefined) return known
    // Rows from before it was heard of did not have it.
    if (parts.length > 0) partial.add(what)
    positions.set(what, positions.size)
    return positions.size - 1
  }
  const definition = (staged: string, column: Column): string => `${staged} ${columnType(column)}`
  const createPart = async (schema: TableSchema): Promise<Part> => {
    const columns = new Map(schema.columns.map((column, index) => [column.name, { staged: `c${index}`, column }]))
    const part: Part = { name: `pg_temp.${identifier(`${prefix}_${parts.length}`)}`, columns }
    const definitions = [
      ...[...columns.values()].map(({ staged, column }) => definition(staged, column)),
      ...broughtColumns(schema).map(({ staged, type }) => `${staged} ${type}`),
      'seq double precision',
      ...(schema.parent === undefined ? ROOT_COLUMNS : []),
    ]
    await connection.run(`CREATE TEMP TABLE ${identifier(`${prefix}_${parts.length}`)} (${definitions.join(', ')})`)
    parts.push(part)
    return part
  }
  /** The part that rows of this schema fit into. Columns are added where they are new; another type takes another part. */
  const partFor = async (schema: TableSchema): Promise<Part> => {
    schemaOfParts = schema
    const part = parts.at(-1)
    const fits = (column: Column): boolean => {
      const known = part?.columns.get(column.name)
      return known === undefined || columnType(known.column) === columnType(column)
    }
    if (part === undefined || !schema.columns.every(fits)) return createPart(schema)
    const added = schema.columns.filter(({ name }) => !part.columns.has(name))
    if (added.length === 0) return part
    const definitions = added.map((column) => {
      const staged = `c${part.columns.size}`
      part.columns.set(column.name, { staged, column })
      return `ADD COLUMN ${definition(staged, column)}`
    })
    await connection.run(`ALTER TABLE ${part.name} ${definitions.join(', ')}`)
    return part
  }
  const heardOf = (batch: Batch, came: Came): Field => {
    const own = batch.table.columns.map(({ name }) => positionOf(name))
    const lists = new Map([...came.children.keys()].map((name) => [name, positionOf(name)]))
    const inAll = new Set([
      ...batch.table.columns.filter((_, index) => came.columns[index] === true).map(({ name }) => name),
      ...[...came.children].filter(([, bits]) => bits === true).map(([name]) => name),
    ])
    for (const name of positions.keys()) if (!inAll.has(name)) partial.add(name)
    return cameField(came, own, lists)
  }
  /** One table of all parts, with the columns and types of the schema. */
  const merge = async (schema: TableSchema): Promise<void> => {
    const sources = [...parts]
    const whole = await createPart(schema)
    const system = [
      ...broughtColumns(schema).map(({ staged }) => staged),
      'seq',
      ...(schema.parent === undefined ? ['came', 'repeats'] : []),
    ]
    for (const source of sources) {
      const columns = schema.columns.filter(({ name }) => source.columns.has(name))
      const into = columns.map(({ name }) => whole.columns.get(name)!.staged)
      const from = columns.map((column) => {
        const known = source.columns.get(column.name)!
        return converted(known.staged, known.column, column)
      })
      await connection.run(
        `INSERT INTO ${whole.name} (${[...into, ...system].join(', ')}) SELECT ${[...from, ...system].join(', ')} FROM ${source.name}`,
      )
      await connection.run(`DROP TABLE ${source.name}`)
    }
    parts.splice(0, parts.length, whole)
  }

  /** Rows of earlier batches have fewer bits: of what was not heard of yet, none had any. */
  const bitsOf = (alias: string): string => `${alias}.came::bit(${Math.max(1, positions.size)})`

  return {
    get name() {
      return parts[0]!.name
    },
    staged: (column) => parts[0]!.columns.get(column)!.staged,
    came(alias, what) {
      const position = positions.get(what)
      if (position === undefined) return `${alias}.came IS NULL`
      if (!partial.has(what)) return undefined
      // Where a batch says nothing, a record is all that there is.
      return `(${alias}.came IS NULL OR get_bit(${bitsOf(alias)}, ${position}) = 1)`
    },
    // Not of those alone that say something.
    eitherCame: (alias) => `CASE WHEN count(*) = count(${alias}.came) THEN bit_or(${bitsOf(alias)}) END`,
    get mayRepeat() {
      return mayRepeat
    },
    async write(batch) {
      const { table, columns, ids, sequence, lineage, hashes, rowCount } = batch
      const isRoot = table.parent === undefined
      const came = batch.came === undefined || !said ? putNull : heardOf(batch, batch.came)
      const part = await partFor(table)
      // What these hold was noted where it came from.
      const unnoted = (texts: Texts): Field => textField(texts, rowCount, () => {})
      const ofSystem = notes.of(`${table.name}, in the row's id`)
      await copyRows(
        connection,
        part.name,
        [
          ...table.columns.map(({ name }) => part.columns.get(name)!.staged),
          ...broughtColumns(table).map(({ staged }) => staged),
          'seq',
          ...(isRoot ? ['came', 'repeats'] : []),
        ],
        rowCount,
        [
          ...table.columns.map((column, index) =>
            fieldOf(column, columns[index]!, rowCount, notes.of(`${table.name}.${column.name}`)),
          ),
          textField(ids, rowCount, ofSystem),
          ...(lineage === undefined ? [] : [unnoted(lineage.parentIds), unnoted(lineage.rootIds), numberField(lineage.indexes)]),
          ...(table.versioned === true ? [unnoted(hashes!)] : []),
          doubleField(sequence),
          ...(isRoot ? [came, (rows: RowBuffer) => putBool(rows, batch.mayRepeat)] : []),
        ],
      )
      mayRepeat ||= batch.mayRepeat
      rowCountOfAll += rowCount
    },
    async finish(schema) {
      const [only] = parts
      const same = ({ name, ...column }: Column): boolean => {
        const known = only?.columns.get(name)
        return known !== undefined && columnType(known.column) === columnType(column)
      }
      await naming(schema.name, async () => {
        if (parts.length === 0) await createPart(schema)
        else if (parts.length > 1 || !schema.columns.every(same) || schemaOfParts?.versioned !== schema.versioned)
          await merge(schema)
      })
      await analyse(connection, parts[0]!.name, rowCountOfAll)
    },
    async drop() {
      for (const { name } of parts.splice(0)) await connection.run(`DROP TABLE IF EXISTS ${name}`)
    },
  }
}

import type { Batch, CameBits, TableSchema, Texts } from '@tributary/core'
import { storableTexts } from './json-text.ts'
import { dataColumn, doubleColumn, flagColumn, int32Column, type ParquetColumn, textColumn } from './parquet/columns.ts'
import { createParquetFile } from './parquet/file.ts'
import { type ColumnValues, flagValues, noValues, numberValues, textValues, vectorValues } from './parquet/values.ts'
import { readParquet } from './read-parquet.ts'
import { identifier, SEQUENCE, systemColumns, type TypedColumn } from './sql.ts'

/** Which columns of a staged part a batch fills: its data by name, and what it says of the fields that came. */
export interface StagedShape {
  readonly columns: ReadonlyMap<string, TypedColumn>
  /** Undefined: no columns for what came. */
  readonly came?: { readonly columns: readonly string[]; readonly lists: readonly string[] } | undefined
}

/** Batches of one shape in a file. */
export interface StagedFile {
  append(batch: Batch): Promise<void>
  /** No more rows come: a query of the rows, with all columns under their names. */
  close(): Promise<string>
}

/** A column of the file, and what a batch has for it. */
interface StagedColumn {
  /** As SQL. */
  readonly name: string
  readonly make: (place: string) => ParquetColumn
  /** Its type in tables, where its numbers are smaller in the file. */
  readonly type?: string
  readonly values: (batch: Batch, column: ParquetColumn) => ColumnValues
}

/** SQL name of the column that says whether a record had a column of its table. */
export const cameName = (column: string): string => identifier(`_sync_came:${column}`)
/** The same for the list of a child table. */
export const listName = (table: string): string => identifier(`_sync_list:${table}`)

/** `path`: of a file that there is not. */
export async function createStagedFile(path: string, schema: TableSchema, shape: StagedShape): Promise<StagedFile> {
  const staged = [
    ...[...shape.columns].map(([name, { type }]) => ofData(name, type)),
    ...ofSystem(schema),
    ...(shape.came?.columns ?? []).map(ofCame),
    ...(shape.came?.lists ?? []).map(ofList),
  ]
  // In the file, columns go by their places: DuckDB takes names for the same that are not.
  const columns = staged.map(({ make }, place) => make(`c${place}`))
  const file = await createParquetFile(path, columns)
  return {
    append: (batch) =>
      file.append(
        staged.map(({ values }, place) => values(batch, columns[place]!)),
        batch.rowCount,
      ),
    async close() {
      await file.close()
      const selected = staged.map(({ name, type }, place) => {
        const column = columns[place]!.name
        return `${type === undefined ? column : `CAST(${column} AS ${type})`} AS ${name}`
      })
      return `SELECT ${selected.join(', ')} FROM ${readParquet([path])}`
    },
  }
}

function ofData(name: string, type: TypedColumn['type']): StagedColumn {
  return {
    name: identifier(name),
    make: (place) => dataColumn(place, type),
    values({ table, columns, rowCount }, column) {
      const index = table.columns.findIndex((each) => each.name === name)
      const vector = columns[index]
      // A column that the batch does not know has no values in it.
      if (vector === undefined) return noValues(column, rowCount)
      return vectorValues(type === 'json' && vector.kind === 'text' ? { ...vector, ...storableTexts(vector, rowCount) } : vector)
    },
  }
}

function ofSystem(schema: TableSchema): StagedColumn[] {
  const texts = (of: (batch: Batch) => Texts): Omit<StagedColumn, 'name'> => ({
    make: textColumn,
    values: (batch) => textValues(of(batch)),
  })
  const columns: Omit<StagedColumn, 'name'>[] = [
    texts(({ ids }) => ids),
    ...(schema.parent === undefined
      ? []
      : [
          texts(({ lineage }) => lineage!.parentIds),
          texts(({ lineage }) => lineage!.rootIds),
          { make: int32Column, type: 'BIGINT', values: ({ lineage }: Batch) => numberValues(lineage!.indexes) },
        ]),
    ...(schema.versioned === true ? [texts(({ hashes }) => hashes!)] : []),
  ]
  const names = systemColumns(schema).map(([name]) => name)
  return [
    ...columns.map((column, index) => ({ ...column, name: names[index]! })),
    { name: SEQUENCE, make: doubleColumn, type: 'BIGINT', values: ({ sequence }) => numberValues(sequence) },
  ]
}

const ofCame = (name: string): StagedColumn => ({
  name: cameName(name),
  make: flagColumn,
  values: ({ came, table, rowCount }) => {
    if (came === undefined) return flagValues(true)
    return flagValues(came.columns[table.columns.findIndex((column) => column.name === name)] ?? none(rowCount))
  },
})

const ofList = (name: string): StagedColumn => ({
  name: listName(name),
  make: flagColumn,
  values: ({ came, rowCount }) => flagValues(came === undefined ? true : (came.children.get(name) ?? none(rowCount))),
})

const none = (rowCount: number): CameBits => new Uint32Array((rowCount + 31) >>> 5)

import assert from 'node:assert/strict'
import { type LoadResult, SYSTEM_COLUMNS, type TableChanges, type TableSchema } from '@tributary/core'
import type { RowValues } from '../build/batch-of.ts'
import { startOf } from '../build/plan-of.ts'
import { type RecordValues, rowsOf } from '../build/rows-of.ts'
import { comparableRow } from '../values/comparable.ts'
import type { DestinationFixture } from './case.ts'
import { DATASET } from './load.ts'
import { readRows, readRowsIfAny } from './look.ts'

/** A record that must be there, and the load that wrote it last. */
export interface LoadedRecord {
  readonly loadId: number
  /** Position in that load. */
  readonly sequence: number
  readonly record: RecordValues
  /** Of a version that has ended: the load that ended it. */
  readonly endedBy?: number
}

/** Records as a load wrote them, numbered from `firstSequence`. */
export function loaded(loadId: number, records: readonly RecordValues[], firstSequence = 1): LoadedRecord[] {
  return records.map((record, index) => ({ loadId, sequence: firstSequence + index, record }))
}

/** Versions that `loadId` wrote, and a later load ended. */
export function ended(loadId: number, endedBy: number, records: readonly RecordValues[], firstSequence = 1): LoadedRecord[] {
  return loaded(loadId, records, firstSequence).map((entry) => ({ ...entry, endedBy }))
}

/** Rejects unless the tables hold exactly the rows of these records. */
export async function expectRecords(
  fixture: DestinationFixture,
  tables: readonly TableSchema[],
  records: readonly LoadedRecord[],
  primaryKey: readonly string[] = [],
  dataset: string = DATASET,
): Promise<void> {
  const expected = new Map(tables.map(({ name }): [string, RowValues[]] => [name, []]))
  for (const { loadId, sequence, record, endedBy } of records) {
    for (const { table, rows } of rowsOf(tables, [record], { loadId, firstSequence: sequence, primaryKey })) {
      const system = {
        [SYSTEM_COLUMNS.loadId]: loadId,
        ...(table.versioned === true && { [SYSTEM_COLUMNS.validFrom]: startOf(loadId).toISOString() }),
        ...(table.versioned === true && endedBy !== undefined && { [SYSTEM_COLUMNS.validTo]: startOf(endedBy).toISOString() }),
      }
      expected.get(table.name)!.push(...rows.map((row) => ({ ...row, ...system })))
    }
  }
  for (const table of tables) await expectRows(fixture, table, expected.get(table.name)!, dataset)
}

/** Rejects unless the table holds exactly these rows, system columns among them, in any order. */
async function expectRows(
  fixture: DestinationFixture,
  table: TableSchema,
  expected: readonly RowValues[],
  dataset: string = DATASET,
): Promise<void> {
  const actual = await readRows(fixture, table.name, dataset)
  assert.deepEqual(inOrder(table, actual), inOrder(table, expected), `rows of ${JSON.stringify(table.name)}`)
}

function inOrder(table: TableSchema, rows: readonly RowValues[]): unknown[] {
  return rows
    .map((row) => ({ ...comparableRow(table, row) }))
    .map((row) => ({ row, text: row[SYSTEM_COLUMNS.id] + JSON.stringify(row) }))
    .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
    .map(({ row }) => row)
}

/** Rejects unless the table is missing, or has no rows. */
export async function expectNothing(fixture: DestinationFixture, table: TableSchema): Promise<void> {
  const rows = await readRowsIfAny(fixture, table.name)
  assert.deepEqual(rows, [], `${table.name} should have no rows`)
}

/** Rejects unless a load did exactly this to a table; what is not named is 0. */
export function expectChanges(result: LoadResult, { name }: TableSchema, changes: Partial<TableChanges>): void {
  const { inserted = 0, updated = 0, deleted = 0, unchanged = 0 } = changes
  assert.deepEqual({ ...result.tables[name] }, { inserted, updated, deleted, unchanged }, `changes of ${name}`)
}

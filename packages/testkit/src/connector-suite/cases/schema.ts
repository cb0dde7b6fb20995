import assert from 'node:assert/strict'
import type { Column, TableSchema } from '@tributary/core'
import { type Api, type Run, withApi } from '../api.ts'
import { firstReason, type ResourceCase } from '../case.ts'
import { expectOk, resultOf, rowsOf, tablesOf } from '../outcome.ts'
import type { ResourceFacts } from '../survey.ts'

const WITHOUT_SCHEMA = 'it declares no schema'

const declaredOf = ({ description }: ResourceFacts): { table: TableSchema; column: Column }[] =>
  description.tables.flatMap((table) => table.columns.map((column) => ({ table, column })))

const applies: ResourceCase['applies'] = (resource) => firstReason(declaredOf(resource).length === 0 && WITHOUT_SCHEMA)

/** Loads every record as it came, whatever the resource says of merges; values that do not fit are left out and kept as rejects. */
const loadAll = (api: Api): Promise<Run> =>
  api.run({
    writeDisposition: 'append',
    schemaContract: { tables: 'evolve', columns: 'evolve', dataType: 'discard_value' },
    keepRejects: true,
  })

export const schemaCases: readonly ResourceCase[] = [
  {
    name: 'what comes fits the types and nullability that its schema declares [suite.connector.schema.types]',
    applies,
    run: (resource, { options }) =>
      withApi(options, async (api) => {
        const run = await loadAll(api)
        // Nulls where there should be none are another case.
        if (resultOf(run, resource.name).error?.code !== 'VALUE_MISSING') expectOk(run)
        assert.deepEqual(await misfits(run, resource.name), [], 'values that do not fit their column')
        const tables = await tablesOf(run, resource.name)
        assert.deepEqual(
          declaredOf(resource).map(typeOf),
          declaredOf(resource).map(({ table, column }) => {
            const found = tables.find(({ name }) => name === table.name)?.columns.find(({ name }) => name === column.name)
            return found === undefined ? `${table.name}.${column.name}: missing` : typeOf({ table, column: found })
          }),
        )
        const variants = tables.flatMap(({ columns }) => columns.filter(({ variant }) => variant !== undefined))
        assert.deepEqual(
          variants.map(({ name }) => name),
          [],
          'columns for values of another type',
        )
      }),
  },
  {
    name: 'no null comes where its schema allows none [suite.connector.schema.nulls]',
    applies: (resource, subject) =>
      applies(resource, subject) ??
      firstReason(!declaredOf(resource).some(({ column }) => !column.nullable) && 'its schema allows null everywhere'),
    run: (resource, { options }) =>
      withApi(options, async (api) => {
        const { error } = resultOf(await loadAll(api), resource.name)
        assert.notEqual(error?.code, 'VALUE_MISSING', error?.message)
      }),
  },
  {
    name: 'its schema names every column that comes [suite.connector.schema.undeclared]',
    applies,
    run: (resource, { options }) =>
      withApi(options, async (api) => {
        const tables = await tablesOf(await loadAll(api), resource.name)
        const undeclared = tables.flatMap(({ name, columns }) =>
          columns
            .filter(({ declared, variant }) => declared !== true && variant === undefined)
            .map((column) => `${name}.${column.name}`),
        )
        assert.deepEqual(undeclared, [], 'undeclared columns')
      }),
  },
  {
    name: 'every column that its schema names comes in some record [suite.connector.schema.came]',
    applies,
    run: (resource, { options }) =>
      withApi(options, async (api) => {
        const run = await loadAll(api)
        const absent: string[] = []
        for (const { table, column } of declaredOf(resource)) {
          const rows = await rowsOf(run, table.name)
          if (!rows.some((row) => (row[column.name] ?? null) !== null)) absent.push(`${table.name}.${column.name}`)
        }
        assert.deepEqual(absent, [], 'declared columns that never came')
      }),
  },
]

const typeOf = ({ table, column }: { table: TableSchema; column: Column }): string =>
  `${table.name}.${column.name}: ${column.type}${column.nullable ? '' : ' not null'}`

/** What was wrong with values, each kind of it once. */
async function misfits(run: Run, resource: string): Promise<string[]> {
  const messages = new Set<string>()
  for (const name of await run.destination.datasets()) {
    const reader = await run.destination.inspect(name)
    for await (const reject of reader.rejects()) {
      if (reject.resource === resource) messages.add(`${reject.table}.${reject.column}: ${reject.message}`)
    }
    await reader.close()
  }
  return [...messages].slice(0, 20)
}

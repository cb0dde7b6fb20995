import { DuckDBInstance } from '@duckdb/node-api'
import { describe, expect, it } from 'vitest'
import { childDifferences } from './children.ts'

describe('the comparison of children', () => {
  it.each([false, true])('joins by hashing, not by comparing every row with every other (copies: %s)', async (hasCopies) => {
    const connection = await (await DuckDBInstance.create(':memory:')).connect()
    const columns = '_sync_id VARCHAR, _sync_parent_id VARCHAR, _sync_root_id VARCHAR, _sync_index INTEGER, "value" VARCHAR'
    await connection.run('CREATE TEMP TABLE _sync_matched (old_row BIGINT, old_id VARCHAR, new_id VARCHAR, differs BOOLEAN)')
    for (const table of ['staged', 'stored']) {
      await connection.run(`CREATE TABLE ${table} (${columns}, _sync_load_id BIGINT)`)
      await connection.run(`INSERT INTO ${table} SELECT i::VARCHAR, i::VARCHAR, i::VARCHAR, 0, 'x', 1 FROM range(50000) r(i)`)
    }
    await connection.run(`INSERT INTO _sync_matched SELECT i, i::VARCHAR, i::VARCHAR, false FROM range(50000) r(i)`)
    const schema = {
      name: 'items__tags',
      resource: 'items',
      parent: 'items',
      path: ['tags'],
      columns: [{ name: 'value', type: 'text', nullable: true, path: [] }],
    } as const
    const query = childDifferences(schema, 'staged', 'stored', hasCopies)
    const plan = (await connection.runAndReadAll(`EXPLAIN ${query}`)).getRows().map(String).join('\n')
    expect(plan).toContain('HASH_JOIN')
    expect(plan).not.toMatch(/NL_JOIN|NESTED_LOOP|CROSS_PRODUCT/)
    connection.closeSync()
  })
})

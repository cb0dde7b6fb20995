import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import type { LoadPlan, TableSchema } from '@tributary/core'
import { batchesOf, planOf, type RecordValues, schemaOf } from '@tributary/testkit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createMemory } from '../memory.ts'
import { columnDefinitions } from '../sql.ts'
import { createStagedTable } from '../staging.ts'
import { apply } from './apply.ts'
import { childDifferences } from './children.ts'
import { childrenOf, type LoadTable } from './load-table.ts'
import { makeUnique } from './unique.ts'

const ROWS = 20_000
/** A join by these compares every row with every other. */
const EVERY_ROW_WITH_EVERY_OTHER = /NL_JOIN|NESTED_LOOP|CROSS_PRODUCT|IE_JOIN|PIECEWISE/

const items = schemaOf('items', { id: 'bigint', part: 'bigint', version: 'bigint', name: 'text', gone: 'bool' })
const tags = schemaOf('tags', { value: 'text' }, { parent: items })

interface Engine {
  readonly connection: DuckDBConnection
  load(plan: Partial<LoadPlan>, records: readonly RecordValues[], options?: { came?: boolean }): Promise<LoadPlan>
  /** Plans of the statements since the last call. */
  plans(): string[]
}

async function start(tables: readonly TableSchema[]): Promise<Engine> {
  const instance = await DuckDBInstance.create(':memory:')
  const folder = await mkdtemp(join(tmpdir(), 'tributary-plans-'))
  const connection = await instance.connect()
  onTestFinished(() => {
    connection.closeSync()
    instance.closeSync()
    return rm(folder, { recursive: true })
  })
  let plans: string[] = []
  const explain = async (sql: string): Promise<void> => {
    if (!/^\s*(SELECT|INSERT|DELETE|UPDATE|CREATE (OR REPLACE )?TEMP TABLE \S+ AS)\b/.test(sql)) return
    plans.push(`${sql}\n${(await connection.runAndReadAll(`EXPLAIN ${sql}`)).getRows().map(String).join('\n')}`)
  }
  const watched = new Proxy(connection, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name)
      if (typeof member !== 'function') return member
      if (name !== 'run' && name !== 'runAndReadAll') return member.bind(target)
      return async (sql: string) => {
        await explain(sql)
        return member.call(target, sql)
      }
    },
  })
  for (const table of tables) await connection.run(`CREATE TABLE main.${table.name} (${columnDefinitions(table).join(', ')})`)
  return {
    connection,
    async load(given, records, { came = false } = {}) {
      const plan = planOf({ table: items.name, primaryKey: ['id'], disposition: 'merge', ...given })
      const loads = tables.map((schema, index): LoadTable => {
        const staged = createStagedTable(watched, createMemory(instance, false), `stage_${plan.id}_${index}`, folder)
        return { schema, staged, name: `main.${schema.name}` }
      })
      const mayRepeat = plan.disposition === 'append'
      for (const batch of batchesOf(tables, records, { loadId: plan.id, primaryKey: plan.primaryKey, came, mayRepeat }))
        await loads.find(({ schema }) => schema.name === batch.table.name)!.staged.write(batch)
      for (const { schema, staged } of loads) await staged.finish(schema, childrenOf(schema, tables))
      await makeUnique(watched, plan, loads, true)
      await apply(watched, plan, loads, new Map())
      return plan
    },
    plans() {
      const found = plans
      plans = []
      return found
    },
  }
}

/** Half of them were in the load before; some come twice, some are deletions, some lack their name or their tags. */
function records(from: number, name: string): RecordValues[] {
  return Array.from({ length: ROWS }, (_, row) => ({
    id: from + (row % 50 === 1 ? row - 1 : row),
    part: (from + row) % 100,
    version: row,
    ...(row % 3 !== 0 && { name: `${name} ${row}` }),
    gone: name !== 'first' && row % 7 === 0,
    ...(row % 4 !== 0 && { tags: [{ value: `${name} ${row % 5}` }] }),
  }))
}

describe('joins', () => {
  it.each<[name: string, plan: Partial<LoadPlan>, came?: boolean]>([
    ['delete-insert', {}],
    ['delete-insert, skipping what did not change', { skipUnchanged: true }],
    ['delete-insert with a merge key', { mergeKey: ['part'] }],
    ['delete-insert with a merge key alone', { mergeKey: ['part'], primaryKey: [], keep: 'all' }],
    ['upsert', { strategy: 'upsert' }, true],
    ['upsert that completes repeated keys', { strategy: 'upsert', dedupSort: undefined }, true],
    ['mirror', { strategy: 'mirror', removesAbsent: true }, true],
    ['mirror that completes repeated keys', { strategy: 'mirror', removesAbsent: true, dedupSort: undefined }, true],
    ['insert-only', { strategy: 'insert-only' }],
    ['scd2', { strategy: 'scd2', removesAbsent: true }],
    ['scd2 with a merge key', { strategy: 'scd2', removesAbsent: true, mergeKey: ['part'] }],
    ['scd2 without a key', { strategy: 'scd2', removesAbsent: true, primaryKey: [], keep: 'all' }],
    ['a replay', { replays: 1 }],
    ['append of what may repeat', { disposition: 'append', firstLoadId: 1 }],
  ])('%s: hashes and never compares every row with every other [duckdb.joins]', async (_, plan, came = false) => {
    const versioned = plan.strategy === 'scd2'
    const root: TableSchema = versioned ? { ...items, versioned: true } : items
    const engine = await start([root, tags])
    const tells = { came }
    await engine.load({ ...plan, id: 1, firstLoadId: 1 }, records(0, 'first'), tells)
    engine.plans()
    const selective = { dedupSort: { column: 'version', order: 'desc' }, hardDelete: 'gone' } as const
    const options = plan.primaryKey === undefined && plan.replays === undefined ? selective : {}
    await engine.load({ ...options, ...plan, id: 2, firstLoadId: 1 }, records(ROWS / 2, 'second'), tells)
    const plans = engine.plans()
    expect(plans.filter((text) => EVERY_ROW_WITH_EVERY_OTHER.test(text))).toEqual([])
    expect(plans.some((text) => text.includes('HASH_JOIN'))).toBe(true)
  })

  it.each([false, true])('the comparison of children hashes (copies: %s)', async (hasCopies) => {
    const { connection } = await start([items, tags])
    await connection.run('CREATE TEMP TABLE _sync_matched (old_row BIGINT, old_id VARCHAR, new_id VARCHAR, differs BOOLEAN)')
    await connection.run(`INSERT INTO _sync_matched SELECT i, i::VARCHAR, i::VARCHAR, false FROM range(50000) r(i)`)
    for (const table of ['staged', 'stored']) {
      await connection.run(`CREATE TABLE ${table} (${columnDefinitions(tags).join(', ')})`)
      await connection.run(`INSERT INTO ${table} SELECT 'x', i::VARCHAR, i::VARCHAR, i::VARCHAR, 0, 1 FROM range(50000) r(i)`)
    }
    const query = childDifferences(tags, 'staged', 'stored', hasCopies)
    const plan = (await connection.runAndReadAll(`EXPLAIN ${query}`)).getRows().map(String).join('\n')
    expect(plan).toContain('HASH_JOIN')
    expect(plan).not.toMatch(EVERY_ROW_WITH_EVERY_OTHER)
  })

  it('would be seen to compare every row with every other', async () => {
    const { connection } = await start([items, tags])
    const plan = await connection.runAndReadAll(
      'EXPLAIN SELECT * FROM main.items a JOIN main.items b ON a.id + b.id > a.part - b.version',
    )
    expect(plan.getRows().map(String).join('\n')).toMatch(EVERY_ROW_WITH_EVERY_OTHER)
  })
})

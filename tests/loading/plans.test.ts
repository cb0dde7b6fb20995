import type { LoadPlan } from '@tributary/core'
import { describe, expect, it } from 'vitest'
import { type Settings, things } from './things.ts'

const merge = { writeDisposition: 'merge', primaryKey: 'id' } as const
const sorted = { ...merge, dedupSort: { field: 'meta.version', order: 'desc' }, hardDelete: 'isGone' } as const
const record = { id: 1, day: 'monday', meta: { version: 3 }, isGone: false }

const cases: [title: string, Settings, Partial<LoadPlan>][] = [
  [
    'appends, and keeps all rows',
    { primaryKey: 'id' },
    { disposition: 'append', keep: 'all', mergeKey: [], removesAbsent: false },
  ],
  [
    'replaces, and keeps all rows',
    { writeDisposition: 'replace', primaryKey: 'id' },
    { disposition: 'replace', keep: 'all', recreate: false },
  ],
  [
    'merges by the strategy, the last of a key',
    { ...merge, mergeStrategy: 'upsert' },
    { strategy: 'upsert', primaryKey: ['id'], keep: 'last' },
  ],
  [
    'merges by insert-only, the first of a key',
    { ...merge, mergeStrategy: 'insert-only' },
    { strategy: 'insert-only', keep: 'first' },
  ],
  ['replaces partitions', { writeDisposition: 'merge', mergeKey: 'day' }, { primaryKey: [], mergeKey: ['day'], keep: 'all' }],
  [
    'names the columns of paths',
    sorted,
    { dedupSort: { column: 'meta__version', order: 'desc' }, hardDelete: 'is_gone', keep: 'last' },
  ],
  [
    'names columns by their own names',
    { ...merge, dedupSort: { field: 'meta__version', order: 'asc' } },
    { dedupSort: { column: 'meta__version', order: 'asc' } },
  ],
  [
    'names no column that never came',
    { ...merge, dedupSort: { field: 'revision', order: 'asc' }, hardDelete: 'deleted_at' },
    { dedupSort: undefined, hardDelete: undefined },
  ],
  ['removes what is absent, by mirror', { ...merge, mergeStrategy: 'mirror' }, { removesAbsent: true }],
  ['removes what is absent, by scd2', { ...merge, mergeStrategy: 'scd2' }, { removesAbsent: true }],
  ['removes nothing by other strategies', merge, { strategy: 'delete-insert', removesAbsent: false }],
  ['keeps what did not change', { ...merge, skipUnchanged: true }, { skipUnchanged: true }],
]

describe('a load', () => {
  it.each(cases)('%s [dispositions.plan]', async (_, settings, expected) => {
    const api = await things()
    api.has(record)
    expect(await api.run(settings)).toMatchObject({ status: 'ok', warnings: [] })
    expect(api.plans).toEqual([expect.objectContaining(expected)])
  })

  it('sorts and deletes in a full refresh too [dispositions.plan.full-refresh]', async () => {
    const api = await things()
    api.has(record, { ...record, meta: { version: 2 } }, { ...record, id: 2, isGone: true })
    await api.run(sorted, { fullRefresh: true })
    expect(api.plans[0]).toMatchObject({
      disposition: 'replace',
      recreate: true,
      keep: 'last',
      dedupSort: { column: 'meta__version', order: 'desc' },
      hardDelete: 'is_gone',
      removesAbsent: false,
    })
    expect(await api.rows()).toEqual([{ id: 1, day: 'monday', meta__version: 3, is_gone: false }])
  })

  it('names columns that come after the first batch [dispositions.plan.late-column]', async () => {
    const api = await things()
    // More rows than a batch holds.
    const many = Array.from({ length: 20_001 }, (_, id) => ({ id }))
    api.has({ rows: many }, { rows: [{ id: 20_000, isGone: true }] })
    const spread = [{ flatMap: (page: unknown) => (page as { rows: { id: number }[] }).rows }]
    await api.run({ ...merge, hardDelete: 'isGone', processingSteps: spread })
    expect(api.plans).toEqual([expect.objectContaining({ hardDelete: 'is_gone' })])
    expect(await api.rows()).toHaveLength(20_000)
  })

  it('begins later than every load before, also where the clock was put back [state.started]', async () => {
    const api = await things()
    api.has({ id: 1 })
    await api.run(merge)
    const [first] = api.plans as [LoadPlan]
    const { now } = Date
    Date.now = () => first.startedAt.getTime() - 60_000
    try {
      await api.run(merge)
    } finally {
      Date.now = now
    }
    expect(api.plans[1]!.startedAt.getTime()).toBeGreaterThan(first.startedAt.getTime())
    expect(api.plans.map(({ id }) => id)).toEqual([1, 2])
  })

  it('of a sample replaces whole partitions, and warns of it [dispositions.merge-key.limit]', async () => {
    const api = await things()
    api.has(...[1, 2, 3].map((id) => ({ id, day: 'monday' })))
    const { warnings } = await api.run({ ...merge, mergeKey: 'day' }, { limit: 1 })
    expect(warnings).toEqual([expect.stringContaining('whole partitions')])
  })
})

import { replayRejects } from '@tributary/core'
import { describe, expect, it } from 'vitest'
import { rejectsOf, type Settings, type Thing, type Things, things } from './things.ts'

const merge = { writeDisposition: 'merge', primaryKey: 'id' } as const
const strict = { dataType: 'discard_row', columns: 'discard_value' } as const
const known = { id: 1, age: 1 }

/** Loads what is known, and then each of the listings under a strict contract, whose rejects are kept. */
async function afterLoads(settings: Settings, ...listings: readonly Thing[][]): Promise<Things> {
  const api = await things()
  api.has(known)
  await api.run(settings)
  for (const listing of listings) {
    api.has(...listing)
    await api.run({ ...settings, schemaContract: strict }, { keepRejects: true })
  }
  return api
}

const keptOf = async ({ destination }: Things): Promise<unknown[]> =>
  (await rejectsOf(destination)).map(({ loadId, sequence, key }) => [loadId, sequence, key])

async function replayed(api: Things, settings: Settings): Promise<Thing[]> {
  const connector = api.connector(settings)
  expect(await replayRejects({ connector, destination: api.destination })).toMatchObject({ status: 'ok' })
  return api.rows()
}

const bad = { id: 2, age: 'two' }
const STRATEGIES = ['delete-insert', 'upsert', 'insert-only'] as const

describe('rejects that are out of date', () => {
  it('are told apart by the primary key of their records [contracts.rejects.key]', async () => {
    expect(await keptOf(await afterLoads(merge, [known, bad]))).toEqual([[2, 2, '2']])
    const keyless = { writeDisposition: 'append' } as const
    expect(await keptOf(await afterLoads(keyless, [bad]))).toEqual([[2, 1, undefined]])
    const composite = { ...merge, primaryKey: ['id', 'part'] } as const
    const api = await things()
    api.has({ id: 1, part: 'a', age: 1 }, { id: 2, part: 'x|y', age: 'two' })
    await api.run({ ...composite, schemaContract: strict }, { keepRejects: true })
    expect(await keptOf(api)).toEqual([[1, 2, '2|x\\|y']])
  })

  it.each(STRATEGIES)(
    'go with %s when a later load brings their record [contracts.rejects.superseded]',
    async (mergeStrategy) => {
      const settings = { ...merge, mergeStrategy }
      const api = await afterLoads(settings, [bad, { id: 3, age: 'three' }], [{ id: 2, age: 2 }])
      expect(await keptOf(api)).toEqual([[2, 2, '3']])
      expect(await replayed(api, settings)).toContainEqual(expect.objectContaining({ id: 2, age: 2 }))
      expect((await api.rows()).filter(({ id }) => id === 2)).toHaveLength(1)
    },
  )

  it('go when a later load leaves their record out again, so that a full listing does not pile them up [contracts.rejects.superseded]', async () => {
    const listing = [known, bad, { id: 3, age: 3, extra: 'x' }]
    const api = await afterLoads(merge, listing, listing, listing)
    expect(await keptOf(api)).toEqual([
      [4, 2, '2'],
      [4, 3, '3'],
    ])
  })

  it('go when a later load deletes their record, which a replay does not bring back [contracts.rejects.deleted]', async () => {
    const settings = { ...merge, hardDelete: 'gone' } as const
    const api = await afterLoads(settings, [{ id: 1, age: 'one' }, bad], [{ id: 1, gone: true }])
    const lax = { ...settings, schemaContract: { columns: 'evolve' } } as const
    api.has({ id: 1, gone: true })
    await api.run(lax)
    expect(await keptOf(api)).toEqual([[2, 2, '2']])
    expect(await replayed(api, lax)).toEqual([{ id: 2, age__v_text: 'two' }])
  })

  it.each(['mirror', 'scd2'] as const)(
    'go with %s when a later load has all there is [contracts.rejects.absent]',
    async (mergeStrategy) => {
      const settings = { ...merge, mergeStrategy }
      const api = await afterLoads(settings, [known, bad], [known])
      expect(await keptOf(api)).toEqual([])
      expect((await replayed(api, settings)).filter(({ ended }) => ended === undefined)).toEqual([known])
    },
  )

  it.each(['mirror', 'scd2'] as const)(
    'go with %s when a later load has nothing, for there is nothing [contracts.rejects.absent]',
    async (mergeStrategy) => {
      const settings = { ...merge, mergeStrategy }
      const api = await afterLoads(settings, [known, bad], [])
      expect(await keptOf(api)).toEqual([])
      expect((await api.rows()).filter(({ ended }) => ended === undefined)).toEqual([])
    },
  )

  it('stay with mirror when a later load is not known to have all [contracts.rejects.absent]', async () => {
    const settings = { ...merge, mergeStrategy: 'mirror' } as const
    const api = await afterLoads(settings, [known, bad])
    api.has(known)
    await api.run({ ...settings, schemaContract: strict }, { keepRejects: true, limit: 1 })
    expect(await keptOf(api)).toEqual([[2, 2, '2']])
  })

  it('are not kept where their record comes again, and fits, in the same load [contracts.rejects.in-load]', async () => {
    const api = await afterLoads(merge, [bad, known, { id: 3, age: 3 }, { id: 2, age: 2 }, { id: 3, age: 'three' }])
    expect(await keptOf(api)).toEqual([[2, 5, '3']])
    expect(await replayed(api, merge)).toEqual([known, { id: 2, age: 2 }, { id: 3, age__v_text: 'three' }])
  })

  it('are as good as what their load has, with a sort: it tells which counts [contracts.rejects.sorted]', async () => {
    const settings = { ...merge, dedupSort: { field: 'at', order: 'desc' } } as const
    const api = await things()
    api.has({ id: 1, age: 1, at: 1 })
    await api.run(settings)
    api.has({ id: 2, age: 'newer', at: 9 }, { id: 2, age: 2, at: 2 }, { id: 3, age: 'older', at: 1 }, { id: 3, age: 3, at: 2 })
    await api.run({ ...settings, schemaContract: strict }, { keepRejects: true })
    expect(await keptOf(api)).toEqual([
      [2, 1, '2'],
      [2, 3, '3'],
    ])
    expect(await replayed(api, settings)).toEqual([
      { id: 1, age: 1, at: 1 },
      { id: 2, age__v_text: 'newer', at: 9 },
      { id: 3, age: 3, at: 2 },
    ])
  })

  it('of one load are put through again in the order in which they came [contracts.replay.sequence]', async () => {
    const api = await afterLoads(merge, [bad, { id: 2, age: 'later', extra: 1 }])
    const first = { ...merge, schemaContract: { columns: 'discard_row' } } as const
    expect(await replayed(api, first)).toEqual([known, { id: 2, age__v_text: 'two' }])
    expect(await keptOf(api)).toEqual([[2, 2, '2']])
    expect(await replayed(api, merge)).toEqual([known, { id: 2, age__v_text: 'later', extra: 1 }])
  })

  it('are not put over what came later in their load and was put through before [contracts.replay.sequence]', async () => {
    const api = await afterLoads(merge, [{ id: 2, age: 'sooner', extra: 1 }, bad])
    expect(await keptOf(api)).toEqual([
      [2, 1, '2'],
      [2, 2, '2'],
    ])
    const first = { ...merge, schemaContract: { columns: 'discard_row' } } as const
    const result = await replayRejects({ connector: api.connector(first), destination: api.destination })
    expect(result).toMatchObject({ resources: { things: { replayed: 2, kept: 0 } } })
    expect(await api.rows()).toEqual([known, { id: 2, age__v_text: 'two' }])
    expect(await keptOf(api)).toEqual([])
  })

  it('are told apart too where no table of theirs was let in, or their key did not fit [contracts.rejects.key]', async () => {
    const api = await things()
    api.has({ id: 1, age: 1 })
    await api.run({ ...merge, schemaContract: { tables: 'discard_row' } }, { keepRejects: true })
    expect(await keptOf(api)).toEqual([[1, 1, '1']])
    api.has({ id: 1, age: 2 })
    await api.run(merge)
    expect(await keptOf(api)).toEqual([])
    api.has({ id: 'one' })
    await api.run({ ...merge, schemaContract: strict }, { keepRejects: true })
    expect(await keptOf(api)).toEqual([[3, 1, 'one']])
  })

  it('have a key from when their resource has one [contracts.rejects.key-later]', async () => {
    const api = await afterLoads({}, [bad, { id: 3, age: 'three' }])
    expect(await keptOf(api)).toEqual([
      [2, 1, undefined],
      [2, 2, undefined],
    ])
    api.has({ id: 2, age: 22 })
    await api.run(merge)
    expect(await keptOf(api)).toEqual([[2, 2, undefined]])
  })

  it('of append all stay: each of them is a row of its own [contracts.rejects.append]', async () => {
    const settings = { writeDisposition: 'append', primaryKey: 'id' } as const
    const api = await afterLoads(settings, [bad], [bad, { id: 2, age: 2 }])
    expect(await keptOf(api)).toEqual([
      [2, 1, '2'],
      [3, 1, '2'],
    ])
  })
})

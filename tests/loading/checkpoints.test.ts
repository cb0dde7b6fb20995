import { type JsonValue, offset } from '@tributary/core'
import { describe, expect, it } from 'vitest'
import { DATASET, type Settings, type Thing, type Things, type ThingsResult, things } from './things.ts'

const merge = { writeDisposition: 'merge', primaryKey: 'id' } as const
const all = [1, 2, 3, 4, 5, 6, 7].map((id) => ({ id, day: id < 4 ? 'monday' : 'tuesday' }))
const checkpoint = { rows: 1 }
/** Each says a part of what there is of its key. */
const parts: readonly JsonValue[] = [
  { id: 1, day: 'monday', count: 1, tags: ['a', 'b'] },
  { id: 2, day: 'sunday', tags: ['e'] },
  { id: 1, day: 'tuesday', tags: ['c', 'd'] },
  { id: 3, day: 'friday' },
  { id: 2, gone: true },
  { id: 1, note: 'lost' },
  { id: 2, count: 1 },
  { id: 1, count: 2, note: 'of two' },
  { id: 3, gone: true, note: null },
]

/** Stops after the first checkpoint. */
async function cutOff(api: Things, settings: Settings): Promise<ThingsResult> {
  const stop = new AbortController()
  return api.run(settings, {
    checkpoint,
    signal: stop.signal,
    onEvent: (event) => event.type === 'committed' && stop.abort(),
  })
}

const state = async ({ destination }: Things): Promise<Record<string, unknown>> => {
  const reader = await destination.inspect(DATASET)
  return { ...(await reader.read()).state.resources.things }
}

describe('checkpoints', () => {
  it.each<[string, Settings, fullRefresh?: boolean]>([
    ['replace', { writeDisposition: 'replace' }],
    ['a full refresh', merge, true],
    ['mirror', { ...merge, mergeStrategy: 'mirror' }],
    ['scd2', { ...merge, mergeStrategy: 'scd2' }],
    ['a merge key', { ...merge, mergeKey: 'day' }],
  ])('are not made for %s, which is only right as a whole [state.checkpoints.none]', async (_, settings, fullRefresh = false) => {
    const api = await things()
    api.has(...all)
    expect(await api.run(settings, { checkpoint, fullRefresh })).toMatchObject({ status: 'ok', loadIds: [1] })
    expect(await api.rows()).toHaveLength(all.length)
  })

  it.each<[string, Settings]>([
    ['append', {}],
    ['delete-insert', merge],
    ['upsert', { ...merge, mergeStrategy: 'upsert' }],
    ['insert-only', { ...merge, mergeStrategy: 'insert-only' }],
  ])('are made for %s, and gone on from [state.checkpoints.made]', async (_, settings) => {
    const api = await things()
    api.has(...all)
    expect(await cutOff(api, settings)).toMatchObject({ status: 'interrupted', loadIds: [1] })
    expect(await api.rows()).toHaveLength(2)
    const before = api.requests()
    expect(await api.run(settings)).toMatchObject({ status: 'ok' })
    expect(await api.rows()).toEqual(all)
    // Three pages were left, and those that were asked for ahead are asked for again.
    expect(api.requests() - before).toBe(3)
    expect(await state(api)).toEqual({})
  })

  it.each<[string, Settings]>([
    ['replace', { writeDisposition: 'replace' }],
    ['mirror', { ...merge, mergeStrategy: 'mirror' }],
    ['scd2', { ...merge, mergeStrategy: 'scd2' }],
    ['a merge key', { ...merge, mergeKey: 'day' }],
  ])('of another strategy are let go: %s reads all anew [state.checkpoints.other-strategy]', async (_, settings) => {
    const api = await things()
    api.has(...all)
    await cutOff(api, merge)
    expect(await state(api)).toHaveProperty('pending')
    expect(await api.run(settings)).toMatchObject({ status: 'ok', records: all.length })
    expect((await api.rows()).filter(({ ended }) => ended === undefined)).toEqual(all)
    expect(await state(api)).toEqual({})
  })

  it('leave the tables of their run new to a contract [state.checkpoints.contract]', async () => {
    const settings: Settings = { ...merge, schemaContract: { columns: 'discard_value' } }
    const records = [...all, { id: 8, day: 'friday', extra: 'x' }]
    const [killed, clean] = [await things(), await things()]
    for (const api of [killed, clean]) api.has(...records)
    await cutOff(killed, settings)
    await killed.run(settings)
    await clean.run(settings)
    expect(await killed.rows()).toEqual(records)
    expect(await killed.rows()).toEqual(await clean.rows())
    // From then on the tables are there.
    for (const api of [killed, clean]) {
      api.has({ id: 1, other: 1 })
      expect(await api.run(settings)).toMatchObject({ tables: { things: { rejectedBy: { columns: 1 } } } })
    }
    expect(await state(killed)).toEqual(await state(clean))
  })

  it('keep rejects with the load that left them out [state.checkpoints.rejects]', async () => {
    const api = await things()
    api.has({ id: 0, day: 'sunday' })
    await api.run(merge)
    const settings: Settings = { ...merge, columns: { n: { type: 'bigint' } } }
    api.has(...all.map((thing) => (thing.id % 2 === 0 ? thing : { ...thing, n: 'none' })))
    const result = await api.run({ ...settings, schemaContract: { dataType: 'discard_row' } }, { checkpoint, keepRejects: true })
    expect(result.tables.things).toMatchObject({ inserted: 3, rejected: 4 })
    const reader = await api.destination.inspect(DATASET)
    const kept: [number, number][] = []
    for await (const { loadId, record } of reader.rejects()) kept.push([loadId, (record as { id: number }).id])
    expect(kept.map(([, id]) => id)).toEqual([1, 3, 5, 7])
    expect(new Set(kept.map(([load]) => load)).size).toBeGreaterThan(1)
    expect(result.loadIds).toEqual(expect.arrayContaining(kept.map(([load]) => load)))
  })

  it.each<[string, Settings, things: Thing[], lists: Thing[]]>([
    [
      'fields and lists',
      {},
      [
        { id: 1, day: 'tuesday', count: 2, note: 'of two' },
        { id: 2, day: 'sunday', gone: true, count: 1 },
        { id: 3, day: 'friday', gone: true },
      ],
      [{ value: 'c' }, { value: 'd' }, { value: 'e' }],
    ],
    [
      'deletions',
      { hardDelete: 'gone' },
      [
        { id: 1, day: 'tuesday', count: 2, note: 'of two' },
        { id: 2, count: 1 },
      ],
      [{ value: 'c' }, { value: 'd' }],
    ],
  ])(
    'fall anywhere among records of one key, with %s [dispositions.upsert-repeats.checkpoints]',
    async (_, more, rows, lists) => {
      const endpoint = { path: 'things', dataSelector: 'data', paginator: offset({ limit: 1 }) }
      const settings: Settings = { ...merge, mergeStrategy: 'upsert', endpoint, ...more }
      const [often, once] = [await things(), await things()]
      for (const api of [often, once]) api.has(...parts)
      // Each record is a load, and that nothing is left to read is one more.
      expect((await often.run(settings, { checkpoint })).loadIds).toHaveLength(parts.length + 1)
      expect((await once.run(settings)).loadIds).toHaveLength(1)
      for (const api of [often, once]) {
        expect(await api.rows()).toEqual(rows)
        expect(await api.rows('things__tags')).toEqual(lists)
      }
    },
  )
})

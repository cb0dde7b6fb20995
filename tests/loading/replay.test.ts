import { type ReplayOptions, replayRejects } from '@tributary/core'
import { describe, expect, it } from 'vitest'
import { DATASET, rejectsOf, type Settings, type Thing, type Things, things } from './things.ts'

const merge = { writeDisposition: 'merge', primaryKey: 'id' } as const
const strict = { dataType: 'discard_row', columns: 'discard_value' } as const
const known = { id: 1, age: 1 }

/** Loads what is known, and then each of the lists under a strict contract, whose rejects are kept. */
async function afterLoads(settings: Settings, ...lists: Thing[][]): Promise<Things> {
  const api = await things()
  api.has(known)
  await api.run(settings)
  for (const list of lists) {
    api.has(...list)
    await api.run({ ...settings, schemaContract: strict }, { keepRejects: true })
  }
  api.plans.length = 0
  return api
}

const replay = (api: Things, settings: Settings, options: Partial<ReplayOptions> = {}): ReturnType<typeof replayRejects> =>
  replayRejects({ connector: api.connector(settings), destination: api.destination, ...options })

describe('rejects that are put through again', () => {
  it('are loaded without a request, and are no longer kept [contracts.replay.loaded]', async () => {
    const api = await afterLoads(merge, [
      { id: 2, age: 'two' },
      { id: 3, age: 3 },
    ])
    const requests = api.requests()
    const result = await replay(api, merge)
    expect(result).toMatchObject({
      status: 'ok',
      loadIds: [3],
      dataset: DATASET,
      resources: {
        things: { status: 'ok', replayed: 1, kept: 0, warnings: [], tables: { things: { inserted: 1, rejected: 0 } } },
      },
    })
    expect(api.requests()).toBe(requests)
    expect(await rejectsOf(api.destination)).toEqual([])
    expect(await api.rows()).toEqual([known, { id: 2, age__v_text: 'two' }, { id: 3, age: 3 }])
    expect(await replay(api, merge)).toMatchObject({ status: 'ok', loadIds: [], resources: {} })
  })

  it('come load by load, the oldest first, and never over what a later load has brought [contracts.replay.oldest-first]', async () => {
    const api = await afterLoads(
      merge,
      [
        { id: 2, age: 'first' },
        { id: 3, age: 'first' },
        { id: 4, age: 'first' },
      ],
      [
        { id: 2, age: 'second' },
        { id: 3, age: 33 },
      ],
    )
    expect(await replay(api, merge)).toMatchObject({ loadIds: [4, 5], resources: { things: { replayed: 2, kept: 0 } } })
    expect(api.plans.map(({ replays }) => replays)).toEqual([2, 3])
    expect(await api.rows()).toEqual([
      known,
      { id: 2, age__v_text: 'second' },
      { id: 3, age: 33 },
      { id: 4, age__v_text: 'first' },
    ])
  })

  it('stay as they were where they are left out again [contracts.replay.again]', async () => {
    const api = await afterLoads(merge, [
      { id: 5, age: 5 },
      { id: 2, age: 'two' },
      { id: 3, age: '3 or so', extra: 1 },
    ])
    const before = await rejectsOf(api.destination)
    expect(before.map(({ sequence }) => sequence)).toEqual([2, 3])
    const result = await replay(api, merge, { schemaContract: strict })
    expect(result).toMatchObject({
      status: 'ok',
      loadIds: [],
      resources: { things: { replayed: 2, kept: 2, tables: { things: { rejected: 2, rejectedBy: { data_type: 2 } } } } },
    })
    expect(await rejectsOf(api.destination)).toEqual(before)
    // One of them fits now; the other is kept under its number.
    const some = { ...merge, schemaContract: { columns: 'discard_row' } } as const
    expect(await replay(api, some)).toMatchObject({ resources: { things: { replayed: 2, kept: 1 } } })
    expect(await rejectsOf(api.destination)).toEqual([
      expect.objectContaining({ loadId: 2, sequence: 3, reason: 'columns', record: { id: 3, age: '3 or so', extra: 1 } }),
    ])
  })

  it('are let go where they are left out again, and not to be kept [contracts.replay.let-go]', async () => {
    const api = await afterLoads(merge, [{ id: 2, age: 'two' }])
    const result = await replay(api, merge, { schemaContract: strict, keepRejects: false })
    expect(result).toMatchObject({ resources: { things: { replayed: 1, kept: 0, tables: { things: { rejected: 1 } } } } })
    expect(await rejectsOf(api.destination)).toEqual([])
  })

  it('mend rows of which a part was left out [contracts.replay.parts]', async () => {
    const api = await afterLoads(merge, [{ id: 1, age: 1, extra: 'x' }])
    expect(await rejectsOf(api.destination)).toEqual([expect.objectContaining({ kind: 'part', sequence: 1 })])
    expect(await replay(api, merge)).toMatchObject({ resources: { things: { replayed: 1, kept: 0 } } })
    expect(await api.rows()).toEqual([{ id: 1, age: 1, extra: 'x' }])
  })

  it.each<[string, Settings]>([
    ['append', { primaryKey: 'id' }],
    ['replace', { writeDisposition: 'replace' }],
    ['a merge by partitions alone', { writeDisposition: 'merge', mergeKey: 'id' }],
  ])('are appended with %s, but for those whose rows are there [contracts.replay.appended]', async (_, settings) => {
    const api = await afterLoads(settings, [
      { id: 2, age: 2, extra: 'x' },
      { id: 3, age: 'three' },
    ])
    const before = await api.rows()
    const { resources } = await replay(api, settings)
    expect(api.plans).toEqual([expect.objectContaining({ disposition: 'append', mergeKey: [], removesAbsent: false })])
    expect(resources.things).toMatchObject({ status: 'ok', replayed: 1, kept: 1 })
    expect(resources.things!.warnings).toEqual([
      expect.stringMatching(/^Of 1 record of things only a part was left out: .*full refresh/),
    ])
    expect(await api.rows()).toEqual([...before, { id: 3, age__v_text: 'three' }])
    expect(await rejectsOf(api.destination)).toEqual([expect.objectContaining({ loadId: 2, sequence: 1, kind: 'part' })])
  })

  it.each<[string, Settings]>([
    ['mirror', { ...merge, mergeStrategy: 'mirror' }],
    ['scd2', { ...merge, mergeStrategy: 'scd2' }],
    ['a merge key', { ...merge, mergeKey: 'day' }],
  ])('remove nothing that is absent, with %s [contracts.replay.absent]', async (_, settings) => {
    const day = { day: 'monday' }
    const api = await things()
    api.has({ ...known, ...day })
    await api.run(settings)
    api.has({ ...known, ...day }, { id: 2, age: 'two', ...day })
    await api.run({ ...settings, schemaContract: strict }, { keepRejects: true })
    expect(await replay(api, settings)).toMatchObject({ status: 'ok', resources: { things: { replayed: 1, kept: 0 } } })
    expect(await api.rows()).toEqual([
      { ...known, ...day },
      { id: 2, age__v_text: 'two', ...day },
    ])
  })

  it('leave cursors as they are [contracts.replay.state]', async () => {
    const settings: Settings = {
      ...merge,
      cursor: 'at',
      endpoint: { path: 'things', dataSelector: 'data', incremental: { startParam: 'since' } },
    }
    const api = await things()
    api.has({ ...known, at: '2026-01-01' })
    await api.run(settings)
    api.has({ id: 2, age: 'two', at: '2026-01-02' })
    await api.run({ ...settings, schemaContract: strict }, { keepRejects: true })
    const cursors = async (): Promise<unknown> => {
      const reader = await api.destination.inspect(DATASET)
      return (await reader.read()).state.resources.things!.cursors
    }
    const before = await cursors()
    expect(before).toMatchObject({ things: { '': { value: '2026-01-02' } } })
    await replay(api, settings)
    expect(await cursors()).toEqual(before)
    await api.run(settings)
    expect(await cursors()).toEqual(before)
  })

  it('that break the contract fail their resource, and stay [contracts.replay.fails]', async () => {
    const api = await afterLoads(merge, [{ id: 2, age: 'two' }])
    const before = await rejectsOf(api.destination)
    const result = await replay(api, merge, { schemaContract: 'freeze' })
    expect(result).toMatchObject({
      status: 'failed',
      loadIds: [],
      resources: { things: { status: 'failed', kept: 1, error: { code: 'CONTRACT_BROKEN' } } },
    })
    expect(await rejectsOf(api.destination)).toEqual(before)
    expect(await api.rows()).toEqual([known])
  })

  it('stop between loads when they are told to [contracts.replay.interrupted]', async () => {
    const api = await afterLoads(merge, [{ id: 2, age: 'two' }], [{ id: 3, age: 'three' }])
    const stop = new AbortController()
    const result = await replay(api, merge, { signal: stop.signal, onEvent: () => stop.abort() })
    expect(result).toMatchObject({ status: 'interrupted', loadIds: [4], resources: { things: { replayed: 1, kept: 1 } } })
    expect(await replay(api, merge)).toMatchObject({ status: 'ok', loadIds: [5] })
    expect(await api.rows()).toHaveLength(3)
  })
})

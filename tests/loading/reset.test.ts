import { type Destination, type LoadRecord, resetResources } from '@tributary/core'
import { memoryDestination } from '@tributary/testkit'
import { describe, expect, it } from 'vitest'
import { places } from '../support/places.ts'
import { DATASET, rejectsOf, type Settings, type Things, things } from './things.ts'

const incremental: Settings = {
  writeDisposition: 'merge',
  primaryKey: 'id',
  cursor: 'at',
  endpoint: { path: 'things', dataSelector: 'data', incremental: { startParam: 'since' } },
}

const destinations: [string, () => Destination][] = [
  ['memory', () => memoryDestination()],
  ...places.map(([kind, make]): [string, () => Destination] => [kind, () => make().destination]),
]

async function loaded(destination?: Destination): Promise<Things> {
  const api = await things(destination)
  api.has({ id: 1, at: 1, tags: ['a', 'b'] }, { id: 2, at: 2, tags: [] })
  await api.run(incremental)
  return api
}

async function look({ destination }: Things): Promise<{ resources: unknown; tables: string[]; loads: readonly LoadRecord[] }> {
  const reader = await destination.inspect(DATASET)
  const { state, loads } = await reader.read()
  await reader.close()
  return { resources: state.resources, tables: Object.keys(state.tables), loads }
}

describe.each(destinations)('%s: a reset', (_, make) => {
  it('makes a resource forget its cursors, in one commit, and keeps its rows [state.reset]', async () => {
    const api = await loaded(make())
    const rows = await api.rows()
    const done = await resetResources({ destination: api.destination, dataset: DATASET, resources: ['things'] })
    expect(done).toEqual({ things: { forgot: true, dropped: {} } })
    const { resources, loads } = await look(api)
    expect(resources).toEqual({})
    expect(loads).toHaveLength(2)
    expect(loads[1]).toMatchObject({ loadId: 2, connector: 'crm', resource: 'things' })
    expect(loads[1]!.startedAt.getTime()).toBeGreaterThan(loads[0]!.startedAt.getTime())
    expect(await api.rows()).toEqual(rows)
    expect(await api.run(incremental)).toMatchObject({ status: 'ok', filtered: 0, tables: { things: { unchanged: 2 } } })
  })

  it('drops tables and rejects where it is asked to, as if nothing had ever been loaded [state.reset.tables]', async () => {
    const api = await loaded(make())
    api.has({ id: 3, at: 3, extra: 1 })
    await api.run({ ...incremental, schemaContract: { columns: 'discard_row' } }, { keepRejects: true })
    expect(await rejectsOf(api.destination)).toHaveLength(1)
    const done = await resetResources({ destination: api.destination, dataset: DATASET, resources: ['things'], tables: true })
    expect(done).toEqual({ things: { forgot: true, dropped: { things: 2, things__tags: 2 } } })
    expect(await look(api)).toMatchObject({ resources: {}, tables: [] })
    await expect(api.rows()).rejects.toMatchObject({ code: 'TABLE_NOT_FOUND' })
    expect(await rejectsOf(api.destination)).toEqual([])
    api.has({ id: 1, at: 1 })
    expect(await api.run(incremental)).toMatchObject({ status: 'ok', tables: { things: { inserted: 1 } } })
    expect(await api.rows()).toEqual([{ id: 1, at: 1 }])
    const again = await resetResources({ destination: api.destination, dataset: DATASET, resources: ['things'], tables: true })
    expect(again).toEqual({ things: { forgot: true, dropped: { things: 1 } } })
  })

  it('of a resource that nothing was loaded for is an error that names those that there are [state.reset.unknown]', async () => {
    const api = await loaded(make())
    const reset = resetResources({ destination: api.destination, dataset: DATASET, resources: ['things', 'thinks'] })
    await expect(reset).rejects.toMatchObject({
      code: 'RESOURCE_UNKNOWN',
      message: expect.stringMatching(/"thinks".*It has things\./),
    })
    expect((await look(api)).loads).toHaveLength(1)
  })

  it('makes no load where there is nothing to forget [state.reset]', async () => {
    const api = await things(make())
    api.has({ id: 1 })
    await api.run({})
    const done = await resetResources({ destination: api.destination, dataset: DATASET, resources: ['things'] })
    expect(done).toEqual({ things: { forgot: false, dropped: {} } })
    expect((await look(api)).loads).toHaveLength(1)
  })
})

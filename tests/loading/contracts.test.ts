import { bigint, type Connector, resource, sync } from '@tributary/core'
import { memoryDestination, offsetPages } from '@tributary/testkit'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { crm, serve } from '../support/connector.ts'
import { rejectsOf, type Settings, things } from './things.ts'

const merge = { writeDisposition: 'merge', primaryKey: 'id' } as const
const known = { id: 1, age: 7, tags: ['a'] }

describe('what a contract leaves out', () => {
  it('is counted by table and reason, and told while it happens [contracts.run.counted]', async () => {
    const api = await things()
    api.has(known)
    await api.run(merge)
    api.has({ id: 2, extra: 1 }, { id: 3, age: 'seven' }, { id: 4, notes: [{ text: 'x' }, { text: 'y' }] })
    const { tables, events, status } = await api.run({
      ...merge,
      schemaContract: { tables: 'discard_row', columns: 'discard_value', dataType: 'discard_row' },
    })
    expect(status).toBe('ok')
    expect(tables.things).toMatchObject({ inserted: 2, rejected: 2, rejectedBy: { columns: 1, data_type: 1 } })
    expect(tables.things__notes).toEqual({
      inserted: 0,
      updated: 0,
      deleted: 0,
      unchanged: 0,
      rejected: 2,
      rejectedBy: { tables: 2 },
    })
    expect(await api.rows()).toEqual([{ id: 1, age: 7 }, { id: 2 }, { id: 4 }])
    const told = events.filter(({ type }) => type === 'rejected')
    expect(told).toEqual(
      expect.arrayContaining([
        { type: 'rejected', resource: 'things', table: 'things', reason: 'columns', count: 1 },
        { type: 'rejected', resource: 'things', table: 'things', reason: 'data_type', count: 1 },
        { type: 'rejected', resource: 'things', table: 'things__notes', reason: 'tables', count: 2 },
      ]),
    )
    expect(told).toHaveLength(3)
    expect(await rejectsOf(api.destination)).toEqual([])
  })

  it('is kept where it is asked for, in the load that left it out [contracts.run.kept]', async () => {
    const api = await things()
    api.has(known)
    await api.run(merge)
    api.has({ id: 2 }, { id: 3, age: 'seven' })
    const { loadIds } = await api.run({ ...merge, schemaContract: { dataType: 'discard_row' } }, { keepRejects: true })
    expect(await rejectsOf(api.destination)).toEqual([
      expect.objectContaining({
        loadId: loadIds[0],
        resource: 'things',
        sequence: 2,
        table: 'things',
        column: 'age',
        reason: 'data_type',
        kind: 'record',
        record: { id: 3, age: 'seven' },
      }),
    ])
  })

  it('makes a load also where nothing else came [contracts.run.only-rejects]', async () => {
    const api = await things()
    api.has(known)
    await api.run(merge)
    api.has({ id: 3, age: 'seven' })
    const settings: Settings = { ...merge, schemaContract: { dataType: 'discard_row' } }
    expect(await api.run(settings, { keepRejects: true })).toMatchObject({ status: 'ok', loadIds: [2] })
    expect(await rejectsOf(api.destination)).toHaveLength(1)
    // Only counted, there is nothing to write.
    expect(await api.run(settings)).toMatchObject({ loadIds: [], tables: { things: { rejected: 1, inserted: 0 } } })
  })

  it('is the whole resource, where its table is new and nothing is declared [contracts.run.no-table]', async () => {
    const api = await things()
    api.has(known, { id: 2 })
    const { status, tables, loadIds } = await api.run({ ...merge, schemaContract: { tables: 'discard_value' } })
    expect({ status, loadIds }).toEqual({ status: 'ok', loadIds: [] })
    expect(tables.things).toMatchObject({ inserted: 0, rejected: 2, rejectedBy: { tables: 2 } })
    await expect(api.rows()).rejects.toMatchObject({ code: 'TABLE_NOT_FOUND' })
  })
})

describe('a contract', () => {
  it('that is broken fails its resource, of which nothing is loaded, and no other [contracts.run.freeze]', async () => {
    let records = [{ id: 1 } as Record<string, number>]
    const api = await serve({ '/a': offsetPages(() => records), '/b': offsetPages(() => records) })
    const endpoint = (path: string): { path: string; dataSelector: string } => ({ path, dataSelector: 'data' })
    const connector: Connector = crm(api.url, {
      resources: {
        a: resource({ ...merge, schemaContract: 'freeze', schema: v.object({ id: bigint() }), endpoint: endpoint('a') }),
        b: resource({ ...merge, endpoint: endpoint('b') }),
      },
    })
    const destination = memoryDestination()
    // What is declared may come, also when nothing is there yet.
    expect((await sync({ connector, destination })).status).toBe('ok')
    records = [{ id: 2 }, { id: 3, extra: 1 }]
    const { status, resources } = await sync({ connector, destination })
    expect(status).toBe('failed')
    expect(resources.a).toMatchObject({ status: 'failed', error: { code: 'CONTRACT_BROKEN', recovery: 'fix-data' } })
    expect(resources.a!.error!.message).toMatch(/extra/)
    expect(resources.b).toMatchObject({ status: 'ok', tables: { b: { inserted: 2 } } })
    expect(await destination.readTable('crm', 'a')).toHaveLength(1)
  })

  it('of a run is over that of the resource [contracts.run.over]', async () => {
    const api = await things()
    api.has({ id: 1 })
    const settings: Settings = { ...merge, schemaContract: 'freeze', schema: v.looseObject({ id: bigint() }) }
    expect(await api.run(settings)).toMatchObject({ status: 'ok' })
    api.has({ id: 2, extra: 1 })
    expect(await api.run(settings)).toMatchObject({ status: 'failed' })
    expect(await api.run(settings, { schemaContract: { columns: 'discard_value' } })).toMatchObject({ status: 'ok' })
    expect(await api.run(settings, { schemaContract: 'evolve' })).toMatchObject({ status: 'ok' })
    expect(await api.rows()).toContainEqual({ id: 2, extra: 1 })
  })

  it.each([
    ['frozen', 'frozen'],
    ['a part', { column: 'freeze' }],
  ])('that there is not is a configuration error before any request: %s [contracts.run.words]', async (_, contract) => {
    const api = await things()
    api.has(known)
    await expect(api.run(merge, { schemaContract: contract as never })).rejects.toMatchObject({
      code: 'OPTIONS_INVALID',
      recovery: 'fix-config',
    })
    expect(api.requests()).toBe(0)
  })

  it('on tables does not take the tables of a full refresh for new [contracts.run.full-refresh]', async () => {
    const api = await things()
    api.has(known)
    await api.run(merge)
    api.has({ id: 2, age: 8, tags: ['b'] })
    const again = await api.run({ ...merge, schemaContract: { tables: 'freeze' } }, { fullRefresh: true })
    expect(again.error).toBeUndefined()
    expect(await api.rows('things__tags')).toEqual([{ value: 'b' }])
  })
})

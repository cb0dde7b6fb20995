import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { bigint, type Connector, type JsonValue, offset, resource, sync, uuid } from '@tributary/core'
import { memoryDestination, offsetPages } from '@tributary/testkit'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { crm, serve } from '../support/connector.ts'
import { jsonlPlace } from '../support/places.ts'
import { DATASET, rowsOf, type Settings, type Things, things } from './things.ts'

const merge = { writeDisposition: 'merge', primaryKey: 'id' } as const
const incremental: Settings = {
  ...merge,
  cursor: 'at',
  endpoint: {
    path: 'things',
    dataSelector: 'data',
    paginator: offset({ limit: 2 }),
    incremental: { startParam: 'since', rowOrder: 'asc' },
  },
}

const cursor = async ({ destination }: Things): Promise<unknown> => {
  const reader = await destination.inspect(DATASET)
  return (await reader.read()).state.resources.things?.cursors?.things?.['']?.value
}

describe('a run', () => {
  it('that brings nothing new makes no load [state.nothing-new]', async () => {
    const api = await things()
    api.has({ id: 1, at: 1 })
    expect((await api.run(incremental)).loadIds).toEqual([1])
    api.has()
    expect((await api.run(incremental)).loadIds).toEqual([])
  })

  it('with a limit loads what it read, and moves the cursor only as far as that [state.limit]', async () => {
    const api = await things()
    api.has(...[1, 2, 3, 4, 5].map((id) => ({ id, at: id })))
    await api.run(incremental, { limit: 1 })
    expect(await api.rows()).toHaveLength(2)
    expect(await cursor(api)).toBe(2)
    await api.run(incremental)
    expect(await api.rows()).toHaveLength(5)
    expect(await cursor(api)).toBe(5)
  })

  it('with a full refresh reloads rows and state, in one commit [state.full-refresh]', async () => {
    const api = await things()
    api.has({ id: 1, at: 9, old: 'x' }, { id: 2, at: 8 })
    await api.run(incremental)
    api.has({ id: 3, at: 3 })
    const { loadIds, tables } = await api.run(incremental, { fullRefresh: true })
    expect(loadIds).toHaveLength(1)
    expect(tables.things).toMatchObject({ inserted: 1, deleted: 2 })
    expect(await api.rows()).toEqual([{ id: 3, at: 3 }])
    expect(await cursor(api)).toBe(3)
  })

  it('with a full refresh that fails leaves rows and state as they were [state.full-refresh.failed]', async () => {
    const api = await things()
    api.has({ id: 1, at: 9 })
    await api.run(incremental)
    api.has({ id: 2, at: 1 }, { at: 2 })
    expect(await api.run(incremental, { fullRefresh: true })).toMatchObject({ status: 'failed', error: { code: 'KEY_MISSING' } })
    expect(await api.rows()).toEqual([{ id: 1, at: 9 }])
    expect(await cursor(api)).toBe(9)
  })

  it('starts afresh where its dataset was dropped [state.dropped]', async () => {
    const place = jsonlPlace()
    const api = await things(place.destination)
    api.has({ id: 1, at: 9 })
    await api.run(incremental)
    rmSync(join(place.path, DATASET), { recursive: true })
    api.has({ id: 2, at: 1 })
    expect(await api.run(incremental)).toMatchObject({ loadIds: [1], filtered: 0 })
    expect(await api.rows()).toEqual([{ id: 2, at: 1 }])
  })
})

describe('a resource that fails', () => {
  interface Parts {
    readonly schema?: Settings['schema']
    readonly processingSteps?: Settings['processingSteps']
  }

  it.each<[string, Parts, code: string]>([
    ['over a record', { processingSteps: [{ map: () => ({ name: 'no key' }) }] }, 'KEY_MISSING'],
    ['before its first request, over the tables that there are', { schema: v.looseObject({ id: uuid() }) }, 'SCHEMA_CONFLICT'],
  ])('%s does not stop the others, or touch its own rows [state.one-fails]', async (_, parts, code) => {
    const records: JsonValue[] = [{ id: 1 }]
    const api = await serve({
      '/a': offsetPages(() => records),
      '/b': offsetPages(() => records),
      '/a/:id/c': offsetPages(() => records),
    })
    const destination = memoryDestination()
    const endpoint = (path: string): { path: string; dataSelector: string } => ({ path, dataSelector: 'data' })
    const connector = (failing: object): Connector =>
      crm(api.url, {
        resourceDefaults: merge,
        resources: {
          a: resource({ endpoint: endpoint('a'), schema: v.looseObject({ id: bigint() }), ...failing }),
          b: resource({ endpoint: endpoint('b') }),
        },
      })
    expect((await sync({ connector: connector({}), destination })).status).toBe('ok')
    records.push({ id: 2 })
    const { status, resources, loadIds } = await sync({ connector: connector(parts), destination })
    expect(status).toBe('failed')
    expect(resources.a).toMatchObject({ status: 'failed', error: { code } })
    expect(resources.b).toMatchObject({ status: 'ok', tables: { b: { inserted: 1 } } })
    expect(loadIds).toHaveLength(1)
    expect(await rowsOf(destination, 'a')).toEqual([{ id: 1 }])
    expect(await rowsOf(destination, 'b')).toEqual([{ id: 1 }, { id: 2 }])
  })

  it('over its own tables leaves those that depend on it to be read [state.one-fails.dependents]', async () => {
    const api = await serve({ '/a': offsetPages([{ id: 1 }]), '/a/1/b': offsetPages([{ id: 7 }]) })
    const destination = memoryDestination()
    const connector = (schema: object): Connector =>
      crm(api.url, {
        resourceDefaults: merge,
        resources: {
          a: resource({ endpoint: { path: 'a', dataSelector: 'data' }, ...schema }),
          b: resource({ endpoint: { path: 'a/{resources.a.id}/b', dataSelector: 'data' } }),
        },
      })
    await sync({ connector: connector({}), destination, resources: ['a'] })
    const { resources } = await sync({ connector: connector({ schema: v.looseObject({ id: uuid() }) }), destination })
    expect(resources).toMatchObject({ a: { status: 'failed', error: { code: 'SCHEMA_CONFLICT' } }, b: { status: 'ok' } })
    expect(await rowsOf(destination, 'b')).toEqual([{ id: 7 }])
  })
})

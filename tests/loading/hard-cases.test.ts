import {
  apiKeyAuth,
  type ClientConfig,
  type Destination,
  type JsonValue,
  offset,
  resetResources,
  resource,
  singlePage,
  sync,
} from '@tributary/core'
import { type Handler, jsonResponse, memoryDestination, offsetPages } from '@tributary/testkit'
import { describe, expect, it } from 'vitest'
import { crm, serve } from '../support/connector.ts'
import { DATASET, rowsOf, type Settings, type Thing, things } from './things.ts'

const merge = { writeDisposition: 'merge', primaryKey: 'id' } as const
const mirror = { ...merge, mergeStrategy: 'mirror' } as const
const scd2 = { ...merge, mergeStrategy: 'scd2' } as const

/** Runs resources, each of which is the listing at its path. */
async function run(
  destination: Destination,
  lists: Readonly<Record<string, readonly Thing[]>>,
  names: Readonly<Record<string, string>>,
) {
  const api = await serve(Object.fromEntries(Object.entries(lists).map(([path, list]) => [`/${path}`, offsetPages(() => list)])))
  const resources = Object.fromEntries(
    Object.entries(names).map(([name, path]) => [
      name,
      resource({ endpoint: { path, dataSelector: 'data', paginator: offset({ limit: 2 }) }, ...merge }),
    ]),
  )
  return (await sync({ connector: crm(api.url, { resources }), destination })).resources
}

async function tableNames(destination: Destination): Promise<string[]> {
  const reader = await destination.inspect(DATASET)
  const { state } = await reader.read()
  await reader.close()
  return Object.keys(state.tables)
}

describe('a table', () => {
  const lists = { orders: [{ id: 1, lines: ['a', 'b'] }], lines: [{ id: 9, text: 'z' }] }

  it.each<[string, Record<string, string>]>([
    ['a child of another resource has it', { orders: 'orders', orders__lines: 'lines' }],
    ['a resource that is gone has it', { orders__lines: 'lines' }],
    ['its resource is called otherwise by now', { Orders: 'orders' }],
  ])('stays as it is where a new resource wants its name: %s [names.tables.owner]', async (_what, names) => {
    const destination = memoryDestination()
    await run(destination, lists, { orders: 'orders' })
    const before = [await rowsOf(destination, 'orders'), await rowsOf(destination, 'orders__lines')]
    const wants = Object.keys(names).at(-1)!
    expect((await run(destination, lists, names))[wants]).toMatchObject({
      status: 'failed',
      requests: 0,
      error: {
        code: 'SCHEMA_CONFLICT',
        recovery: 'fix-config',
        message: expect.stringContaining(`belongs to the resource orders`),
      },
    })
    expect([await rowsOf(destination, 'orders'), await rowsOf(destination, 'orders__lines')]).toEqual(before)
  })

  it('of a child gets another name where a resource has it from the start [names.tables.owner]', async () => {
    const destination = memoryDestination()
    await run(destination, lists, { orders: 'orders', orders__lines: 'lines' })
    expect(await rowsOf(destination, 'orders__lines')).toEqual([{ id: 9, text: 'z' }])
    const [child] = (await tableNames(destination)).filter((name) => /^orders__lines_/.test(name))
    expect(await rowsOf(destination, child!)).toEqual([{ value: 'a' }, { value: 'b' }])
  })

  it('has a name that the destination takes, however long that of its resource [names.tables.limit]', async () => {
    const destination = { ...memoryDestination(), identifierLimit: 20 }
    const names = { a_resource_with_a_long_name: 'orders', a_resource_with_a_long_name_too: 'lines' }
    await run(destination, lists, names)
    const made = await tableNames(destination)
    expect(made).toHaveLength(3)
    expect(made.filter((name) => Buffer.byteLength(name) > 20)).toEqual([])
    await run(destination, lists, names)
    expect(await tableNames(destination)).toEqual(made)
  })
})

describe('versions', () => {
  const contracts: [string, Settings['schemaContract'], Thing, Thing][] = [
    ['value', { dataType: 'discard_value' }, { id: 1, n: 'x' }, { id: 1, n__v_text: 'x' }],
    ['column', { columns: 'discard_value' }, { id: 1, n: 1, more: 2 }, { id: 1, n: 1, more: 2 }],
  ]
  it.each(contracts)(
    'get a %s that a contract left out once it lets it in, and not before [contracts.versions]',
    async (_what, schemaContract, record, row) => {
      const api = await things()
      const strict = { ...scd2, ...(schemaContract !== undefined && { schemaContract }) }
      api.has({ id: 1, n: 1 })
      await api.run(scd2)
      api.has(record)
      await api.run(strict)
      expect((await api.run(strict)).tables.things).toMatchObject({ inserted: 0, updated: 0, unchanged: 1 })
      await api.run(scd2)
      expect((await api.rows()).filter(({ ended }) => ended !== true)).toEqual([row])
    },
  )

  it('tell an empty object in a column of JSON from none [dispositions.versions.json]', async () => {
    const api = await things()
    for (const meta of [{ a: 1 }, {}, null, null]) {
      api.has({ id: 1, meta })
      await api.run({ ...scd2, maxTableNesting: 0 })
    }
    expect(await api.rows()).toHaveLength(3)
  })
})

describe('what is gone', () => {
  const answer: { body: JsonValue } = { body: null }
  const handler: Handler = () => jsonResponse(answer.body)
  const one = (dataSelector: string): Settings => ({
    ...mirror,
    endpoint: { path: 'things', dataSelector, paginator: singlePage() },
  })

  it('stays where an answer was null, and should have had its records in it [dispositions.absent.null]', async () => {
    const api = await things(memoryDestination(), handler)
    answer.body = { data: [{ id: 1 }] }
    await api.run(one('data'))
    answer.body = null
    expect((await api.run(one('data'))).warnings).toEqual([
      'Nothing that is gone was deleted from things, because an answer to things was null: what did not come may still be there.',
    ])
    expect(await api.rows()).toEqual([{ id: 1 }])
    answer.body = { data: null }
    expect((await api.run(one('data'))).warnings).toEqual([])
    expect(await api.rows()).toEqual([])
  })

  it('is gone where a list is the whole answer, and null stands for an empty one [dispositions.absent.null]', async () => {
    const api = await things(memoryDestination(), handler)
    answer.body = [{ id: 1 }]
    await api.run(one('$'))
    answer.body = null
    expect((await api.run(one('$'))).warnings).toEqual([])
    expect(await api.rows()).toEqual([])
  })

  it('stays where an ordered listing, read from its beginning, is shorter than its total [dispositions.absent.total]', async () => {
    const listed: Thing[] = [
      { id: 1, at: 1 },
      { id: 2, at: 2 },
    ]
    let missing = 0
    const api = await things(memoryDestination(), ({ query }) =>
      jsonResponse({ data: listed.slice(Number(query.get('offset')) + missing), total: 2 }),
    )
    const paginator = offset({ limit: 5 })
    const ordered: Settings = {
      ...mirror,
      cursor: 'at',
      endpoint: { path: 'things', dataSelector: 'data', paginator, incremental: { rowOrder: 'asc' } },
    }
    await api.run(ordered)
    await resetResources({ destination: api.destination, dataset: DATASET, resources: ['things'] })
    missing = 1
    expect((await api.run(ordered)).warnings).toContainEqual(
      expect.stringContaining(
        'Nothing that is gone was deleted from things, because the API sent fewer records of things than it told of',
      ),
    )
    expect(await api.rows()).toEqual(listed)
  })
})

describe('a number with a fraction of zeros', () => {
  const double = async (body: string, settings: Settings, client: Partial<ClientConfig> = {}): Promise<Thing[]> => {
    const api = await serve({ '/things': () => ({ status: 200, headers: { 'content-type': 'application/json' }, body }) })
    const destination = memoryDestination()
    const made = resource({ endpoint: { path: 'things', dataSelector: 'data', paginator: singlePage() }, ...settings })
    await sync({ connector: crm(api.url, { resources: { things: made }, client }), destination })
    const reader = await destination.inspect(DATASET)
    const { state } = await reader.read()
    await reader.close()
    return state.tables.things!.columns.map(({ name, type }) => ({ name, type }))
  }

  it('is a double in a record that a step took out of another one [types.double.steps]', async () => {
    const body = '{"data":[{"id":1,"lines":[{"a":2.0,"b":2}]}]}'
    const takesOut: Settings = { processingSteps: [{ flatMap: (record) => (record as { lines: Thing[] }).lines }] }
    expect(await double(body, takesOut)).toEqual([
      { name: 'a', type: 'double' },
      { name: 'b', type: 'bigint' },
    ])
  })

  it('is a double in a record of which a secret was redacted [types.double.redacted]', async () => {
    const auth = apiKeyAuth({ name: 'api_key', value: 'a-long-secret', in: 'query' })
    expect(await double('{"data":[{"a":2.0,"b":2,"c":"a-long-secret"}]}', {}, { auth })).toEqual([
      { name: 'a', type: 'double' },
      { name: 'b', type: 'bigint' },
      { name: 'c', type: 'text' },
    ])
  })
})

describe('a value that is not there', () => {
  it.each<[string, JsonValue]>([
    ['double', 1.5],
    ['decimal', 2n ** 70n],
    ['text', 2n ** 200n],
  ])('is none either once its column is %s [dispositions.upsert.widened]', async (_type, wide) => {
    const upsert = { ...merge, mergeStrategy: 'upsert' } as const
    const api = await things()
    api.has({ id: 1 }, { id: 2, b: 1 })
    await api.run(upsert)
    api.has({ id: 1, a: 1 })
    await api.run(upsert)
    api.has({ id: 2, b: wide })
    await api.run(upsert)
    expect((await api.rows()).find(({ id }) => id === 1)).toEqual({ id: 1, a: 1 })
  })
})

import { type Connector, type Destination, replayRejects, resetResources, resource, sync } from '@tributary/core'
import { memoryDestination, offsetPages } from '@tributary/testkit'
import { describe, expect, it } from 'vitest'
import { crm, serve } from '../support/connector.ts'
import { places } from '../support/places.ts'

const DATASET = 'shared'

const destinations: [string, () => Destination][] = [
  ['memory', () => memoryDestination()],
  ...places.map(([kind, make]): [string, () => Destination] => [kind, () => make().destination]),
]

/** Two connectors that both have `people`, to one API, and one dataset. */
async function shared(destination: Destination) {
  const api = await serve({ '/people': offsetPages(() => [{ id: 1 }]), '/orders': offsetPages(() => [{ id: 1 }]) })
  const people = resource({ endpoint: { path: 'people', dataSelector: 'data' } })
  const orders = resource({ endpoint: { path: 'orders', dataSelector: 'data' } })
  const first = crm(api.url, { resources: { people } })
  const second: Connector = { ...crm(api.url, { resources: { people, orders } }), name: 'shop' }
  const load = (connector: Connector, ...resources: string[]) =>
    sync({ connector, destination, dataset: DATASET, ...(resources.length > 0 && { resources }) })
  return { api, first, second, load }
}

describe.each(destinations)('%s: a resource of one name of two connectors in one dataset', (_, make) => {
  it('is refused by name before any request, and changes nothing [state.another-connector]', async () => {
    const destination = make()
    const { api, first, second, load } = await shared(destination)
    expect((await load(first)).status).toBe('ok')
    const before = api.requests.length
    const refused = {
      code: 'RESOURCE_OF_ANOTHER_CONNECTOR',
      message: expect.stringMatching(/shop .* people .* shared: .* crm .*tributary reset people --tables --dataset shared/),
    }
    await expect(load(second)).rejects.toMatchObject(refused)
    await expect(replayRejects({ connector: second, destination, dataset: DATASET })).rejects.toMatchObject(refused)
    expect(api.requests).toHaveLength(before)
    expect((await load(second, 'orders')).status).toBe('ok')
    expect((await load(first)).status).toBe('ok')
  })

  it('is free for the other one after a reset with tables [state.another-connector]', async () => {
    const destination = make()
    const { first, second, load } = await shared(destination)
    await load(first)
    await resetResources({ destination, dataset: DATASET, resources: ['people'] })
    await expect(load(second)).rejects.toMatchObject({ code: 'RESOURCE_OF_ANOTHER_CONNECTOR' })
    await resetResources({ destination, dataset: DATASET, resources: ['people'], tables: true })
    expect((await load(second)).status).toBe('ok')
    await expect(load(first)).rejects.toMatchObject({ code: 'RESOURCE_OF_ANOTHER_CONNECTOR' })
  })
})

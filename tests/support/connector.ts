import { type ClientConfig, type Connector, defineConnector, type ResourceDefaults, type Resources, url } from '@tributary/core'
import { type Handler, type MockApi, startMockApi } from '@tributary/testkit'
import * as v from 'valibot'
import { onTestFinished } from 'vitest'

export interface Parts {
  resources: Resources
  resourceDefaults?: ResourceDefaults
  client?: Partial<ClientConfig>
}

/** A connector called `crm`, to an API at `baseUrl`, without delays between retries. */
export function crm(baseUrl: string, { resources, resourceDefaults = {}, client = {} }: Parts): Connector {
  return defineConnector({
    name: 'crm',
    options: v.object({ baseUrl: url() }),
    client: (options) => ({ ...options, retry: { initialDelay: 1, maximumDelay: 5 }, ...client }),
    resourceDefaults,
    resources,
  })({ baseUrl })
}

/** A mock API that is closed when the test is over. */
export async function serve(routes: Readonly<Record<string, Handler>>): Promise<MockApi> {
  const api = await startMockApi(routes)
  onTestFinished(() => api.close())
  return api
}

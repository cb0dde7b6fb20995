import { type Connector, describeResources, type Endpoint, type ResourceDescription } from '@tributary/core'
import type { MockRequest } from '../mock-api/handler.ts'
import { type Run, withApi } from './api.ts'
import type { ConnectorSuiteOptions } from './options.ts'
import { secretsOf } from './secrets.ts'

/** What a plain run told of a resource. */
export interface ResourceFacts {
  readonly name: string
  readonly description: ResourceDescription
  /** The resource that it is requested for each record of. */
  readonly parent: string | undefined
  readonly isIncremental: boolean
  /** Records that came, by page. */
  readonly pages: readonly number[]
  readonly records: number
  /** What is requested for it alone. Of one that depends on others: nothing. */
  readonly requests: readonly MockRequest[]
}

/** What a plain run told of a connector: which cases can be applied depends on it. */
export interface Survey {
  readonly run: Run
  readonly resources: readonly ResourceFacts[]
  readonly secrets: readonly string[]
  /** An answer held an address of the API itself, as a link to the next page is. */
  readonly hasLinks: boolean
}

/** Runs a connector once, as it is. Never rejects for what the connector does. */
export function surveyConnector(options: ConnectorSuiteOptions): Promise<Survey> {
  return withApi(options, async (api) => {
    let hasLinks = false
    api.intercept(async (_request, answer) => {
      const response = await answer()
      hasLinks ||= JSON.stringify([response.headers, response.body]).includes(api.url)
      return response
    })
    const run = await api.run()
    const { connector, events } = run
    api.intercept(undefined)
    const resources: ResourceFacts[] = []
    for (const description of describeResources(connector)) {
      const { name } = description
      const endpoint = endpointOf(connector, name)
      const pages = events.flatMap((event) => (event.type === 'page' && event.resource === name ? [event.records] : []))
      const parent = /\{resources\.([^.{}]+)\./.exec(textOf([connector.resourceDefaults.endpoint, endpoint]))?.[1]
      resources.push({
        name,
        description,
        parent,
        isIncremental: endpoint.incremental !== undefined && endpoint.incremental.endValue === undefined,
        pages,
        records: run.result?.resources[name]?.records ?? 0,
        requests: parent === undefined && !run.isEndless ? (await api.run({ resources: [name] })).requests : [],
      })
    }
    return { run, resources, secrets: secretsOf(connector, options), hasLinks }
  })
}

/** The endpoint of a resource, as these options make it. */
export function endpointOf({ resources, options }: Connector, name: string): Endpoint {
  const { endpoint } = resources[name]!
  return typeof endpoint === 'function' ? (endpoint as (given: unknown) => Endpoint)(options) : endpoint
}

const textOf = (value: unknown): string =>
  JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? `${item}n` : item))

/** A request in one line, to tell requests apart. */
export const requestLine = ({ method, path, query, body }: MockRequest): string => `${method} ${path}?${query} ${body}`.trim()

import type { Connector, SyncEvent, SyncOptions, SyncResult } from '@tributary/core'
import { sync, type TributaryError } from '@tributary/core'
import { type MemoryDestination, memoryDestination } from '../memory/memory-destination.ts'
import type { MockRequest, MockResponse } from '../mock-api/handler.ts'
import { startMockApi } from '../mock-api/mock-api.ts'
import type { ConnectorSuiteOptions, RecordsByResource, Routes } from './options.ts'

/** Stands before every handler: answers itself, or lets the API answer. */
export type Interceptor = (request: MockRequest, answer: () => Promise<MockResponse>) => MockResponse | Promise<MockResponse>

/** What a run did, whether it went well or not. */
export interface Run {
  /** Missing where nothing could run at all. */
  readonly result?: SyncResult
  readonly thrown?: TributaryError
  readonly events: readonly SyncEvent[]
  readonly requests: readonly MockRequest[]
  readonly destination: MemoryDestination
  readonly connector: Connector
  /** It was stopped, because it asked for more and more. */
  readonly isEndless: boolean
}

interface RunOptions extends Partial<Omit<SyncOptions, 'connector' | 'destination' | 'onEvent'>> {
  /** Default: one with nothing in it. */
  readonly destination?: MemoryDestination
  readonly onEvent?: SyncOptions['onEvent']
}

/** A mock API, and runs of the connector from it. */
export interface Api {
  readonly url: string
  run(options?: RunOptions): Promise<Run>
  /** Changes what the API holds. */
  serve(records: RecordsByResource): void
  /** From here on, what stands before its handlers. */
  intercept(interceptor: Interceptor | undefined): void
}

/** Milliseconds after which a run counts as endless, however few its requests are. */
const LONGEST_RUN = 60_000

/** Starts the API of a suite, with its own records, and stops it behind `use`. */
export async function withApi<T>(options: ConnectorSuiteOptions, use: (api: Api) => Promise<T>): Promise<T> {
  let routes = routesOf(options)
  let interceptor: Interceptor | undefined
  let onRequest = (): void => {}
  const handlers = Object.keys(routes).map((route) => {
    const handler = async (request: MockRequest): Promise<MockResponse> => {
      onRequest()
      const answer = async (): Promise<MockResponse> => routes[route]!(request)
      return interceptor === undefined ? answer() : interceptor(request, answer)
    }
    return [route, handler] as const
  })
  await using server = await startMockApi(Object.fromEntries(handlers))
  // Awaited, so that the server is there until then.
  return await use({
    url: server.url,
    async run({ destination = memoryDestination(), onEvent, signal, ...given } = {}) {
      const connector = withoutWaiting(options.create(server.url))
      const first = server.requests.length
      const stop = new AbortController()
      const maximum = first + (options.maximumRequests ?? 2_000)
      onRequest = () => {
        if (server.requests.length > maximum) stop.abort()
      }
      const timeout = setTimeout(() => stop.abort(), LONGEST_RUN)
      const events: SyncEvent[] = []
      const outcome = await sync({
        connector,
        destination,
        resources: Object.keys(connector.resources),
        ...given,
        signal: signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]),
        onEvent: (event) => {
          events.push(event)
          onEvent?.(event)
        },
      }).then(
        (result) => ({ result }),
        (thrown: TributaryError) => ({ thrown }),
      )
      clearTimeout(timeout)
      const isEndless = stop.signal.aborted
      return { ...outcome, events, requests: server.requests.slice(first), destination, connector, isEndless }
    },
    serve(records) {
      routes = routesOf(options, records)
    },
    intercept(given) {
      interceptor = given
    },
  })
}

function routesOf(options: ConnectorSuiteOptions, records?: RecordsByResource): Routes {
  if (options.records === undefined) return options.api
  return options.api(records ?? options.records)
}

/** How long it waits before it tries again is no matter of a connector's tests, unless the API says it. */
function withoutWaiting(connector: Connector): Connector {
  const { client } = connector
  return { ...connector, client: { ...client, retry: { ...client.retry, initialDelay: 1 } } }
}

import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { deliver } from './deliver.ts'
import type { Handler, MockRequest, MockResponse } from './handler.ts'
import { jsonResponse } from './handlers.ts'

/** A running mock API. */
export interface MockApi extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly url: string
  /** Every request so far, in the order they came, unknown routes among them. */
  readonly requests: readonly MockRequest[]
  /** The largest number of requests that were waiting for their answer at once. */
  readonly maximumInFlight: number
  /** Stops the server and closes every connection, hanging ones too. */
  close(): Promise<void>
}

/**
 * Serves routes over real HTTP, on a free port of the loopback address. A route is a path, for every method, or a method
 * and a path: `'GET /v1/items'`. Paths are compared as a whole and without the query; `:name` stands for any one segment, as
 * in `/posts/:id/comments`. What no route is for gets a 404.
 */
export async function startMockApi(routes: Readonly<Record<string, Handler>>): Promise<MockApi> {
  const table = Object.entries(routes).map(([route, handler]) => ({ ...readRoute(route), handler }))
  const requests: MockRequest[] = []
  let inFlight = 0
  let maximumInFlight = 0

  const answer = async (asked: MockRequest): Promise<MockResponse> => {
    const { request, handler } = findRoute(table, asked)
    if (handler === undefined) return jsonResponse({ error: `no route ${request.method} ${request.path}` }, { status: 404 })
    try {
      return await handler(request)
    } catch (error) {
      return jsonResponse({ error: error instanceof Error ? error.message : String(error) }, { status: 500 })
    }
  }
  const serve = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    maximumInFlight = Math.max(maximumInFlight, ++inFlight)
    response.once('close', () => inFlight--)
    const request = await readRequest(message)
    requests.push(request)
    deliver(response, await answer(request))
  }

  const server = createServer((message, response) => {
    serve(message, response).catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = async (): Promise<void> => {
    if (!server.listening) return
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    get maximumInFlight() {
      return maximumInFlight
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

interface Route {
  readonly method: string | undefined
  readonly segments: readonly string[]
}

function readRoute(route: string): Route {
  const [path = '', method] = route.split(' ').reverse()
  return { method, segments: path.split('/') }
}

/** Literal segments count more than `:name`, and a method more than none. */
function findRoute(
  table: readonly (Route & { readonly handler: Handler })[],
  request: MockRequest,
): { request: MockRequest; handler: Handler | undefined } {
  const segments = request.path.split('/')
  const matches = table.filter(
    (route) =>
      (route.method ?? request.method) === request.method &&
      route.segments.length === segments.length &&
      route.segments.every((segment, index) => segment.startsWith(':') || segment === segments[index]),
  )
  const rank = ({ method, segments: parts }: Route): number =>
    parts.filter((part) => !part.startsWith(':')).length * 2 + (method === undefined ? 0 : 1)
  const [best] = matches.sort((a, b) => rank(b) - rank(a))
  const params = Object.fromEntries(
    (best?.segments ?? []).flatMap((name, index) =>
      name.startsWith(':') ? [[name.slice(1), decodeURIComponent(segments[index]!)] as const] : [],
    ),
  )
  return { request: { ...request, params }, handler: best?.handler }
}

async function readRequest(message: IncomingMessage): Promise<MockRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  const { pathname, searchParams } = new URL(message.url ?? '/', 'http://127.0.0.1')
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(message.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value
  }
  return {
    method: message.method ?? 'GET',
    path: pathname,
    query: searchParams,
    params: {},
    headers,
    body: Buffer.concat(chunks).toString('utf8'),
  }
}

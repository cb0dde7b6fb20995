import * as zlib from 'node:zlib'
import { createFetch, type FetchOptions } from 'ofetch'
import { type Dispatcher, EnvHttpProxyAgent, Headers, fetch as undiciFetch } from 'undici'
import type { Deadline } from './deadline.ts'
import type { Proxies } from './proxy.ts'
import { createTunnels } from './proxy-tunnel.ts'
import type { ResolvedTimeout } from './timeout.ts'

/** One request as it goes over the wire. */
interface WireRequest {
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

/** Connections, and nothing more: what is asked is sent, what comes is given, a redirect too. */
export interface Transport {
  fetch(request: WireRequest, timeout: ResolvedTimeout, deadline: Deadline): Promise<Response>
  close(): Promise<void>
}

/** What this Node can decompress. */
export const READABLE_ENCODINGS: readonly string[] = [
  'gzip',
  'deflate',
  'br',
  // Since Node 22.15 and 23.8.
  ...('createZstdDecompress' in zlib ? ['zstd'] : []),
]

/** `connections`: to one origin, at most. They are kept open between requests. */
export function createTransport(connections: number, proxies: Proxies): Transport {
  const send = createFetch({ fetch: undiciFetch as unknown as typeof fetch, Headers: Headers as never, AbortController })
  /** One for each time to connect, which is a property of the connection: one, unless an endpoint has a time of its own. */
  const agents = new Map<number, Dispatcher>()
  const agentFor = (timeout: ResolvedTimeout): Dispatcher => {
    const milliseconds = Math.ceil(('connect' in timeout ? timeout.connect : timeout.whole) * 1000)
    const agent = agents.get(milliseconds) ?? createAgent(connections, milliseconds, proxies)
    agents.set(milliseconds, agent)
    return agent
  }
  return {
    async fetch({ url, method, headers, body }, timeout, deadline) {
      deadline.connecting()
      const agent = agentFor(timeout)
      const options: FetchOptions<'stream'> = {
        method,
        headers: { 'accept-encoding': READABLE_ENCODINGS.join(', '), ...headers },
        signal: deadline.signal,
        dispatcher: tellingWhenConnected(agent, deadline),
        redirect: 'manual',
        responseType: 'stream',
        retry: false,
        ignoreResponseError: true,
        ...(body !== undefined && { body }),
      }
      return await send.raw(url, options)
    },
    async close() {
      await Promise.all([...agents.values()].map((agent) => agent.destroy()))
    },
  }
}

function createAgent(connections: number, connectTimeout: number, proxies: Proxies): Dispatcher {
  const connect = { timeout: connectTimeout }
  return new EnvHttpProxyAgent({
    connections,
    connect,
    proxyTls: connect,
    requestTls: connect,
    // The deadline of the attempt is the only one.
    headersTimeout: 0,
    bodyTimeout: 0,
    // Plain http goes to a proxy with the whole URL, which all proxies take; many allow tunnels to port 443 alone.
    proxyTunnel: false,
    clientFactory: createTunnels,
    httpProxy: proxies.http,
    httpsProxy: proxies.https,
    noProxy: proxies.none,
  })
}

function tellingWhenConnected(agent: Dispatcher, deadline: Deadline): Dispatcher {
  return agent.compose(
    (dispatch) => (options, handler) =>
      dispatch(options, {
        onRequestStart(controller, context) {
          deadline.connected()
          handler.onRequestStart?.(controller, context)
        },
        onRequestUpgrade: (...given) => handler.onRequestUpgrade?.(...given),
        onResponseStart: (...given) => handler.onResponseStart?.(...given),
        onResponseData: (...given) => handler.onResponseData?.(...given),
        onResponseEnd: (...given) => handler.onResponseEnd?.(...given),
        onResponseError: (...given) => handler.onResponseError?.(...given),
      }),
  )
}

import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serviceDeskRecords } from './service-desk.ts'
import { ticketingRecords } from './ticketing.ts'

const DEFAULT_LIMIT = 100
const LARGEST_LIMIT = 500

/** The APIs that the demo can be: each is named after the connector that it is for. */
export type DemoKind = 'ticketing' | 'service-desk'

const RECORDS: Readonly<Record<DemoKind, (revision: number) => object[]>> = {
  ticketing: ticketingRecords,
  'service-desk': serviceDeskRecords,
}

export const demoKinds: readonly DemoKind[] = Object.keys(RECORDS) as DemoKind[]

export interface DemoApiOptions {
  kind: DemoKind
  /** How often the data has changed: each revision changes about 1 % of the records, and adds or removes none. Default 0. */
  revision?: number
  /** Default: any that is free. */
  port?: number
}

export interface DemoApi {
  /** On loopback, such as `http://127.0.0.1:41234`. */
  readonly url: string
  readonly apiKey: string
  stop(): Promise<void>
}

/**
 * Starts a small API with a few thousand records, always the same for the same revision:
 * `GET /v1/tickets?api_key=…&offset=0&limit=100`, optionally with `updated_since=<ISO 8601>`.
 */
export async function startDemoApi({ kind, revision = 0, port = 0 }: DemoApiOptions): Promise<DemoApi> {
  const apiKey = `demo-key-${kind}`
  const records = RECORDS[kind](revision) as { updated_at: string }[]
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    if (url.pathname !== '/v1/tickets') return send(response, 404, { error: 'There is only /v1/tickets here.' })
    if (request.method !== 'GET') return send(response, 405, { error: 'Only GET is served.' })
    if (url.searchParams.get('api_key') !== apiKey)
      return send(response, 401, { error: 'The query parameter api_key is missing or wrong.' })
    const limit = wholeNumber(url.searchParams.get('limit') ?? DEFAULT_LIMIT)
    const offset = wholeNumber(url.searchParams.get('offset') ?? 0)
    if (limit === undefined || limit === 0 || offset === undefined)
      return send(response, 400, { error: 'limit and offset are whole numbers.' })
    const since = url.searchParams.get('updated_since')
    const chosen = since === null ? records : records.filter((record) => record.updated_at >= since)
    const size = Math.min(limit, LARGEST_LIMIT)
    return send(response, 200, { data: chosen.slice(offset, offset + size), total: chosen.length, limit: size, offset })
  })
  await listen(server, port)
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    apiKey,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function wholeNumber(text: string | number): number | undefined {
  const number = Number(text)
  return Number.isSafeInteger(number) && number >= 0 && String(text).trim() !== '' ? number : undefined
}

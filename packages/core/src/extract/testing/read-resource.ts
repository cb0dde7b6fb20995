import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { resolveResources } from '../../connector/resolve.ts'
import { type Endpoint, type ResourceOptions, type RowSchema, resource } from '../../connector/resource.ts'
import { createClient } from '../../http/client.ts'
import { createRedactor } from '../../http/redact.ts'
import type { JsonValue } from '../../http/request.ts'
import { createNormalizer } from '../../normalize/normalizer.ts'
import { offset } from '../../paginate/offset.ts'
import { bindRequest, type Listing, listingKey, rootBranch } from '../branch.ts'
import { extract } from '../extract.ts'
import type { CursorBounds } from '../incremental.ts'

const servers: Server[] = []
/** To be called by each file of tests. */
export const closeServers = (): void => {
  for (const server of servers.splice(0)) server.close().closeAllConnections()
}
export type Answer = (query: URLSearchParams, path: string) => JsonValue | undefined
export type Options = Partial<ResourceOptions<RowSchema, unknown>> & { readonly on?: Partial<Endpoint> }

export interface Reading {
  readonly bounds?: CursorBounds
  /** Records of `posts`, which the resource then depends on. */
  readonly parents?: readonly JsonValue[]
  readonly isResumed?: boolean
  /** Reads pages as rows, where it can. */
  readonly asRows?: boolean
}

/** Reads a resource from a server whose answers are JSON, or 204 where there is none. */
export async function readResource(
  answer: Answer,
  { on, ...options }: Options = {},
  { bounds = {}, parents, isResumed = false, asRows = false }: Reading = {},
) {
  const requests: string[] = []
  const server = createServer((request, response) => {
    requests.push(request.url!)
    const url = new URL(request.url!, 'http://a.example')
    const body = answer(url.searchParams, url.pathname)
    if (body === undefined) response.writeHead(204).end()
    else response.end(JSON.stringify(body))
  })
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const endpoint = { path: '/things', dataSelector: 'data', paginator: offset({ limit: 2 }), ...on }
  const things = resource({ endpoint, ...options })
  const posts = resource({ endpoint: { path: '/posts' } })
  const parts = { resourceDefaults: {}, options: {}, optionInfos: [], name: 'crm', version: '1.0.0' }
  const resources = resolveResources({ ...parts, client: { baseUrl }, resources: { posts, things } }, ['things'], undefined)
  const resolved = resources.find(({ name }) => name === 'things')!
  const redactor = createRedactor(['a-long-secret'])
  const branches = parents?.map((record) => ({ ...rootBranch(new Set()), record })) ?? [rootBranch(new Set())]
  const starts = branches.map((branch) => {
    const start: Listing = { branch, key: listingKey(resolved, branch), bounds }
    return { start, request: resolved.paginator.first(bindRequest(resolved, start)) }
  })
  const warnings: string[] = []
  const records: JsonValue[] = []
  const received: number[] = []
  const scanned: boolean[] = []
  const normalizer = createNormalizer({
    shape: resolved,
    stored: [],
    tableOwners: new Map(),
    identifierLimit: 63,
    warn: () => {},
  })
  const pages = extract({
    resource: resolved,
    client: createClient({ baseUrl }, { redactor, credentialsHint: '' }),
    redactor,
    starts,
    isResumed,
    observer: { onRequest: () => {}, onRetry: () => {} },
    ...(asRows && { scan: normalizer.scan }),
    signal: new AbortController().signal,
    warn: (message) => void warnings.push(message),
    fallsShort: () => {},
  })
  for await (const page of pages) {
    scanned.push(page.rows !== undefined)
    // In its turn, as a run does: what it brings is known to the pages behind it.
    if (page.rows === undefined && asRows) normalizer.write(page.records(), 0, false)
    records.push(...page.records())
    received.push(page.received)
    page.rows?.release()
  }
  return { records, warnings, requests, received, scanned }
}

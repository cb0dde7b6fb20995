import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { resolveResources } from '../connector/resolve.ts'
import { type ResourceOptions, type RowSchema, resource } from '../connector/resource.ts'
import { createClient } from '../http/client.ts'
import { createRedactor } from '../http/redact.ts'
import type { JsonValue } from '../http/request.ts'
import { offset } from '../paginate/offset.ts'
import { extract } from './extract.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections()
})

type Answer = (query: URLSearchParams) => JsonValue | undefined
type Options = Partial<ResourceOptions<RowSchema, unknown>>

/** Reads a resource from a server whose answers are JSON, or 204 where there is none. */
async function read(answer: Answer, options: Options = {}, dataSelector = 'data') {
  const server = createServer((request, response) => {
    const body = answer(new URL(request.url!, 'http://a.example').searchParams)
    if (body === undefined) response.writeHead(204).end()
    else response.end(JSON.stringify(body))
  })
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const endpoint = { path: '/things', dataSelector, paginator: offset({ limit: 2 }) }
  const things = resource({ endpoint, ...options })
  const parts = { resourceDefaults: {}, options: {}, optionInfos: [], name: 'crm', version: '1.0.0' }
  const [resolved] = resolveResources({ ...parts, client: { baseUrl }, resources: { things } }, undefined, undefined)
  const redactor = createRedactor(['a-long-secret'])
  const warnings: string[] = []
  const records: JsonValue[] = []
  const pages = extract({
    resource: resolved!,
    client: createClient({ baseUrl }, { redactor, credentialsHint: '' }),
    redactor,
    first: resolved!.request,
    observer: { onRequest: () => {}, onRetry: () => {} },
    signal: new AbortController().signal,
    warn: (message) => void warnings.push(message),
  })
  for await (const page of pages) records.push(...page.records)
  return { records, warnings }
}

const from = (query: URLSearchParams, all: readonly JsonValue[]): JsonValue[] => {
  const start = Number(query.get('offset'))
  return all.slice(start, start + Number(query.get('limit')))
}
const five = [1, 2, 3, 4, 5].map((id) => ({ id }))

describe('extract', () => {
  it('reads all pages', async () => {
    expect(await read((query) => ({ data: from(query, five), total: 5 }))).toEqual({ records: five, warnings: [] })
  })

  it.each<[string, JsonValue | undefined]>([
    ['204', undefined],
    ['null', null],
    ['an empty list', { data: [] }],
    ['null in the place of the list', { data: null }],
  ])('%s is an empty page', async (_what, body) => {
    expect(await read(() => body)).toEqual({ records: [], warnings: [] })
  })

  it('a selector without a match is an error that shows what there is', async () => {
    const failing = read(() => ({ items: [], meta: {} }))
    await expect(failing).rejects.toMatchObject({ code: 'SELECTOR_NO_MATCH', recovery: 'fix-config' })
    await expect(failing).rejects.toThrow(/^things: the records should be at data .* answered with the keys items, meta\./)
  })

  it('a selector without a match is a warning where that is allowed', async () => {
    const { records, warnings } = await read(() => ({ items: [] }), { required: false })
    expect([records, warnings]).toEqual([[], [expect.stringContaining('data matches nothing')]])
    expect(warnings[0]).toContain('the keys items')
  })

  it('an API that ignores the page is an error, not a loop', async () => {
    const failing = read(() => ({ data: five.slice(0, 2) }), { primaryKey: 'id' as never })
    await expect(failing).rejects.toMatchObject({
      code: 'PAGES_REPEAT',
      message: expect.stringContaining('the API repeats itself'),
    })
    await expect(read(() => ({ data: five.slice(0, 2) }))).rejects.toMatchObject({ code: 'PAGES_REPEAT' })
  })

  it('equal pages may be honest where records have no key', async () => {
    const all = Array.from({ length: 6 }, () => ({ note: 'same' }))
    expect((await read((query) => ({ data: from(query, all) }))).records).toHaveLength(6)
  })

  it('a listing that ends before its total says so', async () => {
    const { records, warnings } = await read((query) => ({ data: from(query, five), total: 9 }))
    expect(records).toHaveLength(5)
    expect(warnings).toEqual([expect.stringMatching(/told of 9 records, but sent 5/)])
  })

  it('a secret that the API sends back does not get into the records', async () => {
    const { records, warnings } = await read((query) => ({ data: from(query, [{ id: 1, url: 'x?key=a-long-secret' }]) }))
    expect(records).toEqual([{ id: 1, url: 'x?key=[redacted]' }])
    expect(warnings).toEqual([expect.stringContaining('redacted in 1 value')])
  })
})

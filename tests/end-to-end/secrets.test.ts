import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { ticketing } from '@tributary/connector-ticketing'
import { type SyncEvent, sync, toTributaryError } from '@tributary/core'
import { type Handler, jsonResponse, offsetPages, startMockApi, withApiKey } from '@tributary/testkit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { places, temporaryFolder } from '../support/places.ts'
import { project, tributary } from '../support/process.ts'
import { type Ticket, ticket, tickets } from '../support/tickets.ts'

/** Has what URLs, JSON and HTML write in other ways. */
const KEY = 's3cr&t/key+with "quotes" & ümlaut='

const encodings = [
  KEY,
  encodeURIComponent(KEY),
  new URLSearchParams({ k: KEY }).toString().slice(2),
  JSON.stringify(KEY).slice(1, -1),
  Buffer.from(KEY).toString('base64'),
  encodeURI(KEY),
]

function expectNoSecret(text: string, where: string): void {
  for (const form of encodings) expect(text.includes(form), `${where} holds the key as ${form}`).toBe(false)
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((path) => statSync(path).isFile())
}

async function serve(handler: Handler): Promise<string> {
  const api = await startMockApi({ '/v1/tickets': handler })
  onTestFinished(() => api.close())
  return api.url
}

const good = withApiKey(offsetPages(tickets(250)), { value: KEY })

/** APIs that say the key back in one way or another. */
const gossips: [what: string, handler: Handler][] = [
  ['an API that behaves', good],
  ['an error that quotes the URL', ({ query }) => jsonResponse({ error: `bad request: ?${query}` }, { status: 400 })],
  [
    'an error that quotes the key',
    ({ query }) => jsonResponse({ error: `no such key ${query.get('api_key')}` }, { status: 401 }),
  ],
  ['an error page that quotes the key', () => ({ status: 500, headers: { 'content-type': 'text/html' }, body: `<b>${KEY}</b>` })],
  ['a body that is no JSON', () => ({ headers: { 'content-type': 'application/json' }, body: `{"key": "${KEY}` })],
  ['a total that holds it', () => jsonResponse({ data: [ticket(1)], total: KEY })],
  [
    'a redirect that holds it',
    ({ query }) => ({ status: 302, headers: { location: `/elsewhere?key=${encodeURIComponent(query.get('api_key')!)}` } }),
  ],
  ['a value that breaks its type', () => jsonResponse({ data: [ticket(1, { customer_id: KEY })], total: 1 })],
  [
    'records that hold it',
    () => jsonResponse({ data: [ticket(1, { note: `see ?k=${encodeURIComponent(KEY)}`, self: KEY, [KEY]: 1 })], total: 1 }),
  ],
]

describe.each(gossips)('%s', (_what, handler) => {
  it.each(places)('gets no secret into events, results, errors or the files of %s', async (_kind, makePlace) => {
    const folder = temporaryFolder()
    const { destination } = makePlace(folder)
    const connector = ticketing({ baseUrl: await serve(handler), apiKey: KEY })
    const events: SyncEvent[] = []
    const impatient = { ...connector, client: { ...connector.client, retry: { initialDelay: 0.001 } } }
    const result = await sync({ connector: impatient, destination, onEvent: (event) => events.push(event) }).catch(
      toTributaryError,
    )
    expectNoSecret(JSON.stringify(events), 'an event')
    expectNoSecret(JSON.stringify(result), 'the result')
    for (const file of filesIn(folder)) expectNoSecret(readFileSync(file, 'latin1') + readFileSync(file, 'utf8'), file)
  })

  it('shows none on the command line', async () => {
    const [cwd, url] = [project(), await serve(handler)]
    const env = { TICKETING_BASE_URL: url, TICKETING_API_KEY: KEY }
    for (const args of [
      ['sync', 'ticketing', '--to', 'jsonl:out'],
      ['check', 'ticketing'],
      ['sync', 'ticketing', '--to', 'jsonl:out', '--json'],
    ]) {
      const { stdout, stderr } = await tributary(args, { cwd, env })
      expectNoSecret(stdout, 'stdout')
      expectNoSecret(stderr, 'stderr')
    }
  })
})

it('sends the key to its own origin only, also after a redirect', async () => {
  const other = await startMockApi({ '/v1/tickets': offsetPages(tickets(3)) })
  onTestFinished(() => other.close())
  const url = await serve(() => ({ status: 307, headers: { location: `${other.url}/v1/tickets` } }))
  const { destination } = places[1]![1]()
  await sync({ connector: ticketing({ baseUrl: url, apiKey: KEY }), destination })
  for (const { query, headers } of other.requests) {
    expect(query.has('api_key')).toBe(false)
    expectNoSecret(JSON.stringify(headers), 'a header')
  }
})

it('keeps no secret of a run that is cut off, and goes on with the key of today', async () => {
  const folder = temporaryFolder()
  const { destination, rows } = places[1]![1](folder)
  let key = KEY
  const url = await serve((request) => withApiKey(offsetPages(tickets(1000) as Ticket[]), { value: key })(request))
  const controller = new AbortController()
  const first = await sync({
    connector: ticketing({ baseUrl: url, apiKey: KEY }),
    destination,
    checkpoint: { rows: 300 },
    signal: controller.signal,
    onEvent: ({ type }) => type === 'committed' && controller.abort(),
  })
  expect(first.status).toBe('interrupted')
  for (const file of filesIn(folder)) expectNoSecret(readFileSync(file, 'utf8'), file)
  key = 'another-key-since-then'
  const second = await sync({ connector: ticketing({ baseUrl: url, apiKey: key }), destination })
  expect(second.status).toBe('ok')
  expect(await rows('ticketing', 'ticket_data')).toHaveLength(1000)
})

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startMockApi } from '../mock-api/mock-api.ts'
import { recorded } from './recorded.ts'

async function folderOf(...recordings: readonly unknown[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tributary-recorded-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  for (const [index, recording] of recordings.entries())
    await writeFile(join(folder, `${index}.json`), typeof recording === 'string' ? recording : JSON.stringify(recording))
  return folder
}

const first = { request: { path: '/items', query: { page: '1', key: '[redacted]' } }, response: { body: { items: [1] } } }
const second = {
  request: { path: '/items', query: { page: '2', key: '[redacted]' } },
  response: { headers: { Link: '<{{origin}}/items?page=3>; rel="next"' }, body: { next: '{{origin}}/items?page=3' } },
}

describe('recordings [suite.connector.recorded]', () => {
  it.each([
    ['GET', '/items?page=1&key=anything', undefined, 200, '{"items":[1]}'],
    ['GET', '/items?key=other&page=1', undefined, 200, '{"items":[1]}'],
    ['GET', '/items?page=1', undefined, 404, 'no recording of GET /items'],
    ['GET', '/items?page=1&key=x&since=2026', undefined, 404, 'no recording of GET /items'],
    ['GET', '/items?page=1&page=2&key=x', undefined, 404, 'no recording of GET /items'],
    ['POST', '/search', '{"from":0, "tags":["a"]}', 200, 'found'],
    ['POST', '/search', '{"from":1}', 404, 'no recording of POST /search'],
    ['GET', '/tags?tag=a&tag=b', undefined, 503, '<h1>down</h1>'],
  ])('answer %s %s %s with %i', async (method, path, body, status, text) => {
    const search = { request: { method: 'POST', path: '/search', body: { from: 0, tags: ['a'] } }, response: { body: 'found' } }
    const down = { request: { path: '/tags', query: { tag: ['a', 'b'] } }, response: { status: 503, text: '<h1>down</h1>' } }
    await using api = await startMockApi(recorded(await folderOf(first, second, search, down)))
    const answer = await fetch(api.url + path, { method, ...(body !== undefined && { body }) })
    expect(answer.status).toBe(status)
    expect(await answer.text()).toContain(text)
  })

  it('say where the API is, wherever it is', async () => {
    await using api = await startMockApi(recorded(pathToFileURL(await folderOf(first, second))))
    const answer = await fetch(`${api.url}/items?page=2&key=x`)
    expect(answer.headers.get('link')).toBe(`<${api.url}/items?page=3>; rel="next"`)
    expect(await answer.json()).toEqual({ next: `${api.url}/items?page=3` })
  })

  it.each([
    ['there is none', [], 'There is no recording'],
    ['two are of one request', [first, first], 'are of one request, GET /items'],
    ['one has no request', [{ response: {} }], 'is no recording'],
    ['one has no response', [{ request: { path: '/' } }], 'is no recording'],
    ['one is no JSON', ['{'], 'is no recording'],
  ])('are refused where %s', async (_title, recordings, message) => {
    const folder = await folderOf(...recordings)
    expect(() => recorded(folder)).toThrow(message)
  })
})

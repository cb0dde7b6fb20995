import { describe, expect, it } from 'vitest'
import { delayed, json, offsetPages, startMockApi, text, withApiKey } from '../index.ts'

describe('the mock API', () => {
  it('serves routes by path and by method, and records what it was asked', async () => {
    await using api = await startMockApi({ '/any': json({ a: 1 }), 'POST /only': text('made', { status: 201 }) })
    expect(api.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(await (await fetch(`${api.url}/any?x=1&x=2`, { headers: { 'X-Trace': 't' } })).json()).toEqual({ a: 1 })
    const posted = await fetch(`${api.url}/only`, { method: 'POST', body: 'héllo' })
    expect([posted.status, await posted.text(), posted.headers.get('content-type')]).toEqual([
      201,
      'made',
      'text/plain; charset=utf-8',
    ])
    const unknown = await fetch(`${api.url}/only`)
    expect([unknown.status, await unknown.json()]).toEqual([404, { error: 'no route GET /only' }])
    expect(api.requests.map(({ method, path, body }) => [method, path, body])).toEqual([
      ['GET', '/any', ''],
      ['POST', '/only', 'héllo'],
      ['GET', '/only', ''],
    ])
    expect(api.requests[0]!.query.getAll('x')).toEqual(['1', '2'])
    expect(api.requests[0]!.headers['x-trace']).toBe('t')
  })

  it('has routes with named segments, and takes the most literal one', async () => {
    await using api = await startMockApi({
      '/posts/:id': ({ params }) => ({ body: `one ${params.id}` }),
      'POST /posts/:id': () => ({ body: 'posted' }),
      '/posts/latest': () => ({ body: 'latest' }),
      '/:kind/:id/tags': ({ params }) => ({ body: `${params.kind} ${params.id}` }),
    })
    const get = async (path: string, method = 'GET'): Promise<string> => (await fetch(api.url + path, { method })).text()
    expect(await get('/posts/7')).toBe('one 7')
    expect(await get('/posts/a%2Fb%20c')).toBe('one a/b c')
    expect(await get('/posts/7', 'POST')).toBe('posted')
    expect(await get('/posts/latest')).toBe('latest')
    expect(await get('/users/3/tags')).toBe('users 3')
    expect(await get('/posts/7/8')).toContain('no route GET /posts/7/8')
  })

  it('writes every digit of a bigint', async () => {
    await using api = await startMockApi({ '/': json({ id: 9_007_199_254_740_993n }, { headers: { 'x-page': '1' } }) })
    const response = await fetch(api.url)
    expect(await response.text()).toBe('{"id":9007199254740993}')
    expect(response.headers.get('x-page')).toBe('1')
  })

  it('turns what a handler throws into a 500', async () => {
    await using api = await startMockApi({
      '/': () => {
        throw new Error('oh')
      },
    })
    const response = await fetch(api.url)
    expect([response.status, await response.json()]).toEqual([500, { error: 'oh' }])
  })

  it('counts the requests in flight', async () => {
    await using api = await startMockApi({ '/': delayed(json(1), 60) })
    await Promise.all([1, 2, 3].map(async () => (await fetch(api.url)).text()))
    await (await fetch(api.url)).text()
    expect(api.maximumInFlight).toBe(3)
  })

  it('can be closed twice, and then refuses', async () => {
    const api = await startMockApi({})
    await api.close()
    await api.close()
    await expect(fetch(api.url)).rejects.toThrow('fetch failed')
  })
})

describe('offset pages', () => {
  const get = async (url: string): Promise<unknown> => (await fetch(url)).json()

  it('pages, caps the limit, and refuses what is no number', async () => {
    const records = [1, 2, 3, 4, 5]
    await using api = await startMockApi({ '/': offsetPages(() => records, { maximumLimit: 3 }) })
    expect(await get(`${api.url}/?limit=2&offset=1`)).toEqual({ data: [2, 3], total: 5, limit: 2, offset: 1 })
    expect(await get(`${api.url}/?limit=9`)).toEqual({ data: [1, 2, 3], total: 5, limit: 3, offset: 0 })
    records.push(6)
    expect(await get(`${api.url}/?offset=5`)).toEqual({ data: [6], total: 6, limit: 3, offset: 5 })
    for (const query of ['limit=0', 'limit=x', 'offset=-1']) expect((await fetch(`${api.url}/?${query}`)).status).toBe(400)
  })

  it('takes other names', async () => {
    const handler = offsetPages([1, 2, 3], { limitParam: 'size', offsetParam: 'skip', totalKey: null, dataKey: 'rows' })
    await using api = await startMockApi({ '/': handler })
    expect(await get(`${api.url}/?size=2&skip=2`)).toEqual({ rows: [3], limit: 2, offset: 2 })
  })
})

describe('an API key', () => {
  it.each([
    { in: 'query' as const, url: (base: string) => `${base}/?token=k`, headers: {} },
    { in: 'header' as const, url: (base: string) => base, headers: { Token: 'k' } },
  ])('is asked for in the $in', async ({ in: place, url, headers }) => {
    await using api = await startMockApi({
      '/': withApiKey(json('in'), { name: place === 'query' ? 'token' : 'Token', value: 'k', in: place }),
    })
    expect((await fetch(url(api.url), { headers })).status).toBe(200)
    const refused = await fetch(`${api.url}/?token=wrong`)
    expect([refused.status, await refused.json()]).toEqual([401, { error: 'invalid api key' }])
  })
})

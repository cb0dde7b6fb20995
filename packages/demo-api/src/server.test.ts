import { afterEach, describe, expect, it } from 'vitest'
import { type DemoApi, demoKinds, startDemoApi } from './index.ts'

interface Body {
  data: { id: number; updated_at: string }[]
  total: number
}

let api: DemoApi | undefined
afterEach(async () => api?.stop())

const get = async (query: string, init?: RequestInit): Promise<Response> => fetch(`${api!.url}/v1/tickets?${query}`, init)
const all = async (): Promise<Body['data']> => {
  const records: Body['data'] = []
  for (let offset = 0; ; offset += 500) {
    const { data } = (await (await get(`api_key=${api!.apiKey}&limit=500&offset=${offset}`)).json()) as Body
    if (data.length === 0) return records
    records.push(...data)
  }
}

describe.each(demoKinds)('the demo API of %s', (kind) => {
  it('pages through the same records every time', async () => {
    api = await startDemoApi({ kind })
    const first = await all()
    await api.stop()
    api = await startDemoApi({ kind })
    expect(await all()).toEqual(first)
    expect(first.length).toBeGreaterThanOrEqual(3000)
    expect(new Set(first.map(({ id }) => id)).size).toBe(first.length)
  })

  it('changes some records with each revision, and neither adds nor removes one', async () => {
    api = await startDemoApi({ kind })
    const before = await all()
    await api.stop()
    api = await startDemoApi({ kind, revision: 1 })
    const after = await all()
    expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id))
    const changed = after.filter((record, index) => JSON.stringify(record) !== JSON.stringify(before[index]))
    expect(changed.length).toBeGreaterThan(20)
    expect(changed.length).toBeLessThan(before.length / 20)
    for (const record of changed) expect(record.updated_at > before.find(({ id }) => id === record.id)!.updated_at).toBe(true)
  })

  it('filters by updated_since', async () => {
    api = await startDemoApi({ kind, revision: 1 })
    const since = (await all())
      .map((record) => record.updated_at)
      .sort()
      .at(-10)!
    const { total } = (await (await get(`api_key=${api.apiKey}&updated_since=${since}`)).json()) as Body
    expect(total).toBe(10)
  })

  it('asks for the key, and refuses what it does not serve', async () => {
    api = await startDemoApi({ kind })
    expect((await get('limit=1')).status).toBe(401)
    expect((await get('api_key=wrong')).status).toBe(401)
    expect((await get(`api_key=${api.apiKey}&limit=x`)).status).toBe(400)
    expect((await get(`api_key=${api.apiKey}&limit=0`)).status).toBe(400)
    expect((await get(`api_key=${api.apiKey}&offset=-1`)).status).toBe(400)
    expect((await get(`api_key=${api.apiKey}`, { method: 'POST' })).status).toBe(405)
    expect((await fetch(`${api.url}/v2/tickets`)).status).toBe(404)
  })

  it('caps the page size', async () => {
    api = await startDemoApi({ kind })
    const { data } = (await (await get(`api_key=${api.apiKey}&limit=9999`)).json()) as Body
    expect(data.length).toBe(500)
  })
})

import { describe, expect, it } from 'vitest'
import { type Fault, failing, json, startMockApi } from '../index.ts'

const handler = json({ data: 'a body that is long enough to be halved' })
const ask = async (fault: Fault): Promise<Response> => {
  await using api = await startMockApi({ '/': failing(handler, [fault]) })
  const response = await fetch(api.url)
  return new Response(await response.text(), response)
}

describe('faults', () => {
  it('come in the order of the plan, and then no more', async () => {
    await using api = await startMockApi({
      '/': failing(handler, [500, undefined, { status: 429, headers: { 'retry-after': '2' } }]),
    })
    const answers: unknown[] = []
    for (let request = 0; request < 5; request++) {
      const response = await fetch(api.url)
      await response.text()
      answers.push([response.status, response.headers.get('retry-after')])
    }
    expect(answers).toEqual([
      [500, null],
      [200, null],
      [429, '2'],
      [200, null],
      [200, null],
    ])
  })

  it('reset: the connection ends before an answer', async () => {
    const error = await ask('reset').catch((reason: unknown) => reason)
    expect(error).toMatchObject({ message: 'fetch failed' })
  })

  it('cut: the answer begins, and ends too early', async () => {
    await using api = await startMockApi({ '/': failing(handler, ['cut']) })
    const response = await fetch(api.url)
    expect(response.status).toBe(200)
    await expect(response.text()).rejects.toThrow('terminated')
  })

  it('hang: there is no answer, and the server can be closed all the same', async () => {
    const api = await startMockApi({ '/': failing(handler, ['hang']) })
    const answer = fetch(api.url).then(
      () => 'answered',
      () => 'closed',
    )
    expect(await Promise.race([answer, new Promise((resolve) => setTimeout(resolve, 100, 'waiting'))])).toBe('waiting')
    await api.close()
    expect(await answer).toBe('closed')
  })

  it('truncated: a well-formed answer of half a text', async () => {
    const response = await ask('truncated')
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json'])
    const body = await response.text()
    expect(body.length).toBeGreaterThan(5)
    expect(() => JSON.parse(body) as unknown).toThrow(SyntaxError)
  })

  it('html: a page with status 200', async () => {
    const response = await ask('html')
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    expect(await response.text()).toContain('<html>')
  })
})

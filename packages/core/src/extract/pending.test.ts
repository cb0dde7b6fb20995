import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonValue, PageRequest, ParamValue } from '../http/request.ts'
import { offset } from '../paginate/offset.ts'
import { packRequest, unpackRequest } from './pending.ts'

const first: PageRequest = {
  method: 'POST',
  url: 'https://a.example/x',
  params: { since: '2026-01-01', tags: ['a', 'b'] },
  headers: { 'X-Token': 'secret-value' },
  json: { query: 'all' },
}

const knowing = (...secrets: string[]) => ({ secrets: () => secrets })
const none = knowing()

/** As the destination keeps it. */
const stored = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

const paramValue: fc.Arbitrary<ParamValue> = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.array(fc.string()))
const request: fc.Arbitrary<PageRequest> = fc
  .record(
    {
      url: fc.webUrl(),
      params: fc.dictionary(
        fc.string().filter((name) => name !== '__proto__'),
        paramValue,
        { noNullPrototype: true },
      ),
      dropped: fc.subarray(['since', 'tags']),
      json: fc.dictionary(
        fc.string(),
        fc.oneof(fc.integer(), fc.dictionary(fc.string(), fc.string(), { noNullPrototype: true })),
        {
          noNullPrototype: true,
        },
      ),
      position: fc.record({ offset: fc.nat() }),
      rereads: fc.boolean(),
    },
    { requiredKeys: ['params', 'dropped'], noNullPrototype: true },
  )
  // A link leaves parameters out; a paginator adds members of a body or changes them, and never takes one away.
  .map(({ params, dropped, json, ...changes }) => ({
    ...first,
    ...changes,
    params: Object.fromEntries(
      Object.entries({ ...first.params, ...params }).filter(([name]) => !dropped.includes(name as never)),
    ),
    ...(json !== undefined && { json: { ...(first.json as object), ...json } }),
  }))

describe('a pending request', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(request, (made) => {
        expect(unpackRequest(packRequest(made, first, none), first, none)).toEqual(made)
        expect(unpackRequest(stored(packRequest(made, first, none)), first, none)).toEqual(made)
      }),
    )
  })

  it('keeps only what differs from the first request, and no header', () => {
    const paginator = offset({ limit: 2 })
    const begun = paginator.first(first)
    const page = { request: begun, status: 200, headers: {}, bytes: 0, body: {}, records: [1, 2], mayRepeat: false }
    const [next] = [...paginator.next(page)]
    expect(packRequest(next!, first, none)).toEqual({ params: { offset: 2, limit: 2 }, position: { offset: 2, step: 2 } })
    expect(packRequest(next!, begun, none)).toEqual({ params: { offset: 2 }, position: { offset: 2, step: 2 } })
  })

  it('takes host, headers and options of the run that goes on', () => {
    const packed = packRequest({ ...first, params: { ...first.params, page: 2 } }, first, none)
    const moved = { ...first, url: 'https://b.example/x', headers: { 'X-Token': 'new' } }
    expect(unpackRequest(packed, moved, none)).toEqual({ ...moved, params: { ...first.params, page: 2 } })
  })

  it('remembers what was found out of the selector', () => {
    expect(packRequest({ ...first, dataSelector: 'data' }, first, none)).toEqual({ params: {}, dataSelector: 'data' })
  })

  it.each<[string, JsonValue, JsonValue, JsonValue]>([
    ['a member that is added', { query: 'all' }, { query: 'all', page: 2 }, { page: 2 }],
    [
      'a nested one',
      { query: { text: 'all', page: { size: 5 } } },
      { query: { text: 'all', page: { size: 5, after: 'x' } } },
      { query: { page: { after: 'x' } } },
    ],
    ['a list as a whole', { sort: [1, 2], page: 1 }, { sort: [1, 3], page: 1 }, { sort: [1, 3] }],
    ['an object in the place of a text', { after: '' }, { after: { id: 1 } }, { after: { id: 1 } }],
    ['a text in the place of an object', { after: { id: 1 } }, { after: 'x' }, { after: 'x' }],
  ])('keeps of a body only %s', (_what, body, changed, kept) => {
    const begun = { ...first, json: body }
    const packed = packRequest({ ...begun, json: changed }, begun, none)
    expect(packed).toEqual({ params: {}, json: kept })
    expect(unpackRequest(stored(packed), begun, none).json).toEqual(changed)
  })

  it('keeps of a form only the fields that changed', () => {
    const { json: _json, ...rest } = first
    const begun = { ...rest, data: { q: 'all', api_key: 'secret-value', offset: 0 } }
    const next = { ...begun, data: { ...begun.data, offset: 2 } }
    const packed = packRequest(next, begun, none)
    expect(packed).toEqual({ params: {}, data: { offset: 2 } })
    expect(unpackRequest(stored(packed), begun, none)).toEqual(next)
  })
})

describe('a secret that the API has written into a request', () => {
  const secret = 'k/e y+ü=1%2F'
  const newSecret = 'N?w&#ü'
  const written: Record<string, PageRequest> = {
    'the query of a link': { ...first, url: `https://a.example/x?after=9&key=${encodeURIComponent(secret)}`, params: {} },
    'the query of a link, as a form': { ...first, url: `https://a.example/x?${new URLSearchParams({ key: secret })}` },
    'the query of a link, in lower case': {
      ...first,
      url: `https://a.example/x?key=${encodeURIComponent(secret).replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())}`,
    },
    'the path of a link': { ...first, url: `https://a.example/${encodeURIComponent(secret)}/x` },
    'a parameter': { ...first, params: { ...first.params, key: secret, list: ['a', `Key ${secret}`] } },
    'a body': { ...first, json: { query: 'all', auth: { key: secret }, list: [secret] } },
    'a position': { ...first, position: { next: `x?${secret}` } },
  }

  it.each(Object.keys(written))('is not kept, and comes back: %s', (place) => {
    const made = written[place]!
    const packed = stored(packRequest(made, first, knowing('other', secret)))
    const text = JSON.stringify(packed)
    for (const form of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)])
      expect(text.toLowerCase()).not.toContain(form.toLowerCase())
    const again = unpackRequest(packed, first, knowing('other', secret))
    expect(readable(again)).toEqual(readable(made))
    const rotated = unpackRequest(packed, first, knowing('other', newSecret))
    expect(JSON.stringify(readable(rotated))).toBe(
      JSON.stringify(readable(made)).replaceAll(JSON.stringify(secret).slice(1, -1), JSON.stringify(newSecret).slice(1, -1)),
    )
  })

  /** With the URL as its parts, whatever its encoding. */
  const readable = ({ url, ...rest }: PageRequest) => {
    const { origin, pathname, searchParams } = new URL(url)
    return { ...rest, origin, path: pathname.split('/').map(decodeURIComponent), query: [...searchParams] }
  }
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PageRequest, ParamValue } from '../http/request.ts'
import { offset } from '../paginate/offset.ts'
import { packRequest, unpackRequest } from './pending.ts'

const first: PageRequest = {
  method: 'POST',
  url: 'https://a.example/x',
  params: { since: '2026-01-01', tags: ['a', 'b'] },
  headers: { 'X-Token': 'secret-value' },
  json: { query: 'all' },
}

const paramValue: fc.Arbitrary<ParamValue> = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.array(fc.string()),
)
const request: fc.Arbitrary<PageRequest> = fc
  .record(
    {
      url: fc.webUrl(),
      params: fc.dictionary(
        fc.string().filter((name) => name !== '__proto__'),
        paramValue,
        { noNullPrototype: true },
      ),
      json: fc.dictionary(fc.string(), fc.integer(), { noNullPrototype: true }),
      position: fc.record({ offset: fc.nat() }),
      rereads: fc.boolean(),
    },
    { requiredKeys: ['params'], noNullPrototype: true },
  )
  // A paginator adds parameters or changes them, and never takes one away.
  .map(({ params, ...changes }) => ({ ...first, ...changes, params: { ...first.params, ...params } }))

describe('a pending request', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(request, (made) => {
        expect(unpackRequest(packRequest(made, first), first)).toEqual(made)
        const stored = JSON.parse(JSON.stringify(packRequest(made, first)))
        expect(unpackRequest(stored, first)).toEqual(made)
      }),
    )
  })

  it('keeps only what differs from the first request, and no header', () => {
    const paginator = offset({ limit: 2 })
    const begun = paginator.first(first)
    const page = { request: begun, status: 200, headers: {}, bytes: 0, body: {}, records: [1, 2], mayRepeat: false }
    const [next] = [...paginator.next(page)]
    expect(packRequest(next!, first)).toEqual({ params: { offset: 2, limit: 2 }, position: { offset: 2, step: 2 } })
    expect(packRequest(next!, begun)).toEqual({ params: { offset: 2 }, position: { offset: 2, step: 2 } })
  })

  it('takes host, headers and options of the run that goes on', () => {
    const packed = packRequest({ ...first, params: { ...first.params, page: 2 } }, first)
    const moved = { ...first, url: 'https://b.example/x', headers: { 'X-Token': 'new' } }
    expect(unpackRequest(packed, moved)).toEqual({ ...moved, params: { ...first.params, page: 2 } })
  })
})

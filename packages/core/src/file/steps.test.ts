import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { compileSteps } from '../extract/steps.ts'
import type { JsonValue } from '../http/request.ts'
import { connectorFromData } from './connector.ts'

function apply(steps: unknown, records: JsonValue[], options: Record<string, string> = {}): readonly JsonValue[] {
  const data = {
    client: { base_url: 'https://api.example.com' },
    resources: [{ name: 'items', processing_steps: steps }],
  }
  const { items } = connectorFromData(data, { name: 'shop' })(options).resources
  return compileSteps('shop.items', items!.processingSteps!)(records, 0)
}

const hash = (text: string, salt: string): string => createHmac('sha256', salt).update(text).digest('hex')
const person = { id: 1, name: 'Ada', contact: { email: 'ada@example.com', phone: null }, tags: ['x'] }

describe('drop and rename', () => {
  it.each<[string, unknown, JsonValue, JsonValue]>([
    [
      'drop [step.drop]',
      { drop: ['name', 'contact.email', 'not.there'] },
      person,
      { id: 1, contact: { phone: null }, tags: ['x'] },
    ],
    ['drop an object [step.drop]', { drop: ['contact'] }, person, { id: 1, name: 'Ada', tags: ['x'] }],
    ['drop through what is no object [step.drop]', { drop: ['tags.0', 'name.x', 'contact.phone.x'] }, person, person],
    [
      'rename [step.rename]',
      { rename: { name: 'first_name', nothing: 'else' } },
      { name: 'Ada', id: 1 },
      { first_name: 'Ada', id: 1 },
    ],
    ['rename beside [step.rename]', { rename: { 'a.b': 'a.c' } }, { a: { b: 1, d: 2 } }, { a: { c: 1, d: 2 } }],
    ['rename out of an object [step.rename]', { rename: { 'a.b': 'b' } }, { a: { b: 1, d: 2 } }, { a: { d: 2 }, b: 1 }],
    ['rename into an object [step.rename]', { rename: { b: 'a.b.c' } }, { b: null, a: { b: 1 } }, { a: { b: { c: null } } }],
    ['rename onto a field that is there [step.rename]', { rename: { a: 'b' } }, { a: 1, b: 2, c: 3 }, { b: 1, c: 3 }],
    ['rename into what is no object [step.rename]', { rename: { a: 'x.y' } }, { a: 1, x: 5 }, { x: { y: 1 } }],
    ['a record that is no object stays [step.drop]', { drop: ['a'] }, 'text', 'text'],
  ])('%s', (_what, step, record, expected) => {
    const before = structuredClone(record)
    const [result] = apply([step], [record])
    expect(result).toEqual(expected)
    expect(Object.keys(Object(result))).toEqual(Object.keys(Object(expected)))
    // A parent's record is that of all its children.
    expect(record).toEqual(before)
  })

  it('run in their order [step.order]', () => {
    const steps = [{ rename: { a: 'b' } }, { drop: ['a'] }, { filter: { field: 'b', exists: true } }, { rename: { b: 'a' } }]
    expect(apply(steps, [{ a: 1 }, { c: 1 }])).toEqual([{ a: 1 }])
  })
})

describe('mask', () => {
  it('hashes with a key, the same for the same value [step.mask.hash]', () => {
    const steps = [{ mask: { 'contact.email': 'hash', id: 'hash', 'contact.phone': 'hash', gone: 'hash' }, salt: 'pepper' }]
    const [one, other] = apply(steps, [person, person]) as { [key: string]: JsonValue }[]
    expect(one).toEqual({
      ...person,
      id: hash('1', 'pepper'),
      contact: { email: hash('ada@example.com', 'pepper'), phone: null },
    })
    expect(other).toEqual(one)
  })

  it('takes the salt from a variable, which is a secret [step.mask.salt]', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as it is written in a file
    const steps = [{ mask: { name: 'hash' }, salt: '${MASK_SALT}' }]
    expect(apply(steps, [{ name: 'Ada' }], { MASK_SALT: 'one' })).toEqual([{ name: hash('Ada', 'one') }])
    const data = { client: { base_url: 'https://x.test' }, resources: [{ name: 'a', processing_steps: steps }] }
    expect(connectorFromData(data, { name: 'x' }).connector.optionInfos).toMatchObject([{ name: 'MASK_SALT', secret: true }])
  })

  it('redacts whatever is there [step.mask.redact]', () => {
    const steps = [{ mask: { name: 'redact', tags: 'redact', 'contact.phone': 'redact' } }]
    expect(apply(steps, [person])).toEqual([{ ...person, name: '[redacted]', tags: '[redacted]' }])
  })

  it('hashes integers of any size, with all their digits [step.mask.hash]', () => {
    const big = 9_007_199_254_740_993n
    expect(apply([{ mask: { n: 'hash' }, salt: 's' }], [{ n: big }])).toEqual([{ n: hash('9007199254740993', 's') }])
  })
})

describe('filter', () => {
  const records: JsonValue[] = [
    { id: 1, status: 'open', at: '2026-01-01T00:00:00Z', meta: { n: 5 } },
    { id: 2, status: null, at: '2026-01-02T01:00:00+01:00', meta: { n: 10n } },
    { id: 3, at: '2026-01-03T00:00:00Z', meta: {} },
  ]

  it.each<[string, object, number[]]>([
    ['equals', { field: 'status', equals: 'open' }, [1]],
    ['equals null, or missing', { field: 'status', equals: null }, [2, 3]],
    ['equals a number, however it was read', { field: 'meta.n', equals: 10 }, [2]],
    ['equals an object', { field: 'meta', equals: {} }, [3]],
    ['not_equals', { field: 'status', not_equals: 'open' }, [2, 3]],
    ['in', { field: 'id', in: [1, 3, '2'] }, [1, 3]],
    ['exists', { field: 'status', exists: true }, [1]],
    ['exists not', { field: 'meta.n', exists: false }, [3]],
    ['greater_than', { field: 'meta.n', greater_than: 5 }, [2]],
    ['less_than', { field: 'meta.n', less_than: 10 }, [1]],
    ['times, whatever their zone', { field: 'at', greater_than: '2026-01-01T12:00:00Z', less_than: '2026-01-02T12:00:00Z' }, [2]],
    ['all conditions', { field: 'id', greater_than: 1, not_equals: 2 }, [3]],
  ])('%s [step.filter]', (_what, filter, ids) => {
    expect((apply([{ filter }], records) as { id: number }[]).map(({ id }) => id)).toEqual(ids)
  })

  it('names the record that it cannot put in order [step.filter.order]', () => {
    const steps = [{ filter: { field: 'meta', greater_than: 5 } }]
    expect(() => apply(steps, records)).toThrow(
      /step 1 \(filter\) failed at record 1.*: meta is an object, which is neither more nor less than 5/,
    )
  })
})

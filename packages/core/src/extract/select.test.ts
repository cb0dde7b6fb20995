import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../http/request.ts'
import { compileSelector, detectSelector } from './select.ts'

const item = { id: 1 }
const other = { id: 2 }

describe('compileSelector', () => {
  it.each<[string, JsonValue, readonly JsonValue[] | undefined]>([
    ['$', [item, other], [item, other]],
    ['$', item, [item]],
    ['', [item], [item]],
    ['$', [item], [item]],
    ['$', null, []],
    ['data', { data: [item, other] }, [item, other]],
    ['data', { data: [] }, []],
    ['data', { data: null }, []],
    ['data', { data: item }, [item]],
    ['data', { other: [item] }, undefined],
    ['data', [item], undefined],
    ['data', null, undefined],
    ['a.b-c.d_1', { a: { 'b-c': { d_1: [item] } } }, [item]],
    ['a.b', { a: [{ b: 1 }] }, undefined],
    ['$.data', { data: [item] }, [item]],
    ['$.data[*]', { data: [item, other] }, [item, other]],
    ['result.items[*]', { result: { items: [item, other] } }, [item, other]],
    ['[*].data', [{ data: item }, { data: other }], [item, other]],
    ['[0].data', [{ data: [item, other] }], [item, other]],
    ["$['odd key']", { 'odd key': [item] }, [item]],
    ['$..rows', { a: { rows: [item, other] } }, [item, other]],
    ['items[?@.id > 1]', { items: [item, other, { id: 3 }] }, [other, { id: 3 }]],
    ['items[?@.id == 1]', { items: [item, other] }, [item]],
    ['items[-1:]', { items: [item, other] }, [other]],
    ['data[*].id', { data: [item, other] }, [1, 2]],
    ['data[*]', { other: [] }, undefined],
    ['toString', { data: [] }, undefined],
  ])('%s of %j [detect.selector.explicit]', (selector, body, expected) => {
    expect(compileSelector(selector)(body)).toEqual(expected)
  })

  it.each<[string, JsonValue]>([
    ['data[*]', { data: [] }],
    ['$.result.items[*]', { result: { items: [] } }],
  ])('%s of the empty list in %j is no records, and no missing match', (selector, body) => {
    expect(compileSelector(selector)(body)).toEqual([])
  })

  it('keeps long integers', () => {
    const body = { data: [{ id: 12_345_678_901_234_567_890n }] }
    expect(compileSelector('$.data[*]')(body)).toEqual(body.data)
  })

  it.each(['$.[', 'data[', 'data[*', '$..', 'a b', 'data[?]'])(
    'refuses the selector %s [detect.selector.malformed]',
    (selector) => {
      expect(() => compileSelector(selector)).toThrow(
        expect.objectContaining({
          code: 'SELECTOR_INVALID',
          recovery: 'fix-config',
          message: expect.stringContaining(JSON.stringify(selector)),
        }),
      )
    },
  )

  it.each<[string, JsonValue, RegExp]>([
    ['data', { data: 'nothing found' }, /At data .*string "nothing found"/],
    ['data', { data: 5 }, /number "5"/],
    ['$', true, /At \$ .*boolean "true"/],
    ['data[0]', { data: ['x'] }, /string "x"/],
  ])('%s of %j is no list of records', (selector, body, message) => {
    expect(() => compileSelector(selector)(body)).toThrow(
      expect.objectContaining({ code: 'RECORDS_INVALID', recovery: 'fix-data', message: expect.stringMatching(message) }),
    )
  })
})

describe('detectSelector', () => {
  const list = [item]
  it.each<[string, JsonValue, string, readonly JsonValue[]]>([
    ['a body that is a list [detect.selector.list-body]', [item, other], '$', [item, other]],
    ['an empty list [detect.selector.list-body]', [], '$', []],
    ['a list under a well-known key', { data: list }, 'data', list],
    [
      'a well-known key before another list [detect.selector.well-known]',
      { errors: [], links: [1], results: list },
      'results',
      list,
    ],
    [
      'a well-known key that is deeper [detect.selector.well-known]',
      { tags: ['x'], page: { content: list } },
      'page.content',
      list,
    ],
    ['the first of several well-known keys [detect.selector.well-known]', { items: list, data: [other] }, 'items', list],
    ['a list three keys deep [detect.selector.depth]', { a: { b: { c: list } } }, 'a.b.c', list],
    ['the first list, where no key is known [detect.selector.first]', { a: { posts: list }, other: [other] }, 'a.posts', list],
    ['an empty list [detect.selector.first]', { posts: [], next: null }, 'posts', []],
    [
      'no list four keys deep [detect.selector.depth]',
      { a: { b: { c: { data: list } } } },
      '$',
      [{ a: { b: { c: { data: list } } } }],
    ],
    ['no list inside of a list', { a: list, b: 1 }, 'a', list],
    ['the body as one row [detect.selector.one-row]', { id: 1, meta: { a: 'b' } }, '$', [{ id: 1, meta: { a: 'b' } }]],
    ['an empty body as one row [detect.selector.one-row]', {}, '$', [{}]],
    ['a well-known key that holds no list [detect.selector.one-row]', { data: { id: 1 } }, '$', [{ data: { id: 1 } }]],
    ['a key that a dotted path cannot have', { 'my posts': { '@x."y"': list } }, '$["my posts"]["@x.\\"y\\""]', list],
  ])('finds %s', (_what, body, selector, records) => {
    expect(detectSelector(body)).toBe(selector)
    expect(compileSelector(selector)(body)).toEqual(records)
  })

  it.each(['data', 'items', 'results', 'entries', 'records', 'rows', 'entities', 'payload', 'content', 'objects', 'values'])(
    'knows %s [detect.selector.well-known]',
    (key) => {
      expect(detectSelector({ first: [0], [key]: [item] })).toBe(key)
    },
  )
})

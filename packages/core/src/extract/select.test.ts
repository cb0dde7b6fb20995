import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../http/request.ts'
import { compileSelector } from './select.ts'

const item = { id: 1 }
const other = { id: 2 }

describe('compileSelector', () => {
  it.each<[string | undefined, JsonValue, readonly JsonValue[] | undefined]>([
    [undefined, [item, other], [item, other]],
    [undefined, item, [item]],
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
  ])('%s of %j', (selector, body, expected) => {
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

  it.each(['$.[', 'data[', 'data[*', '$..', 'a b', 'data[?]'])('refuses the selector %s', (selector) => {
    expect(() => compileSelector(selector)).toThrow(
      expect.objectContaining({
        code: 'SELECTOR_INVALID',
        recovery: 'fix-config',
        message: expect.stringContaining(JSON.stringify(selector)),
      }),
    )
  })

  it.each<[string | undefined, JsonValue, RegExp]>([
    ['data', { data: 'nothing found' }, /At data .*string "nothing found"/],
    ['data', { data: 5 }, /number "5"/],
    [undefined, true, /At \$ .*boolean "true"/],
    ['data[0]', { data: ['x'] }, /string "x"/],
  ])('%s of %j is no list of records', (selector, body, message) => {
    expect(() => compileSelector(selector)(body)).toThrow(
      expect.objectContaining({ code: 'RECORDS_INVALID', recovery: 'fix-data', message: expect.stringMatching(message) }),
    )
  })
})

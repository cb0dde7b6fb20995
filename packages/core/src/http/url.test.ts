import { describe, expect, it } from 'vitest'
import type { ParamValue } from './request.ts'
import { joinUrl, requestUrl, sentParam } from './url.ts'

describe('joinUrl', () => {
  it.each([
    ['https://a.example/v1', 'things', 'https://a.example/v1/things'],
    ['https://a.example/v1/', 'things', 'https://a.example/v1/things'],
    ['https://a.example/v1', '/things', 'https://a.example/v1/things'],
    ['https://a.example/v1//', '//things/', 'https://a.example/v1/things/'],
    ['https://a.example/v1/', '', 'https://a.example/v1/'],
    ['https://a.example/v1', '', 'https://a.example/v1'],
    ['https://a.example/v1', 'things?sort=id', 'https://a.example/v1/things?sort=id'],
    ['https://a.example/v1', 'https://b.example/x', 'https://b.example/x'],
    ['https://a.example/v1', 'HTTP://b.example/x', 'HTTP://b.example/x'],
    ['https://a.example', 'https-things', 'https://a.example/https-things'],
    ['https://a.example/v1/?key=1', 'things', 'https://a.example/v1/things?key=1'],
    ['https://a.example/v1?key=1', '/things?sort=id#top', 'https://a.example/v1/things?sort=id&key=1'],
    ['https://a.example/v1?key=1', '', 'https://a.example/v1?key=1'],
    ['https://a.example/v1#top', 'things', 'https://a.example/v1/things'],
    ['https://a.example/v1?', 'things', 'https://a.example/v1/things'],
  ])('%s + %s [endpoint.join]', (base, path, expected) => {
    expect(joinUrl(base, path)).toBe(expected)
  })
})

describe('requestUrl', () => {
  it.each<[string, string, Record<string, ParamValue>, string]>([
    ['merges with the query of the path', 'https://a.example/x?sort=id', { page: 2 }, '?sort=id&page=2'],
    ['lets params win', 'https://a.example/x?page=1&sort=id&page=9', { page: 2 }, '?sort=id&page=2'],
    ['repeats the key of a list', 'https://a.example/x', { tag: ['a', 'b', 1, true] }, '?tag=a&tag=b&tag=1&tag=true'],
    ['drops null and undefined', 'https://a.example/x', { a: null, b: undefined, c: 0 }, '?c=0'],
    ['lets null take a parameter out of the query', 'https://a.example/x?a=1&b=2', { a: null }, '?b=2'],
    ['writes booleans', 'https://a.example/x', { a: true, b: false }, '?a=true&b=false'],
    ['writes every digit of a bigint', 'https://a.example/x', { a: 12_345_678_901_234_567_890n }, '?a=12345678901234567890'],
    ['sends an empty text', 'https://a.example/x', { a: '' }, '?a='],
    ['sends nothing for an empty list', 'https://a.example/x', { a: [] }, ''],
    ['encodes what would break out', 'https://a.example/x', { 'a&b': 'c=d&e #f/é' }, '?a%26b=c%3Dd%26e+%23f%2F%C3%A9'],
    ['puts the query before a fragment', 'https://a.example/x#part', { a: 1 }, '?a=1'],
  ])('%s', (_what, url, params, search) => {
    expect(requestUrl({ url, params }).search).toBe(search)
  })

  it('leaves a URL without parameters as it is', () => {
    expect(requestUrl({ url: 'https://a.example/x?q=a%20b', params: {} }).href).toBe('https://a.example/x?q=a%20b')
  })
})

describe('sentParam', () => {
  it.each<[string, string | undefined]>([
    ['limit', '5'],
    ['sort', 'id'],
    ['page', undefined],
    ['none', undefined],
  ])('%s', (name, expected) => {
    expect(sentParam({ url: 'https://a.example/x?sort=id&limit=1&page=3', params: { limit: 5, page: null } }, name)).toBe(
      expected,
    )
  })
})

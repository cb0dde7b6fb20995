import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Endpoint } from '../connector/resource.ts'
import { compileRequest } from '../extract/request-template.ts'
import { connectorFromData } from './connector.ts'
import { findVariables, substitute } from './variables.ts'

const fail = (): never => {
  throw new Error('nothing is wrong here')
}

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: as they are written in a file
describe('variables', () => {
  it.each<[string, string, string]>([
    ['alone', '${A}', 'one'],
    ['inside of a text', 'x-${A}/${B_2}-${A}', 'x-one/two-one'],
    ['a literal', '$${A}', '${A}'],
    ['a literal beside one', '$${A}${A}', '${A}one'],
    ['dollars and braces alone', '$A {A} $ {A} $$', '$A {A} $ {A} $$'],
    ['one that holds another is not looked at again', '${LOOP}', '${A}'],
  ])('%s [file.variables.texts]', (_what, text, expected) => {
    expect(substitute({ client: [text] }, { A: 'one', B_2: 'two', LOOP: '${A}' })).toEqual({ client: [expected] })
  })

  it('stand in keys too, and in texts alone of all values [file.variables.texts]', () => {
    expect(substitute({ '${A}': 1, a: [true, null, 5n] }, { A: 'one' })).toEqual({ one: 1, a: [true, null, 5n] })
  })

  it('are options of the connector, each once, in their order [file.variables.options]', () => {
    const data = {
      client: { base_url: '${URL}', auth: { token: '${TOKEN}' }, headers: { 'X-Tenant': '${TENANT}' } },
      resources: [{ name: 'a', endpoint: { path: '/v1/${TENANT}/${PART}' } }],
    }
    expect(connectorFromData(data, { name: 'shop' }).connector.optionInfos).toEqual([
      { name: 'URL', variable: 'URL', required: true, secret: false },
      { name: 'TOKEN', variable: 'TOKEN', required: true, secret: true },
      { name: 'TENANT', variable: 'TENANT', required: true, secret: true },
      { name: 'PART', variable: 'PART', required: true, secret: false },
    ])
  })

  it.each<[string, (text: string) => unknown, boolean]>([
    ['a token', (text) => ({ client: { auth: { token: text } } }), true],
    ['a user name', (text) => ({ client: { auth: { username: text } } }), true],
    ['a field of the token request', (text) => ({ client: { auth: { access_token_request_data: { code: text } } } }), true],
    ['a header', (text) => ({ client: { headers: { X: text } } }), true],
    ['a param', (text) => ({ resources: [{ endpoint: { params: { q: text } } }] }), true],
    ['an item of a param', (text) => ({ resources: [{ endpoint: { params: { q: [text] } } }] }), true],
    ['a JSON body', (text) => ({ resources: [{ endpoint: { json: { a: { b: text } } } }] }), true],
    ['a form', (text) => ({ resource_defaults: { endpoint: { data: { a: text } } } }), true],
    ['a body of text', (text) => ({ resources: [{ endpoint: { data: text } }] }), true],
    ['a salt', (text) => ({ resources: [{ processing_steps: [{ salt: text }] }] }), true],
    ['a name of a header', (text) => ({ client: { headers: { [text]: 'x' } } }), true],
    ['the query of a path', (text) => ({ resources: [{ endpoint: { path: `a?key=${text}` } }] }), true],
    ['the query of a path that is the endpoint', (text) => ({ resources: [{ endpoint: `a?key=${text}` }] }), true],
    ['the query of a name that is the path', (text) => ({ resources: [`a?key=${text}`] }), true],
    ['the query of base_url', (text) => ({ client: { base_url: `https://a.example?key=${text}` } }), true],
    ['base_url', (text) => ({ client: { base_url: text } }), false],
    ['a path', (text) => ({ resources: [{ endpoint: { path: text } }] }), false],
    ['the address of a token', (text) => ({ client: { auth: { access_token_url: text } } }), false],
    ['an origin', (text) => ({ client: { auth: { origins: [text] } } }), false],
    ['where a cursor starts', (text) => ({ resources: [{ endpoint: { params: { since: { initial_value: text } } } }] }), false],
  ])('are secret where they may be credentials: %s [file.variables.secret]', (_what, data, secret) => {
    expect(findVariables(data('x${NAME}y'), fail)).toEqual([{ name: 'NAME', variable: 'NAME', required: true, secret }])
  })

  it('that are secret in one place are secret in all [file.variables.secret]', () => {
    const data = { client: { base_url: '${X}', auth: { token: '${X}' } }, resources: ['${X}'] }
    expect(findVariables(data, fail)).toMatchObject([{ secret: true }])
  })

  it('bring no placeholders along: a brace in a value is a brace [file.variables.braces]', () => {
    const value = '{resources.a.id} }{ {{'
    const data = {
      client: { base_url: 'https://api.example.com' },
      resources: [
        {
          name: 'a',
          endpoint: {
            path: 'x/${V}/y',
            method: 'POST',
            params: { q: '${V}', list: ['${V}'] },
            headers: { H: '${V}' },
            json: { deep: [{ v: '${V}' }] },
          },
        },
      ],
    }
    const { path, ...endpoint } = connectorFromData(data, { name: 'x' })({ V: value }).resources.a!.endpoint as Endpoint
    const request = compileRequest('x.a', {
      method: 'POST',
      url: `https://x.test/${path}`,
      params: {},
      headers: {},
      ...(endpoint as object),
    })
    expect(request.placeholders).toEqual([])
    expect(request.bind(() => undefined)).toMatchObject({
      params: { q: value, list: [value] },
      headers: { H: value },
      json: { deep: [{ v: value }] },
    })
  })

  it('that stand there literally are no placeholders either [file.variables.braces]', () => {
    const data = {
      client: { base_url: 'https://api.example.com' },
      resources: [{ name: 'a', endpoint: { path: 'x/$${V}', params: { q: 'a$${V}-${V}-$${{b}}', r: '$${resources.a.id}' } } }],
    }
    const { path, params = {} } = connectorFromData(data, { name: 'x' })({ V: 'v' }).resources.a!.endpoint as Endpoint
    const request = compileRequest('x.a', { method: 'GET', url: `https://x.test/${path}`, params, headers: {} })
    expect(request.placeholders).toEqual([])
    expect(request.bind(() => undefined)).toMatchObject({
      url: 'https://x.test/x/${V}',
      params: { q: 'a${V}-v-${b}', r: '${resources.a.id}' },
    })
  })

  it('give back any value that was put in', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (before, value, after) => {
        const literal = (text: string): string => text.replaceAll('${', '$${')
        // A dollar right before would make the variable a literal.
        fc.pre(!before.endsWith('$'))
        const text = `${literal(before)}\${V}${literal(after)}`
        expect(substitute(text, { V: value })).toBe(before + value + after)
      }),
    )
  })
})

describe('values', () => {
  const factory = connectorFromData(
    { client: { base_url: '${SHOP_URL}', auth: { token: '${SHOP_TOKEN}' } }, resources: ['a'] },
    { name: 'shop', source: './shop.yaml' },
  )
  const all = { SHOP_URL: 'https://api.example.com', SHOP_TOKEN: 't0ken-of-mine' }

  it('are taken as they are [file.variables.options]', () => {
    expect(factory(all)).toMatchObject({ options: all, client: { baseUrl: all.SHOP_URL } })
    expect(factory(all).client.auth?.secrets).toEqual([all.SHOP_TOKEN])
  })

  it.each<[string, Record<string, unknown>, RegExp]>([
    [
      'one is not set',
      { SHOP_URL: all.SHOP_URL },
      /^\.\/shop\.yaml needs values: \$\{SHOP_TOKEN\} is not set\..*--set SHOP_TOKEN=…\.$/,
    ],
    ['one is empty', { ...all, SHOP_TOKEN: '' }, /\$\{SHOP_TOKEN\} is not set/],
    ['one is a number', { ...all, SHOP_TOKEN: 5 }, /SHOP_TOKEN should be a text, but is of type number/],
    ['one is misspelled', { ...all, SHOP_TOKN: 'x' }, /it has no variable SHOP_TOKN; did you mean SHOP_TOKEN\?/],
    ['one is quite another', { ...all, OTHER: 'x' }, /it has no variable OTHER; there are SHOP_URL, SHOP_TOKEN/],
  ])('are all needed, and no others: %s [file.variables.unset]', (_what, given, message) => {
    expect(() => factory(given as never)).toThrow(
      expect.objectContaining({ code: 'OPTIONS_INVALID', message: expect.stringMatching(message) }),
    )
  })

  it('that are wrong are not repeated in errors [file.variables.secret]', () => {
    const token = 'Bearer t0ken-of-mine'
    expect(() => factory({ ...all, SHOP_TOKEN: token })).toThrow(/client\.auth: .*begins with the word Bearer/)
    expect(() => factory({ ...all, SHOP_TOKEN: token })).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('t0ken') }),
    )
    expect(() => factory({ ...all, SHOP_URL: 'ftp://me:pass@host' })).toThrow(/client\.base_url: expected an absolute URL/)
  })
})
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: as they are written in a file

import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { isTributaryError } from '../errors.ts'
import { environmentVariable, optionInfos, parseOptions, secret, url } from './options.ts'

const schema = v.object({
  baseUrl: v.pipe(url(), v.description('Where the API is')),
  apiKey: secret(),
  region: v.optional(v.picklist(['eu', 'us']), 'eu'),
  token: v.optional(secret()),
})

function messageOf(given: unknown): string {
  try {
    parseOptions('service-desk', schema, given)
  } catch (error) {
    if (!isTributaryError(error)) throw error
    expect({ code: error.code, recovery: error.recovery }).toEqual({ code: 'OPTIONS_INVALID', recovery: 'fix-config' })
    return error.message
  }
  throw new Error('the options were accepted')
}

describe('environmentVariable', () => {
  it.each([
    ['ticketing', 'baseUrl', 'TICKETING_BASE_URL'],
    ['ticketing', 'apiKey', 'TICKETING_API_KEY'],
    ['service-desk', 'apiKey', 'SERVICE_DESK_API_KEY'],
    ['a1', 'pageSize2Big', 'A1_PAGE_SIZE2_BIG'],
    ['crm', 'base_url', 'CRM_BASE_URL'],
    ['crm', 'x.y', 'CRM_X_Y'],
    ['crm', 'token', 'CRM_TOKEN'],
  ])('%s, %s → %s', (connector, option, expected) => {
    expect(environmentVariable(connector, option)).toBe(expected)
  })
})

describe('optionInfos', () => {
  it('tells of each option, in order', () => {
    expect(optionInfos('service-desk', schema)).toEqual([
      {
        name: 'baseUrl',
        variable: 'SERVICE_DESK_BASE_URL',
        secret: false,
        required: true,
        description: 'Where the API is',
      },
      { name: 'apiKey', variable: 'SERVICE_DESK_API_KEY', secret: true, required: true },
      { name: 'region', variable: 'SERVICE_DESK_REGION', secret: false, required: false },
      { name: 'token', variable: 'SERVICE_DESK_TOKEN', secret: true, required: false },
    ])
  })

  it.each([
    ['described inside', v.optional(v.pipe(secret(), v.description('inside'))), 'inside'],
    ['described outside', v.pipe(v.optional(secret()), v.description('outside')), 'outside'],
    [
      'described twice: what stands further out counts',
      v.pipe(v.nullish(v.pipe(secret(), v.description('inside'))), v.description('outside')),
      'outside',
    ],
    ['one of several', v.pipe(v.optional(v.union([secret(), v.number()])), v.description('either')), 'either'],
  ])('sees a secret however it is wrapped: %s', (_what, entry, description) => {
    expect(optionInfos('crm', v.object({ key: entry }))).toEqual([
      { name: 'key', variable: 'CRM_KEY', secret: true, required: false, description },
    ])
  })
})

describe('parseOptions', () => {
  it('takes what is right and fills in defaults', () => {
    const given = { baseUrl: 'https://api.example.com/v2', apiKey: 'k' }
    expect(parseOptions('service-desk', schema, given)).toEqual({ ...given, region: 'eu' })
  })

  it.each<[string, unknown, RegExp]>([
    [
      'a missing option, with its variable',
      { baseUrl: 'https://a.example' },
      /apiKey is missing: set SERVICE_DESK_API_KEY, or pass --set apiKey=…/,
    ],
    ['all that is missing at once', {}, /baseUrl is missing: set SERVICE_DESK_BASE_URL.*; apiKey is missing/],
    ['nothing given', undefined, /baseUrl is missing.*apiKey is missing/],
    ['a mistyped option', { baseUrl: 'https://a.example', apiKey: 'k', apikey: 'k' }, /no option apikey; did you mean apiKey\?/],
    [
      'an unknown option',
      { baseUrl: 'https://a.example', apiKey: 'k', colour: 'red' },
      /no option colour \(there are baseUrl, apiKey, region, token\)/,
    ],
    ['a wrong value', { baseUrl: 'https://a.example', apiKey: 'k', region: 'asia' }, /region: .*found "asia"/],
    ['an empty secret', { baseUrl: 'https://a.example', apiKey: '' }, /apiKey: expected a non-empty text/],
  ])('names %s', (_what, given, expected) => {
    const message = messageOf(given)
    expect(message).toMatch(expected)
    expect(message).toContain('service-desk')
  })

  it('never shows a secret', () => {
    expect(messageOf({ baseUrl: 'https://a.example', apiKey: ['hidden-value'] })).not.toContain('hidden-value')
  })
})

describe('url', () => {
  it.each([
    ['https://api.example.com', true],
    ['http://127.0.0.1:8080/v1', true],
    ['HTTPS://API.EXAMPLE.COM', true],
    ['api.example.com', false],
    ['/v1', false],
    ['ftp://example.com', false],
    ['javascript:alert(1)', false],
    ['https://user:pass@example.com', false],
    ['https://user@example.com', false],
    ['', false],
  ])('%s: %s', (text, expected) => {
    expect(v.is(url(), text)).toBe(expected)
  })

  it('does not show the password of a refused URL', () => {
    expect(messageOf({ baseUrl: 'https://user:hunter22@a.example', apiKey: 'k' })).not.toContain('hunter22')
  })
})

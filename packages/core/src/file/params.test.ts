import { describe, expect, it } from 'vitest'
import type { Endpoint, Resource } from '../connector/resource.ts'
import { connectorFromData } from './connector.ts'

type Data = Record<string, unknown>

function childOf(endpoint: Data): Resource & { endpoint: Endpoint } {
  const data = {
    client: { base_url: 'https://api.example.com' },
    resources: [{ name: 'shops' }, { name: 'orders', endpoint }],
  }
  return connectorFromData(data, { name: 'shop' })({}).resources.orders as never
}

const resolve = (field: string): Data => ({ type: 'resolve', resource: 'shops', field })

describe('params', () => {
  it.each<[string, Data, { path: string; params?: Data }]>([
    [
      'resolve in the path [endpoint.params.resolve]',
      { path: 'shops/{id}/orders', params: { id: resolve('id'), q: 1 } },
      { path: 'shops/{resources.shops.id}/orders', params: { q: 1 } },
    ],
    [
      'resolve with a nested field [endpoint.params.resolve]',
      { path: 'by/{slug}', params: { slug: resolve('$.info.slug') } },
      { path: 'by/{resources.shops.info.slug}' },
    ],
    [
      'resolve that the path does not name is a parameter [endpoint.params.resolve]',
      { path: 'orders', params: { shop: resolve('id') } },
      { path: 'orders', params: { shop: '{resources.shops.id}' } },
    ],
    [
      'a value for the path, encoded as one segment [endpoint.params.in-path]',
      { path: '{area}/{n}/orders', params: { area: 'a/b ?', n: 7, q: 'a/b' } },
      { path: 'a%2Fb%20%3F/7/orders', params: { q: 'a/b' } },
    ],
    [
      'a placeholder for the path [endpoint.params.in-path]',
      { path: 'x/{where}', params: { where: 'shop {resources.shops.id}' } },
      { path: 'x/shop%20{resources.shops.id}' },
    ],
    ['twice in the path [endpoint.params.in-path]', { path: '{a}/{a}', params: { a: 'x' } }, { path: 'x/x' }],
    [
      'doubled braces stay [endpoint.params.in-path]',
      { path: '{{a}}/x', params: { a: 1 } },
      { path: '{{a}}/x', params: { a: 1 } },
    ],
    [
      'lists and nulls stay as they are [endpoint.params.values]',
      { path: '', params: { a: [1, 'b', true], b: null } },
      { path: '', params: { a: [1, 'b', true], b: null } },
    ],
  ])('%s', (_what, endpoint, expected) => {
    const { path, params } = childOf(endpoint).endpoint
    expect({ path, ...(params !== undefined && { params }) }).toEqual(expected)
  })

  it('of the type incremental are the start of the cursor [file.params.incremental]', () => {
    const since = { type: 'incremental', cursor_path: '$.meta.at', initial_value: '2026-01-01', row_order: 'desc', lag: 60 }
    expect(childOf({ path: 'x', params: { since, q: 1 } })).toMatchObject({
      cursor: 'meta.at',
      endpoint: {
        params: { q: 1 },
        incremental: { startParam: 'since', initialValue: '2026-01-01', rowOrder: 'desc', lag: 60 },
      },
    })
  })

  it('of the type incremental may stand in the path [file.params.incremental]', () => {
    const { endpoint } = childOf({
      path: 'after/{at}',
      params: { at: { type: 'incremental', cursor_path: 'id', initial_value: 0 } },
    })
    expect(endpoint.path).toBe('after/{incremental.start_value}')
  })
})

describe('incremental', () => {
  it('takes all of its fields, and no field that is null [file.incremental.fields]', () => {
    const incremental = {
      cursor_path: 'at',
      initial_value: 1,
      end_value: 9,
      start_param: 'from',
      end_param: 'to',
      convert: 'iso',
      last_value_func: 'max',
      row_order: 'asc',
      range_start: 'open',
      range_end: 'closed',
      lag: 5,
      on_cursor_value_missing: 'include',
    }
    expect(childOf({ incremental }).endpoint.incremental).toEqual({
      initialValue: 1,
      endValue: 9,
      startParam: 'from',
      endParam: 'to',
      convert: expect.any(Function),
      lastValue: 'max',
      rowOrder: 'asc',
      rangeStart: 'open',
      rangeEnd: 'closed',
      lag: 5,
      onCursorValueMissing: 'include',
    })
    const nulls = Object.fromEntries(Object.keys(incremental).map((key) => [key, null]))
    expect(childOf({ incremental: { ...nulls, cursor_path: 'at' } }).endpoint.incremental).toEqual({})
  })

  it('goes down with last_value_func min, its end below its start [file.incremental.fields]', () => {
    const incremental = { cursor_path: 'n', initial_value: 9, end_value: 1, last_value_func: 'min' }
    expect(childOf({ incremental }).endpoint.incremental).toEqual({ initialValue: 9, endValue: 1, lastValue: 'min' })
  })
})

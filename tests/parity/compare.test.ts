import { describe, expect, it } from 'vitest'
import { declaredDifferences, differences, rowCounts, unexpected } from './compare.ts'
import { nestRows } from './nest-rows.ts'
import type { Outcome, ParityCase } from './parity-case.ts'
import { DLT, OURS } from './read-tables.ts'
import { requestLine } from './request-line.ts'

const outcome = (changes: Partial<Outcome> = {}): Outcome => ({
  error: null,
  requests: ['GET /items'],
  tables: { items: [{ id: 1, items__tags: [{ value: 'a' }, { value: 'b' }] }, { id: 2 }] },
  columns: { items: { id: 'BIGINT' }, items__tags: { value: 'VARCHAR' } },
  ...changes,
})

const caseWith = (better: ParityCase['better']): ParityCase => ({
  name: 'x',
  shows: 'x',
  config: {},
  routes: () => ({}),
  ...(better !== undefined && { better }),
})

describe('differences', () => {
  it.each<[string, Partial<Outcome>, string[]]>([
    ['nothing', {}, []],
    ['the order of columns', { columns: { items__tags: { value: 'VARCHAR' }, items: { id: 'BIGINT' } } }, []],
    ['an error', { error: 'broken' }, ['error']],
    ['a request more', { requests: ['GET /items', 'GET /items'] }, ['requests']],
    ['the order of requests', { requests: ['GET /b', 'GET /items'] }, ['requests']],
    ['a row less', { tables: { items: [{ id: 2 }] } }, ['tables']],
    [
      'the order of child rows',
      { tables: { items: [{ id: 1, items__tags: [{ value: 'b' }, { value: 'a' }] }, { id: 2 }] } },
      ['tables'],
    ],
    ['a type', { columns: { items: { id: 'VARCHAR' }, items__tags: { value: 'VARCHAR' } } }, ['columns']],
  ])('%s', (_what, changes, expected) => expect(differences(outcome(changes), outcome())).toEqual(expected))

  it('leaves the texts of two errors alone', () => {
    expect(differences(outcome({ error: 'a' }), outcome({ error: 'b' }))).toEqual([])
  })
})

describe('declared differences', () => {
  it('are the aspects that either side names', () => {
    const better = { reason: '', ours: { requests: 'free', error: null }, dlt: { tables: {} } } as const
    expect(declaredDifferences(caseWith(better))).toEqual(['error', 'requests', 'tables'])
    expect(declaredDifferences(caseWith(undefined))).toEqual([])
  })
})

describe('unexpected', () => {
  it.each<[string, Parameters<typeof unexpected>[1], number]>([
    ['what was expected', { error: null, requests: ['GET /items'], columns: outcome().columns }, 0],
    ['rows in another order', { tables: { items: [...outcome().tables.items!].reverse() } }, 0],
    ['requests that are left free', { requests: 'free' }, 0],
    ['no error', { error: /broken/ }, 1],
    ['other requests', { requests: [] }, 1],
    ['other rows', { tables: { items: [{ id: 1 }] } }, 1],
    ['all at once', { error: /x/, requests: [], tables: {}, columns: {} }, 4],
  ])('%s', (_what, expected, count) => expect(unexpected(outcome(), expected)).toHaveLength(count))

  it('tells of an error that should not be', () => {
    expect(unexpected(outcome({ error: 'broken' }), { error: null })).toEqual(['an error: broken'])
    expect(unexpected(outcome({ error: 'broken' }), { error: /broken/ })).toEqual([])
  })
})

it('counts rows of child tables, and tables without rows', () => {
  const columns = { ...outcome().columns, empty: { id: 'BIGINT' } }
  expect(rowCounts(outcome({ columns }))).toEqual({ items: 2, items__tags: 2, empty: 0 })
})

describe('nested rows', () => {
  const ours = new Map([
    [
      'items',
      {
        columns: { id: 'BIGINT', gone: 'VARCHAR', doc: 'JSON', _sync_id: 'VARCHAR', _sync_load_id: 'BIGINT' },
        rows: [
          { id: 2, gone: null, doc: '{"b": 1, "a": 2}', _sync_id: '2', _sync_load_id: 1 },
          { id: 1, gone: null, doc: null, _sync_id: '1', _sync_load_id: 1 },
        ],
      },
    ],
    [
      'items__tags',
      {
        columns: {
          value: 'VARCHAR',
          _sync_id: 'VARCHAR',
          _sync_parent_id: 'VARCHAR',
          _sync_root_id: 'VARCHAR',
          _sync_index: 'BIGINT',
        },
        rows: [
          { value: 'second', _sync_id: '1.tags.1', _sync_parent_id: '1', _sync_root_id: '1', _sync_index: 1 },
          { value: 'first', _sync_id: '1.tags.0', _sync_parent_id: '1', _sync_root_id: '1', _sync_index: 0 },
        ],
      },
    ],
  ])
  const theirs = new Map([
    [
      'items',
      {
        columns: { doc: 'JSON', id: 'BIGINT', gone: 'VARCHAR', _dlt_id: 'VARCHAR', _dlt_load_id: 'VARCHAR' },
        rows: [
          { id: 1, _dlt_id: 'x', _dlt_load_id: '1', doc: null, gone: null },
          { id: 2, _dlt_id: 'y', _dlt_load_id: '1', doc: '{"b":1,"a":2}', gone: null },
        ],
      },
    ],
    [
      'items__tags',
      {
        columns: { value: 'VARCHAR', _dlt_id: 'VARCHAR', _dlt_parent_id: 'VARCHAR', _dlt_list_idx: 'BIGINT' },
        rows: [
          { value: 'first', _dlt_id: 'p', _dlt_parent_id: 'x', _dlt_list_idx: 0 },
          { value: 'second', _dlt_id: 'q', _dlt_parent_id: 'x', _dlt_list_idx: 1 },
        ],
      },
    ],
  ])

  it('are the same whatever a side calls its ids, and in whatever order its rows come', () => {
    const nested = nestRows(ours, OURS)
    expect(nested.tables).toEqual({
      items: [
        { doc: { a: 2, b: 1 }, id: 2 },
        { id: 1, items__tags: [{ value: 'first' }, { value: 'second' }] },
      ],
    })
    expect(nested.columns).toEqual({ items: { doc: 'JSON', gone: 'VARCHAR', id: 'BIGINT' }, items__tags: { value: 'VARCHAR' } })
    expect(differences(outcome(nested), outcome(nestRows(theirs, DLT)))).toEqual([])
  })

  it('do not lose a child row whose parent is not there', () => {
    const orphaned = new Map(theirs).set('items', { ...theirs.get('items')!, rows: [] })
    expect(() => nestRows(orphaned, DLT)).toThrow('2 child rows have no parent row')
  })
})

describe('a request as a line', () => {
  const request = { method: 'GET', path: '/items', query: new URLSearchParams(), params: {}, headers: {}, body: '' }

  it.each([
    ['nothing more', {}, 'GET /items'],
    ['a query, in the order of names but not of values', { query: new URLSearchParams('b=1&a=2&b=0') }, 'GET /items?a=2&b=1&b=0'],
    ['chosen headers', { headers: { 'x-a': '1', 'x-c': '3' } }, 'GET /items'],
    ['JSON, in the order of keys', { body: '{"b": {"d": 1, "c": 2}, "a": [2, 1]}' }, 'GET /items {"a":[2,1],"b":{"c":2,"d":1}}'],
    ['a form, in the order of names', { body: 'b=1&a=2' }, 'GET /items a=2&b=1'],
  ])('%s', (_what, changes, line) => expect(requestLine({ ...request, ...changes })).toBe(line))

  it('shows the headers that are asked for', () => {
    expect(requestLine({ ...request, headers: { 'x-a': '1' } }, ['x-a', 'x-b'])).toBe('GET /items x-a: 1 x-b: (none)')
  })
})

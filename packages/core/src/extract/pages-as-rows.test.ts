import { afterEach, describe, expect, it } from 'vitest'
import type { JsonValue } from '../http/request.ts'
import { auto } from '../paginate/auto.ts'
import { cursor } from '../paginate/cursor.ts'
import { jsonLink } from '../paginate/json-link.ts'
import { offset } from '../paginate/offset.ts'
import { pageNumber } from '../paginate/page-number.ts'
import type { Paginator } from '../paginate/paginator.ts'
import { type Answer, closeServers, type Options, readResource } from './testing/read-resource.ts'

afterEach(closeServers)

const all = Array.from({ length: 6 }, (_, index) => ({ id: index + 1, name: `n${index}` }))
const two = (page: number): JsonValue[] => all.slice(page * 2, page * 2 + 2)
const read = (answer: Answer, options: Options) => readResource(answer, options, { asRows: true })
const LATER_ONES = [false, true, true]

describe('pages are read as rows once their keys are known', () => {
  it.each<[string, Paginator, Answer]>([
    ['an offset and a total', offset({ limit: 2 }), (query) => ({ data: two(Number(query.get('offset')) / 2), total: 6 })],
    [
      'page numbers and a flag',
      pageNumber({ totalPath: null, hasMorePath: 'meta.more' }),
      (query) => ({ data: two(Number(query.get('page'))), meta: { more: Number(query.get('page')) < 2 } }),
    ],
    [
      'a link behind the records',
      jsonLink({ nextUrlPath: 'links.next' }),
      (query) => {
        const page = Number(query.get('p') ?? 0)
        return { data: two(page), links: { next: page < 2 ? `/things?p=${page + 1}` : null } }
      },
    ],
    [
      'a cursor that is in the last record',
      cursor({ cursorPath: '$.data[-1:].id', stopAfterEmptyPage: true }),
      (query) => ({ data: two(Number(query.get('cursor') ?? 0) / 2) }),
    ],
    [
      'a cursor that is in the first record',
      cursor({ cursorPath: 'data.1.id', stopAfterEmptyPage: true }),
      (query) => ({ data: two(Number(query.get('cursor') ?? 0) / 2) }),
    ],
    [
      'what the first page shows',
      auto(),
      (query) => {
        const page = Number(query.get('p') ?? 0)
        return { data: two(page), next: page < 2 ? `/things?p=${page + 1}` : null }
      },
    ],
  ])('with %s [scan.pages]', async (_what, paginator, answer) => {
    const { records, scanned, warnings } = await read(answer, { on: { paginator } })
    expect([records, warnings]).toEqual([all, []])
    expect(scanned.slice(0, 3)).toEqual(LATER_ONES)
  })

  it('that are lists without anything around them [scan.pages]', async () => {
    const answer: Answer = (query) => two(Number(query.get('offset')) / 2)
    const { records, scanned } = await read(answer, { on: { dataSelector: '$' } })
    expect([records, scanned.slice(0, 3)]).toEqual([all, LATER_ONES])
  })

  it('whose selector is found out by the first of them [scan.pages]', async () => {
    const answer: Answer = (query) => ({ result: { rows: two(Number(query.get('offset')) / 2) }, total: 6 })
    const { records, scanned } = await read(answer, { endpoint: { path: '/things', paginator: offset({ limit: 2 }) } })
    expect([records, scanned]).toEqual([all, LATER_ONES])
  })
})

describe('pages are not read as rows', () => {
  const answer: Answer = (query) => ({ data: two(Number(query.get('offset')) / 2), total: 6, note: 'a-long-secret' })
  const usual: Answer = (query) => ({ data: two(Number(query.get('offset')) / 2), total: 6 })
  const own = offset({ limit: 2 })

  it.each<[string, Answer, Options]>([
    ['where they hold a secret', answer, {}],
    ['where a step changes their records', usual, { processingSteps: [{ map: (record) => record }] }],
    ['where a JSONPath chooses their records', usual, { on: { dataSelector: 'data[*]' } }],
    ['where their order ends the listing', usual, { cursor: 'id' as never, on: { incremental: { rowOrder: 'asc' } } }],
    ['where a paginator of its own may look at them', usual, { on: { paginator: { first: own.first, next: own.next } } }],
  ])('%s [scan.pages]', async (_what, answers, options) => {
    const { records, scanned } = await read(answers, options)
    expect([records, scanned]).toEqual([all, [false, false, false]])
  })
})

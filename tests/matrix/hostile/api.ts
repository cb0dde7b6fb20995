import type { JsonValue } from '@tributary/core'
import { type Handler, jsonResponse, type MockRequest, offsetPages } from '@tributary/testkit'
import { type Item, lists, type Scenario, withFaults } from './scenario.ts'

const items = (count: number, mark: string, from = 1): Item[] =>
  Array.from({ length: count }, (_, index) => ({ id: from + index, mark, tags: [mark, index % 3] }))

const runs = lists(items(20, 'first'), items(25, 'second', 5), items(9, 'third'))
const merges = { primaryKey: 'id', writeDisposition: 'merge' } as const

const offsetOf = ({ query }: MockRequest): number => Number(query.get('offset') ?? 0)

/** The page at 6 has the records of the one before it. */
const pageTwice = (records: readonly JsonValue[]): Handler => {
  const pages = offsetPages(records)
  return (request) => {
    if (offsetOf(request) !== 6) return pages(request)
    return jsonResponse({ data: records.slice(3, 6), total: records.length, limit: 3, offset: 6 })
  }
}

/** Records vanish after the second page, and the total with them. */
const shrinking = (records: readonly JsonValue[]): Handler => {
  let asked = 0
  return (request) => offsetPages(++asked > 2 ? records.slice(4) : records)(request)
}

const growing = (records: readonly JsonValue[]): Handler => {
  let asked = 0
  return (request) => offsetPages(records.slice(0, 10 + 5 * asked++))(request)
}

const each =
  (make: (records: readonly JsonValue[]) => Handler): Scenario['runs'] =>
  () => [make(items(20, 'first')), make(items(25, 'second', 5)), make(items(9, 'third'))]

/** Some pages have no records, and the listing goes on. */
const gaps: Scenario['runs'] = each((records) => (request) => {
  const offset = offsetOf(request)
  return offset === 3 ? jsonResponse({ data: [], total: records.length, limit: 3, offset }) : offsetPages(records)(request)
})

export const apiScenarios: readonly Scenario[] = [
  {
    name: 'api_429',
    rules: ['suite.matrix.api'],
    settings: merges,
    runs: withFaults(runs, [429, undefined, { status: 429, headers: { 'retry-after': '0' } }]),
  },
  { name: 'api_500_once', rules: ['suite.matrix.api'], settings: merges, runs: withFaults(runs, [undefined, 500]) },
  {
    name: 'api_cut_off',
    rules: ['suite.matrix.api'],
    settings: { writeDisposition: 'append' },
    runs: withFaults(runs, ['cut', undefined, 'cut', 'reset']),
  },
  {
    name: 'api_that_fails',
    rules: ['suite.matrix.api'],
    settings: { writeDisposition: 'replace' },
    runs: withFaults(runs, [], [undefined, undefined, 404], [undefined, 'html']),
  },
  { name: 'api_page_twice', rules: ['suite.matrix.api'], settings: merges, runs: each(pageTwice) },
  { name: 'api_total_that_shrinks', rules: ['suite.matrix.api'], settings: merges, runs: each(shrinking) },
  {
    name: 'api_total_that_shrinks_appended',
    rules: ['suite.matrix.api'],
    settings: { primaryKey: 'id', writeDisposition: 'append' },
    runs: each(shrinking),
  },
  {
    name: 'api_total_that_grows',
    rules: ['suite.matrix.api'],
    settings: { ...merges, mergeStrategy: 'mirror' },
    runs: each(growing),
  },
  { name: 'api_page_without_records', rules: ['suite.matrix.api'], settings: merges, runs: gaps },
]

import { pageOf, ticketsAsJson } from './tickets.ts'

/** Something that can be more or less, and what an API and a connector look like where there is so much of it. */
export interface GrowthCase {
  readonly name: string
  readonly sizes: readonly number[]
  /** What a cost is told for, such as `1000 rows`. */
  readonly unit: string
  /** How many of these there are at a size. */
  units(size: number): number
  prepare(size: number): GrowthApi
}

interface GrowthApi {
  /** The connector, in the vocabulary of a connector file. */
  readonly resources: readonly object[]
  /** Records in all, over all resources. */
  readonly records: number
  /** The body of a response, in parts. */
  answer(address: URL): readonly Buffer[]
}

const PAGE = 1000
/** Records of a resource where there are many resources. */
const RECORDS_OF_RESOURCE = 100
/** Values of a table, however many columns they are spread over. */
const VALUES = 1_200_000
/** Records that have the keys of a table between them, and keys that each of them has. */
const SPARSE_RECORDS = 1000
const SPARSE_KEYS = 5

const range = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => make(index))
const bodyOf = (value: unknown): readonly Buffer[] => [Buffer.from(JSON.stringify(value))]
const listing = (name: string, path: string): object => ({
  name,
  endpoint: { path, data_selector: 'data', paginator: { type: 'offset', limit: PAGE, total_path: 'total' } },
})
const once = (name: string, path: string): object => ({
  name,
  endpoint: { path, data_selector: 'data', paginator: 'single_page' },
})
const small = (index: number): object => ({ id: index + 1, name: `Name ${index}`, amount: index / 4, at: '2026-01-01T00:00:00Z' })

/** One listing of records, made before they are asked for. */
function oneListing(records: readonly object[]): GrowthApi {
  const texts = records.map((record) => JSON.stringify(record))
  const pages = range(Math.ceil(texts.length / PAGE), (page) =>
    Buffer.from(`{"data":[${texts.slice(page * PAGE, (page + 1) * PAGE).join(',')}],"total":${texts.length}}`),
  )
  return {
    resources: [listing('records', 'records')],
    records: records.length,
    answer: ({ searchParams }) => [pages[Number(searchParams.get('offset')) / PAGE]!],
  }
}

export const CASES: readonly GrowthCase[] = [
  {
    name: 'rows',
    sizes: [10_000, 100_000, 1_000_000],
    unit: '1000 rows',
    units: (rows) => rows / 1000,
    prepare(size) {
      const tickets = ticketsAsJson(range(size, (index) => index))
      const answer = ({ searchParams }: URL): readonly Buffer[] => pageOf(tickets, searchParams)
      return { resources: [listing('tickets', 'tickets')], records: size, answer }
    },
  },
  {
    name: `resources of ${RECORDS_OF_RESOURCE} rows each`,
    sizes: [10, 100, 1000],
    unit: 'resource',
    units: (resources) => resources,
    prepare(size) {
      const body = bodyOf({ data: range(RECORDS_OF_RESOURCE, small) })
      return {
        resources: range(size, (index) => once(`resource_${index}`, `resources/${index}`)),
        records: size * RECORDS_OF_RESOURCE,
        answer: () => body,
      }
    },
  },
  {
    name: 'parents, a listing of 3 rows for each',
    sizes: [100, 1000, 10_000],
    unit: 'parent',
    units: (parents) => parents,
    prepare(size) {
      const parents = oneListing(range(size, small))
      const items = new Map(range(size, (parent) => [`/parents/${parent + 1}/items`, itemsOf(parent)]))
      return {
        resources: [listing('parents', 'parents'), once('items', 'parents/{resources.parents.id}/items')],
        records: size * 4,
        answer: (address) => items.get(address.pathname) ?? parents.answer(address),
      }
    },
  },
  {
    name: `columns, ${VALUES.toLocaleString('en')} values in all`,
    sizes: [12, 100, 500],
    unit: '1000 values',
    units: () => VALUES / 1000,
    prepare: (columns) =>
      oneListing(
        range(VALUES / columns, (row) => ({
          id: row + 1,
          ...Object.fromEntries(range(columns - 1, (column) => [`field_${column}`, fieldOf(row, column)])),
        })),
      ),
  },
  {
    name: 'keys of one record',
    sizes: [50, 500, 5000],
    unit: 'key',
    units: (keys) => keys,
    prepare: (keys) => oneListing([{ id: 1, ...Object.fromEntries(range(keys - 1, (key) => [`key_${key}`, fieldOf(0, key)])) }]),
  },
  {
    name: `distinct keys, ${SPARSE_KEYS} in each of ${SPARSE_RECORDS} records`,
    sizes: [50, 500, 5000],
    unit: 'key',
    units: (keys) => keys,
    prepare: (keys) =>
      oneListing(
        range(SPARSE_RECORDS, (row) => ({
          id: row + 1,
          ...Object.fromEntries(
            range(SPARSE_KEYS, (nth) => (row * SPARSE_KEYS + nth) % keys).map((key) => [`key_${key}`, fieldOf(row, key)]),
          ),
        })),
      ),
  },
]

const itemsOf = (parent: number): readonly Buffer[] => bodyOf({ data: range(3, (nth) => small(parent * 3 + nth)) })

/** Whole numbers, texts and fractions by turns. */
function fieldOf(row: number, column: number): unknown {
  if (column % 3 === 0) return row + column
  return column % 3 === 1 ? `text ${(row * 31 + column) % 997}` : (row % 1000) / 4 + 0.125
}

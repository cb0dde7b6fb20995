import type { JsonValue } from '@tributary/core'
import { type Item, lists, type Scenario, type Settings } from './scenario.ts'

/** A record with children three levels deep. */
const order = (id: number, mark: JsonValue, more: Item = {}): Item => ({
  id,
  region: `r${id % 2}`,
  mark,
  lines: [
    {
      sku: `${id}a`,
      lots: [
        { lot: 1, marks: [mark, null] },
        { lot: 2, marks: [] },
      ],
    },
    { sku: `${id}b`, lots: [{ lot: 3, marks: ['x', 'y'] }] },
  ],
  ...more,
})

const FIRST: readonly Item[] = [1, 2, 3, 4, 5].map((id) => order(id, 'first'))
/** Changed, doubled, without a list, with a null in its place, with another one, the same in another order of keys, new. */
const SECOND: readonly Item[] = [
  order(1, 'second'),
  { id: 2, region: 'r0', extra: 1 },
  order(3, 'first', { lines: null }),
  { lines: FIRST[3]!.lines!, mark: 'first', region: 'r0', id: 4 },
  order(6, 'once'),
  order(6, 'twice', { lines: [{ sku: '6c', lots: [{ lot: 9 }] }] }),
  order(1, 'third', { lines: [] }),
]
const THIRD: readonly Item[] = [
  order(2, 2, { extra: 'text' }),
  { id: 5, region: 'r1', mark: null },
  { id: 1, region: 'r1', lines: [{ sku: '1z' }] },
  order(7, 'seventh', { tags: ['new', 'table'] }),
]

const keyed = { primaryKey: 'id', writeDisposition: 'merge' } as const

const kinds: readonly (readonly [name: string, settings: Settings])[] = [
  ['append', { writeDisposition: 'append' }],
  ['append_with_key', { primaryKey: 'id', writeDisposition: 'append' }],
  ['replace', { primaryKey: 'id', writeDisposition: 'replace' }],
  ['replace_without_key', { writeDisposition: 'replace' }],
  ['delete_insert', keyed],
  ['delete_insert_unchanged', { ...keyed, skipUnchanged: true }],
  ['delete_insert_two_keys', { primaryKey: ['region', 'id'], writeDisposition: 'merge' }],
  ['merge_key', { ...keyed, mergeKey: 'region' }],
  ['merge_key_unchanged', { ...keyed, mergeKey: 'region', skipUnchanged: true }],
  ['merge_key_alone', { writeDisposition: 'merge', mergeKey: 'region' }],
  ['upsert', { ...keyed, mergeStrategy: 'upsert' }],
  ['upsert_unchanged', { ...keyed, mergeStrategy: 'upsert', skipUnchanged: true }],
  ['insert_only', { ...keyed, mergeStrategy: 'insert-only' }],
  ['scd2', { ...keyed, mergeStrategy: 'scd2' }],
  ['scd2_merge_key', { ...keyed, mergeStrategy: 'scd2', mergeKey: 'region' }],
  ['scd2_merge_key_alone', { writeDisposition: 'merge', mergeStrategy: 'scd2', mergeKey: 'region' }],
  ['mirror', { ...keyed, mergeStrategy: 'mirror' }],
  ['mirror_unchanged', { ...keyed, mergeStrategy: 'mirror', skipUnchanged: true }],
]

/** Sorted by a version; some say that they are gone. */
const versioned = (id: number, version: JsonValue, gone?: JsonValue): Item =>
  order(id, `v${String(version)}`, { version, ...(gone !== undefined && { gone }) })
const FIRST_VERSIONS = [versioned(1, 5), versioned(1, 3), versioned(2, 2), versioned(3, null), versioned(4, 1)]
const SECOND_VERSIONS = [
  versioned(1, 4),
  versioned(2, 2, false),
  versioned(3, 1),
  versioned(4, 2, true),
  versioned(5, 1, true),
  versioned(5, 0),
]
const THIRD_VERSIONS = [versioned(1, 6.5, true), versioned(2, 1, true), versioned(4, 3), versioned(3, 0, true), versioned(5, 9)]

const sorted: readonly (readonly [name: string, settings: Settings])[] = (
  ['delete-insert', 'upsert', 'insert-only', 'scd2', 'mirror'] as const
).flatMap((mergeStrategy) =>
  (['asc', 'desc'] as const).map(
    (order) =>
      [
        `${mergeStrategy.replace('-', '_')}_sorted_${order}`,
        { ...keyed, mergeStrategy, dedupSort: { field: 'version', order }, hardDelete: 'gone' },
      ] as const,
  ),
)

const ended = (id: number, at: string | null): Item => order(id, 'x', { deleted: { at } })

export const dispositionScenarios: readonly Scenario[] = [
  ...kinds.map(([name, settings]) => ({ name, settings, rules: ['dispositions.matrix'], runs: lists(FIRST, SECOND, THIRD) })),
  ...sorted.map(([name, settings]) => ({
    name,
    settings,
    rules: ['dispositions.matrix.sorted'],
    runs: lists(FIRST_VERSIONS, SECOND_VERSIONS, THIRD_VERSIONS),
  })),
  {
    name: 'deleted_at',
    rules: ['dispositions.matrix.deleted-at'],
    settings: { ...keyed, hardDelete: 'deleted.at' },
    runs: lists(
      [ended(1, null), ended(2, null)],
      [ended(1, '2026-01-02T03:04:05Z'), ended(3, '2026-01-02T03:04:05Z')],
      [ended(1, null)],
    ),
  },
  {
    name: 'from_append_to_upsert',
    rules: ['dispositions.matrix.changes'],
    settings: { ...keyed, mergeStrategy: 'upsert' },
    options: { writeDisposition: 'append' },
    runs: lists(FIRST, SECOND, THIRD),
  },
  {
    name: 'from_append_to_merge',
    rules: ['dispositions.matrix.changes'],
    settings: keyed,
    options: { writeDisposition: 'append' },
    // What append has doubled.
    runs: lists([...FIRST, ...FIRST], SECOND, THIRD),
  },
]

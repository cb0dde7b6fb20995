import type { ContractMode, DedupSort, JsonValue, MergeStrategy, WriteDisposition } from '@tributary/core'
import fc from 'fast-check'
import type { Load, Settings } from './model.ts'

/** Loads of one resource, one after the other. */
export interface Sequence {
  readonly settings: Settings
  readonly loads: readonly Load[]
}

const scalar = fc.constantFrom<JsonValue>(
  ...[null, true, false, 0, 1, 2, 12, -7, 1_700_000_000, 1.5, -0.25, 1e21],
  ...[2n ** 60n, -(2n ** 63n), 2n ** 63n, 10n ** 38n],
  ...['x', '', '12', '1.5', 'yes', 'no', '2026-01-02', '2026-01-02T03:04:05Z', '2026-01-02T03:04:05'],
)

/** Few and alike, so that they meet in one column. */
const key = fc.constantFrom('a', 'b', 'A', 'a-b', 'a_b', 'list', 'value', '__proto__', 'constructor', '_sync_id')

const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'sequences' },
    { weight: 3, arbitrary: scalar },
    {
      weight: 2,
      arbitrary: fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true, depthIdentifier: 'sequences' }),
    },
    { weight: 1, arbitrary: fc.array(tie('value'), { maxLength: 3, depthIdentifier: 'sequences' }) },
  ),
}))

const fields = fc.record(
  {
    id: fc.integer({ min: 0, max: 2 }),
    part: fc.constantFrom('p', 'q', 'r|', '\\'),
    version: fc.option(fc.constantFrom(1, 2, 3, 1.5), { freq: 5 }),
    gone: fc.option(fc.constantFrom(true, false, false), { freq: 3 }),
  },
  { requiredKeys: ['id', 'part', 'version'] },
)
const more = fc.dictionary(key, value, { maxKeys: 4, noNullPrototype: true })
// By definition, and not by assignment, which for `__proto__` makes no key.
const record: fc.Arbitrary<JsonValue> = fc
  .tuple(more, fields)
  .map(([one, other]) => Object.fromEntries([...Object.entries(one), ...Object.entries(other)]) as JsonValue)

const discards = fc.constantFrom<ContractMode>('evolve', 'evolve', 'discard_row', 'discard_value')
const contract: fc.Arbitrary<Load['contract']> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ tables: discards, columns: discards, dataType: fc.option(discards, { nil: undefined }) }) },
  { weight: 4, arbitrary: fc.constant({ tables: 'evolve', columns: 'evolve', dataType: undefined } as const) },
  { weight: 1, arbitrary: fc.constant({ tables: 'freeze', columns: 'freeze', dataType: 'freeze' } as const) },
)
const EVOLVES: Load['contract'] = { tables: 'evolve', columns: 'evolve', dataType: undefined }

type Kind = Pick<Settings, 'strategy' | 'primaryKey' | 'mergeKey'> & { readonly dispositions: readonly WriteDisposition[] }

const keys: readonly (readonly string[])[] = [['id'], ['id', 'part']]
const STRATEGIES: readonly MergeStrategy[] = ['delete-insert', 'upsert', 'insert-only', 'scd2', 'mirror']
const KINDS: readonly Kind[] = [
  ...keys.flatMap((primaryKey) =>
    STRATEGIES.map((strategy) => ({
      strategy,
      primaryKey,
      mergeKey: [],
      dispositions: strategy === 'scd2' ? (['merge'] as const) : (['merge', 'merge', 'merge', 'replace'] as const),
    })),
  ),
  { strategy: 'delete-insert', primaryKey: ['id'], mergeKey: ['part'], dispositions: ['merge', 'merge', 'replace'] },
  { strategy: 'delete-insert', primaryKey: [], mergeKey: ['part'], dispositions: ['merge', 'merge', 'append', 'replace'] },
  { strategy: 'scd2', primaryKey: ['id'], mergeKey: ['part'], dispositions: ['merge'] },
  { strategy: 'delete-insert', primaryKey: [], mergeKey: [], dispositions: ['append', 'replace'] },
  { strategy: 'delete-insert', primaryKey: ['id'], mergeKey: [], dispositions: ['append', 'merge', 'replace'] },
]

/** What stands twice under one key is for those that append it, and then only goes as a whole: children are known by their root's key. */
function withoutDoubles(kind: Kind, records: readonly JsonValue[]): JsonValue[] {
  if (kind.primaryKey.length === 0 || kind.dispositions.includes('append')) return [...records]
  const seen = new Set<JsonValue>()
  return records.filter((each) => {
    const { id } = each as { id: number }
    return !seen.has(id) && seen.add(id)
  })
}

/** Records come from a pool, so that loads often repeat one as it was. */
const loadOf = (kind: Kind, pool: readonly JsonValue[]): fc.Arbitrary<Load> =>
  fc
    .record({
      records: fc.array(fc.constantFrom(...pool), { maxLength: 6, size: 'max' }),
      disposition: fc.constantFrom(...kind.dispositions),
      contract,
    })
    .map((load) => (load.disposition === 'merge' ? load : { ...load, records: withoutDoubles(kind, load.records) }))

const settingsOf = ({ strategy, primaryKey, mergeKey, dispositions }: Kind): fc.Arbitrary<Settings> => {
  const merges = dispositions.includes('merge')
  const sort = fc.record({ column: fc.constant('version'), order: fc.constantFrom<DedupSort['order']>('asc', 'desc') })
  return fc.record({
    strategy: fc.constant(strategy),
    primaryKey: fc.constant(primaryKey),
    mergeKey: fc.constant(mergeKey),
    dedupSort: merges && primaryKey.length > 0 ? fc.option(sort, { nil: undefined, freq: 2 }) : fc.constant(undefined),
    hardDelete: merges ? fc.option(fc.constant('gone'), { nil: undefined, freq: 2 }) : fc.constant(undefined),
    skipUnchanged: dispositions.includes('append') ? fc.constant(false) : fc.boolean(),
    maxTableNesting: fc.constantFrom(20, 20, 0, 1, 2),
  })
}

const pools = fc.array(record, { minLength: 4, maxLength: 8, size: 'max' })

export const sequence: fc.Arbitrary<Sequence> = fc.tuple(fc.constantFrom(...KINDS), pools).chain(([kind, pool]) => {
  const load = loadOf(kind, pool)
  const first = load.filter(({ records }) => records.length > 0)
  return fc.record({
    settings: settingsOf(kind),
    // The first makes the tables, and what the keys are.
    loads: fc
      .tuple(first, fc.array(load, { minLength: 1, maxLength: 3, size: 'max' }))
      .map(([one, rest]) => [{ ...one, contract: EVOLVES }, ...rest]),
  })
})

/** What is too rare to be met by chance: a key that is stored, is deleted and comes again in one load, with less than it had. */
export const deletedOnTheWay: Sequence = {
  settings: {
    strategy: 'upsert',
    primaryKey: ['id'],
    mergeKey: [],
    hardDelete: 'gone',
    skipUnchanged: false,
    maxTableNesting: 20,
  },
  loads: [
    [{ id: 0, part: 'p', a: 'stored', list: [1, 2] }],
    [
      { id: 0, b: 'before', list: [3] },
      { id: 0, gone: true },
      { id: 0, part: 'q' },
      { id: 0, version: 1 },
    ],
  ].map((records) => ({ records, disposition: 'merge', contract: EVOLVES })),
}

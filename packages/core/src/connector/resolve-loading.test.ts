import { describe, expect, it } from 'vitest'
import type { Connector, Resources } from './connector.ts'
import { resolveResources, resolveShape } from './resolve.ts'
import type { ResolvedLoading, RunLoading } from './resolve-loading.ts'
import { type ResourceDefaults, resource } from './resource.ts'

type Settings = Omit<ResourceDefaults, 'endpoint'>

const things = (settings: Settings): Resources[string] => resource({ endpoint: { path: 'things' }, ...settings })
const loadingOf = (own: Settings, defaults: Settings = {}, run: RunLoading = {}): ResolvedLoading =>
  resolveShape('crm', 'things', things(own), defaults, run)

const connectorOf = (own: Settings): Connector => ({
  name: 'crm',
  version: '1.0.0',
  client: { baseUrl: 'https://api.example.com' },
  resourceDefaults: {},
  resources: { things: things(own) },
  options: {},
  optionInfos: [],
})

const merge: Settings = { primaryKey: 'id', writeDisposition: 'merge' }
const evolve = { tables: 'evolve', columns: 'evolve', dataType: undefined } as const

describe('what a load is to do', () => {
  it.each<[string, Settings, Settings, Partial<ResolvedLoading>]>([
    [
      'has defaults for all that is left out [dispositions.defaults]',
      {},
      {},
      { disposition: 'append', strategy: 'delete-insert', primaryKey: [], mergeKey: [], contract: evolve, skipUnchanged: false },
    ],
    [
      'is taken from the defaults [dispositions.precedence]',
      {},
      { ...merge, mergeKey: 'day', mergeStrategy: 'scd2', hardDelete: 'gone', dedupSort: { field: 'at', order: 'asc' } },
      {
        strategy: 'scd2',
        mergeKey: ['day'],
        hardDelete: 'gone',
        dedupSort: { path: 'at', order: 'asc' },
      },
    ],
    [
      'is what the resource says over them [dispositions.precedence]',
      { mergeStrategy: 'upsert', mergeKey: [], hardDelete: 'meta.gone', dedupSort: { field: 'version', order: 'desc' } },
      { ...merge, mergeKey: 'day', mergeStrategy: 'scd2', hardDelete: 'gone', dedupSort: { field: 'at', order: 'asc' } },
      { strategy: 'upsert', mergeKey: [], hardDelete: 'meta.gone', dedupSort: { path: 'version', order: 'desc' } },
    ],
    [
      'is said by columns where no setting does [dispositions.columns]',
      {
        writeDisposition: 'merge',
        columns: {
          theId: { primaryKey: true },
          theDay: { mergeKey: true },
          shop: { mergeKey: true },
          isGone: { hardDelete: true },
          at: { hardDelete: false, dedupSort: 'desc' },
        },
      },
      {},
      {
        primaryKey: ['the_id'],
        mergeKey: ['the_day', 'shop'],
        hardDelete: 'is_gone',
        dedupSort: { path: 'at', order: 'desc' },
      },
    ],
    [
      'is said by settings over columns [dispositions.columns]',
      { mergeKey: 'day', hardDelete: 'gone', dedupSort: { field: 'version', order: 'asc' } },
      { ...merge, columns: { a: { mergeKey: true, hardDelete: true, dedupSort: 'desc' }, b: { hardDelete: true } } },
      { mergeKey: ['day'], hardDelete: 'gone', dedupSort: { path: 'version', order: 'asc' } },
    ],
    ['takes a merge key alone [dispositions.key]', { writeDisposition: 'merge', mergeKey: 'day' }, {}, { mergeKey: ['day'] }],
    [
      'takes a merge key alone for versions [dispositions.key]',
      { writeDisposition: 'merge', mergeKey: 'day', mergeStrategy: 'scd2' },
      {},
      { mergeKey: ['day'], primaryKey: [] },
    ],
    [
      'does not mind settings of the defaults that mean nothing to it [dispositions.misplaced.defaults]',
      { writeDisposition: 'append' },
      { ...merge, mergeStrategy: 'scd2', mergeKey: 'day', columns: { gone: { hardDelete: true } } },
      { disposition: 'append' },
    ],
  ])('%s', (_what, own, defaults, expected) => {
    expect(loadingOf(own, defaults)).toMatchObject(expected)
  })

  it.each(['append', 'replace'] as const)(
    'is %s for a run that says so, whatever a merge is told [dispositions.misplaced.run]',
    (disposition) => {
      const own: Settings = { ...merge, mergeStrategy: 'scd2', mergeKey: 'day', hardDelete: 'gone' }
      expect(loadingOf(own, {}, { disposition })).toMatchObject({ disposition, strategy: 'scd2' })
    },
  )
})

describe('a contract', () => {
  it('is, part by part, what the run says, else the resource, else the defaults [contracts.precedence]', () => {
    const own: Settings = { schemaContract: { columns: 'discard_row', dataType: 'freeze' } }
    const defaults: Settings = { schemaContract: 'freeze' }
    expect(loadingOf(own, defaults, { contract: { dataType: 'evolve' } }).contract).toEqual({
      tables: 'freeze',
      columns: 'discard_row',
      dataType: 'evolve',
    })
    expect(loadingOf(own, defaults, { contract: 'discard_value' }).contract).toEqual({
      tables: 'discard_value',
      columns: 'discard_value',
      dataType: 'discard_value',
    })
    expect(loadingOf(own).contract).toEqual({ tables: 'evolve', columns: 'discard_row', dataType: 'freeze' })
  })

  it('of a run reaches the resources that it loads [contracts.precedence]', () => {
    const [resolved] = resolveResources(connectorOf({}), undefined, undefined, { tables: 'freeze' })
    expect(resolved!.contract).toEqual({ ...evolve, tables: 'freeze' })
  })

  it.each<[unknown, RegExp]>([
    ['frozen', /The schemaContract of this run is "frozen"; there are evolve, freeze, discard_row, discard_value\.$/],
    [null, /is null; there are/],
    [{ colums: 'freeze' }, /has a part "colums"; there are tables, columns, dataType\.$/],
    [{ columns: 'ignore' }, /is "ignore" for columns; there are/],
  ])('of a run may not be %j [contracts.words]', (contract, message) => {
    expect(() => resolveResources(connectorOf({}), undefined, undefined, contract as never)).toThrow(
      expect.objectContaining({ code: 'OPTIONS_INVALID', recovery: 'fix-config', message: expect.stringMatching(message) }),
    )
  })
})

type Refusal = [title: string, own: Settings, defaults: Settings, run: RunLoading, message: string]

const noKey = { writeDisposition: 'merge' } as const
const EITHER_KEY =
  'its primaryKey is missing. To merge, give the field, or the fields, that tell records apart, or a mergeKey: those of what is replaced as a whole.'
const needsKey = (strategy: string): string =>
  `its primaryKey is missing. To merge by ${strategy}, give the field, or the fields, that tell records apart.`
const noMergeKey = (strategy: string): string =>
  `its mergeKey is for delete-insert and scd2, but the mergeStrategy is ${strategy}. Take one of the two out.`
const misplaced = (what: string, disposition: string): string =>
  `${what} is for a merge, but the writeDisposition is ${disposition}. Write merge, or take it out.`

describe('before any request, a resource is refused that', () => {
  it.each<Refusal>([
    ['merges without a key [dispositions.key]', noKey, {}, {}, EITHER_KEY],
    ['merges by scd2 without a key [dispositions.key]', { ...noKey, mergeStrategy: 'scd2' }, {}, {}, EITHER_KEY],
    ['merges for this run, without a key [dispositions.key.run]', {}, {}, { disposition: 'merge' }, EITHER_KEY],
    ...(['upsert', 'insert-only', 'mirror'] as const).flatMap(
      (mergeStrategy): [string, Settings, Settings, RunLoading, string][] => [
        [
          `merges by ${mergeStrategy} without a primary key [dispositions.key]`,
          { ...noKey, mergeStrategy, mergeKey: 'day' },
          {},
          {},
          needsKey(mergeStrategy),
        ],
        [
          `merges by ${mergeStrategy} with a merge key [dispositions.merge-key.strategy]`,
          { ...merge, mergeStrategy, mergeKey: 'day' },
          {},
          {},
          noMergeKey(mergeStrategy),
        ],
      ],
    ),
    [
      'merges for this run by a strategy that lacks its key [dispositions.key.run]',
      {},
      { mergeStrategy: 'upsert' },
      { disposition: 'merge' },
      needsKey('upsert'),
    ],
    [
      'has a column of a merge key that its strategy does not take [dispositions.merge-key.strategy]',
      { ...merge, mergeStrategy: 'mirror', columns: { theDay: { mergeKey: true } } },
      {},
      {},
      'the mergeKey of its column theDay is for delete-insert and scd2, but the mergeStrategy is mirror. Take one of the two out.',
    ],
    [
      'has a strategy but does not merge [dispositions.misplaced]',
      { mergeStrategy: 'upsert' },
      {},
      {},
      misplaced('its mergeStrategy', 'append'),
    ],
    [
      'has a merge key but replaces [dispositions.misplaced]',
      { mergeKey: 'day', writeDisposition: 'replace' },
      {},
      {},
      misplaced('its mergeKey', 'replace'),
    ],
    [
      'has a dedupSort but replaces, as the defaults say [dispositions.misplaced]',
      { dedupSort: { field: 'at', order: 'asc' } },
      { writeDisposition: 'replace' },
      {},
      misplaced('its dedupSort', 'replace'),
    ],
    [
      'has a hardDelete but appends, also where this run merges [dispositions.misplaced]',
      { primaryKey: 'id', hardDelete: 'gone' },
      {},
      { disposition: 'merge' },
      misplaced('its hardDelete', 'append'),
    ],
    [
      'has a column for deletions but appends [dispositions.misplaced]',
      { columns: { isGone: { hardDelete: true } } },
      {},
      {},
      misplaced('the hardDelete of its column isGone', 'append'),
    ],
    [
      'has two columns for deletions [dispositions.hard-delete.one]',
      { ...merge, columns: { gone: { hardDelete: true }, deletedAt: { hardDelete: true } } },
      {},
      {},
      'the hardDelete of its column deletedAt is on gone too, but one column decides. Take one of them out.',
    ],
    [
      'has two columns to sort by [dispositions.dedup-sort.one]',
      { ...merge, columns: { a: { dedupSort: 'asc' } } },
      { columns: { b: { dedupSort: 'asc' } } },
      {},
      'the dedupSort of its column a is on b too, but one column decides. Take one of them out.',
    ],
    [
      'sorts rows of no key [dispositions.dedup-sort.key]',
      { writeDisposition: 'merge', mergeKey: 'day', dedupSort: { field: 'at', order: 'desc' } },
      {},
      {},
      'its dedupSort decides between records of one primaryKey, which is missing. Add one, or take it out.',
    ],
    [
      'has a strategy that there is not [dispositions.words]',
      { ...merge, mergeStrategy: 'cdc' as never },
      {},
      {},
      'its mergeStrategy is "cdc"; there are delete-insert, upsert, insert-only, scd2 and mirror.',
    ],
    [
      'has an order that there is not [dispositions.words]',
      { ...merge, dedupSort: { field: 'at', order: 'newest' as never } },
      {},
      {},
      'the order of its dedupSort is "newest"; there are asc and desc.',
    ],
    [
      'has a contract that there is not [contracts.words]',
      { schemaContract: 'frozen' as never },
      {},
      {},
      'its schemaContract is "frozen"; there are evolve, freeze, discard_row, discard_value.',
    ],
    [
      'has a contract of a part that there is not, by its defaults [contracts.words]',
      {},
      { schemaContract: { data_type: 'freeze' } as never },
      {},
      'its schemaContract has a part "data_type"; there are tables, columns, dataType.',
    ],
  ])('%s', (_what, own, defaults, run, message) => {
    expect(() => loadingOf(own, defaults, run)).toThrow(
      expect.objectContaining({
        code: 'RESOURCE_INVALID',
        recovery: 'fix-config',
        message: `The resource crm.things cannot run: ${message}`,
      }),
    )
  })
})

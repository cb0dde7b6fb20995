import assert from 'node:assert/strict'
import type { JsonValue, Reject } from '@tributary/core'
import { schemaOf } from '../../build/schema-of.ts'
import type { DestinationCase, DestinationFixture } from '../case.ts'
import { tables } from '../items.ts'
import { type LoadSpec, load, loadInto, stage, withDataset } from '../load.ts'
import { all, readRejects } from '../look.ts'

const other = schemaOf('other', { id: 'bigint' })

function rejected(loadId: number, sequence: number, more: Partial<Reject> = {}): Reject {
  const where = { loadId, resource: 'items', sequence, table: 'items' }
  return {
    ...where,
    reason: 'columns',
    kind: 'record',
    message: `record ${sequence} has a column that is new`,
    record: { id: sequence },
    ...more,
  }
}

/** What JSON can say, and some of what upsets databases. */
const HOSTILE: readonly JsonValue[] = [
  { text: '"double" \'single\' `back` \\ \\N %_$1 \n\r\n\t\u2028', nul: 'a\u0000b', lone: '\ud800', script: '東京 👩‍👩‍👧 𝄞' },
  {
    big: 9_223_372_036_854_775_808n,
    negative: -123456789012345678901234567890n,
    safe: 9_007_199_254_740_991,
    unsafe: 9_007_199_254_740_993n,
  },
  { double: 0.1, large: 1e300, small: 5e-324, flag: false, nothing: null },
  { '': '', "'; DROP TABLE items; --": [[], {}, [null]], 'a.b': { 'c"d': [1, [2, [3]]] } },
  [1, 'two', null],
  'text',
  42,
  12345678901234567890n,
  null,
  false,
  { long: 'x'.repeat(300_000) },
]

/** Rejects unless these are there, in the order of load and sequence. */
async function expectRejects(fixture: DestinationFixture, expected: readonly Reject[]): Promise<void> {
  assert.deepEqual(await readRejects(fixture), expected)
  for (const resource of ['items', 'other', 'none']) {
    const own = await withDataset(fixture, (dataset) => all(dataset.rejects(resource)))
    assert.deepEqual(
      own,
      expected.filter((reject) => reject.resource === resource),
      `of ${resource}`,
    )
  }
}

const ofItems: LoadSpec = { id: 1, tables, records: [{ id: 1 }] }

export const rejectCases: readonly DestinationCase[] = [
  {
    name: 'rejects: are there with the load that left them out, in the order of load and sequence [contracts.rejects.kept]',
    async run(fixture) {
      await load(fixture, { ...ofItems, rejects: [rejected(1, 3), rejected(1, 20)] })
      const ofOther = [rejected(2, 1, { resource: 'other', table: 'other' })]
      await load(fixture, { id: 2, tables: [other], records: [{ id: 1 }], rejects: ofOther })
      await load(fixture, { ...ofItems, id: 10, rejects: [rejected(10, 2), rejected(10, 1)] })
      await expectRejects(fixture, [rejected(1, 3), rejected(1, 20), ...ofOther, rejected(10, 1), rejected(10, 2)])
    },
  },
  {
    name: 'rejects: come back as they were: every part, big integers and hostile text [contracts.rejects.exact]',
    async run(fixture) {
      const rejects = HOSTILE.map((record, index) =>
        rejected(1, index + 1, { record, message: `it's "odd"; --\n${'東'.repeat(index)}` }),
      )
      const parts = [
        rejected(1, 101, { reason: 'tables', kind: 'part', table: 'items__"tags"' }),
        rejected(1, 102, { reason: 'data_type', kind: 'part', column: 'na"me\'; --' }),
        rejected(1, 103, { column: '' }),
      ]
      await load(fixture, { ...ofItems, rejects: [...rejects, ...parts] })
      await expectRejects(fixture, [...rejects, ...parts])
    },
  },
  {
    name: 'rejects: of a load without rows [contracts.rejects.kept]',
    async run(fixture) {
      await load(fixture, { ...ofItems, records: [], disposition: 'merge', primaryKey: ['id'], rejects: [rejected(1, 1)] })
      await expectRejects(fixture, [rejected(1, 1)])
    },
  },
  {
    name: 'rejects: of a load that is aborted, or never committed, are not there [contracts.rejects.atomic]',
    async run(fixture) {
      await load(fixture, { ...ofItems, rejects: [rejected(1, 1)] })
      await withDataset(fixture, async (dataset) => {
        await (await stage(dataset, { ...ofItems, id: 2, disposition: 'replace', rejects: [rejected(2, 1)] })).abort()
        await stage(dataset, { ...ofItems, id: 3, replays: 1, rejects: [rejected(3, 1)] })
        assert.deepEqual(await all(dataset.rejects('items')), [rejected(1, 1)])
      })
      await expectRejects(fixture, [rejected(1, 1)])
    },
  },
  ...[false, true].map(
    (recreate): DestinationCase => ({
      name: `rejects: ${recreate ? 'a full refresh' : 'replace'} takes those of its resource away, and no others [contracts.rejects.replaced]`,
      async run(fixture) {
        const ofOther = rejected(2, 1, { resource: 'other', table: 'other' })
        await load(fixture, { ...ofItems, rejects: [rejected(1, 1), rejected(1, 2)] })
        await load(fixture, { id: 2, tables: [other], rejects: [ofOther] })
        await load(fixture, { ...ofItems, id: 3, disposition: 'replace', recreate, rejects: [rejected(3, 5)] })
        await expectRejects(fixture, [ofOther, rejected(3, 5)])
      },
    }),
  ),
  {
    name: 'rejects: those that are put through again go, but for those that are left out again [contracts.replay.rejects]',
    async run(fixture) {
      const ofOther = rejected(2, 1, { resource: 'other', table: 'other' })
      await withDataset(fixture, async (dataset) => {
        await loadInto(dataset, { ...ofItems, rejects: [rejected(1, 1)] })
        await loadInto(dataset, { ...ofItems, id: 2, rejects: [rejected(2, 1), rejected(2, 2), rejected(2, 3)] })
        await loadInto(dataset, { id: 3, tables: [other], rejects: [ofOther] })
        await loadInto(dataset, { ...ofItems, id: 4, rejects: [rejected(4, 1)] })
        const again = rejected(2, 2, { message: 'still' })
        await loadInto(dataset, {
          ...ofItems,
          id: 5,
          records: [{ id: 1 }, { id: 3 }],
          replays: 2,
          rejects: [again, rejected(5, 1)],
        })
        assert.deepEqual(await all(dataset.rejects('items')), [rejected(1, 1), again, rejected(4, 1), rejected(5, 1)])
      })
      await expectRejects(
        fixture,
        [rejected(1, 1), ofOther, rejected(2, 2, { message: 'still' }), rejected(4, 1), rejected(5, 1)].sort(
          (a, b) => a.loadId - b.loadId,
        ),
      )
    },
  },
  {
    name: 'rejects: those that are out of date go, of earlier loads and of this one, and no others [contracts.rejects.outdated]',
    async run(fixture) {
      const ofOther = rejected(3, 1, { resource: 'other', table: 'other' })
      await load(fixture, { ...ofItems, rejects: [rejected(1, 1, { key: '1' }), rejected(1, 2, { key: '' })] })
      await load(fixture, { ...ofItems, id: 2, rejects: [rejected(2, 1, { key: 'a|b' })] })
      await load(fixture, { id: 3, tables: [other], rejects: [ofOther] })
      const outdatedRejects = [
        { loadId: 1, sequence: 1 },
        { loadId: 2, sequence: 1 },
        { loadId: 3, sequence: 1 },
        { loadId: 4, sequence: 7 },
      ]
      const rejects = [rejected(4, 2), rejected(4, 7)]
      await withDataset(fixture, async (dataset) => {
        await (await stage(dataset, { ...ofItems, id: 4, outdatedRejects, rejects })).abort()
        assert.equal((await all(dataset.rejects('items'))).length, 3)
      })
      await load(fixture, { ...ofItems, id: 5, outdatedRejects: [{ loadId: 5, sequence: 2 }], rejects: [rejected(5, 2)] })
      await load(fixture, {
        ...ofItems,
        id: 6,
        outdatedRejects: [...outdatedRejects, { loadId: 6, sequence: 7 }],
        rejects: [rejected(6, 7), rejected(6, 2)],
      })
      const left = [rejected(1, 2, { key: '' }), ofOther, rejected(6, 2)]
      await expectRejects(fixture, left)
      const thousands = Array.from({ length: 25_000 }, (_, index) => ({ loadId: 1, sequence: index + 2 }))
      await load(fixture, { ...ofItems, id: 7, outdatedRejects: thousands })
      await expectRejects(fixture, left.slice(1))
      await load(fixture, {
        ...ofItems,
        id: 8,
        replays: 6,
        outdatedRejects: [{ loadId: 6, sequence: 2 }],
        rejects: [rejected(6, 2)],
      })
      await expectRejects(fixture, [ofOther])
    },
  },
]

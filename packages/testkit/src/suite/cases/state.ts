import assert from 'node:assert/strict'
import type { LoadRecord, PipelineState, ResourceState, TableSchema } from '@tributary/core'
import { planOf, stateOf } from '../../build/plan-of.ts'
import { schemaOf } from '../../build/schema-of.ts'
import type { DestinationCase } from '../case.ts'
import { load, withDataset } from '../load.ts'
import { readRows } from '../look.ts'

const items: TableSchema = schemaOf('items', {
  id: { type: 'bigint', nullable: false, exceedsDouble: true, declared: true, description: 'It\'s "the" key;\n-- 東京' },
  id__v_text: { type: 'text', path: ['id'], variant: 'text' },
  price: { type: 'decimal', precision: 20, scale: 4 },
  deep__key: { type: 'text', path: ['deep', '$ key', ''] },
})
const tags = schemaOf('tags', { value: { type: 'text', path: [] } }, { parent: items })
const other = schemaOf('other', { id: 'bigint' })

const remembered: ResourceState = {
  cursors: {
    items: { '': { path: 'updated.at', value: 9_223_372_036_854_775_807n, boundary: ['f1', 'f"2'] } },
    parents: { "1/'x": { path: 'id', value: -1.5 }, __proto__x: { path: 'id', value: 2 } },
  },
  pending: {
    requests: [
      {
        params: { offset: 100, after: 9_007_199_254_740_993n, list: ['a', 'b'], flag: true },
        position: { page: 2, seen: [1, null] },
        dataSelector: '$["a b"]',
      },
      { url: 'https://api.example.com/next?x=1', params: {}, json: { filter: { since: '2026-01-02' } }, rereads: true },
    ],
    cursors: { items: { '': { path: 'updated.at', value: 'x\'; --"' } } },
    firstLoadId: 1,
  },
}

export const stateCases: readonly DestinationCase[] = [
  {
    name: 'state: a dataset that does not exist is empty [state.empty]',
    async run(fixture) {
      await withDataset(fixture, async (dataset) => {
        assert.deepEqual(await dataset.read(), { state: { resources: {}, tables: {} }, loads: [] })
      })
    },
  },
  {
    name: 'state: cursors, pending requests and tables are read back by the next run [state.read-back]',
    async run(fixture) {
      const state = stateOf([items, tags, other], { items: remembered, other: {} })
      await withDataset(fixture, async (dataset) => {
        await (await dataset.begin(planOf({ table: 'other' }))).commit(stateOf([other], { other: {} }))
        await (await dataset.begin(planOf({ id: 2, table: 'items' }))).commit(state)
        assert.deepEqual((await dataset.read()).state, state)
      })
      await withDataset(fixture, async (dataset) => assert.deepEqual((await dataset.read()).state, state))
    },
  },
  {
    name: 'state: what is no longer in it is forgotten [state.read-back]',
    async run(fixture) {
      const states: PipelineState[] = [
        stateOf([items, tags], { items: remembered }),
        stateOf([items, tags], { items: { cursors: { items: { '': { path: 'id', value: 2 } } } } }),
        stateOf([items, tags], { items: {} }),
      ]
      for (const [index, state] of states.entries()) {
        await withDataset(fixture, async (dataset) => {
          await (await dataset.begin(planOf({ id: index + 1, table: 'items' }))).commit(state)
        })
        await withDataset(fixture, async (dataset) => assert.deepEqual((await dataset.read()).state, state))
      }
    },
  },
  {
    name: 'state: datasets do not know of each other [state.datasets-apart]',
    async run(fixture) {
      const cursor = (value: number): ResourceState => ({ cursors: { other: { '': { path: 'id', value } } } })
      await load(fixture, { id: 1, tables: [other], records: [{ id: 1 }], state: cursor(1) }, 'one')
      await load(fixture, { id: 1, tables: [other], records: [{ id: 2 }], state: cursor(2) }, 'two')
      for (const [dataset, value] of [['one', 1] as const, ['two', 2] as const]) {
        await withDataset(
          fixture,
          async (opened) => assert.deepEqual((await opened.read()).state.resources, { other: cursor(value) }),
          dataset,
        )
        const rows = await readRows(fixture, 'other', dataset)
        assert.deepEqual(
          rows.map(({ id }) => Number(id)),
          [value],
        )
      }
    },
  },
  {
    name: 'loads: are read back, earlier ones first, with what they did [state.loads]',
    async run(fixture) {
      const before = Date.now()
      const plans = [
        { id: 1, connectorVersion: '1.0.0', startedAt: new Date('1999-12-31T23:59:59.999Z') },
        { id: 2, connectorVersion: '2.0.0-beta.1', connector: 'it\'s "odd"', startedAt: new Date('2026-01-02T03:04:05.678Z') },
        { id: 11, startedAt: new Date('2026-07-02T03:04:05Z') },
      ]
      const expected: Omit<LoadRecord, 'committedAt'>[] = []
      for (const plan of plans) {
        const records = [{ id: plan.id }, { id: plan.id + 1 }]
        const { tables } = await load(fixture, { ...plan, tables: [other], records, disposition: 'replace' })
        const { id: loadId, connector, connectorVersion, resource, startedAt } = planOf({ table: 'other', ...plan })
        expected.push({ loadId, connector, connectorVersion, resource, startedAt, tables, schemaVersion: 1 })
      }
      await withDataset(fixture, async (dataset) => {
        const { loads } = await dataset.read()
        assert.deepEqual(
          loads.map(({ committedAt: _committedAt, ...record }) => record),
          expected,
        )
        // Another machine's clock may be a little off.
        for (const { committedAt } of loads) {
          assert.ok(Math.abs(committedAt.getTime() - before) < 600_000, `committed at ${committedAt.toISOString()}`)
        }
      })
    },
  },
]

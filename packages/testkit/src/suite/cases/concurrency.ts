import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { isTributaryError } from '@tributary/core'
import { schemaOf } from '../../build/schema-of.ts'
import type { DestinationCase } from '../case.ts'
import { expectRecords, loaded } from '../expect.ts'
import { DATASET, type LoadSpec, nextState, stage, withDataset } from '../load.ts'
import { readRowsIfAny } from '../look.ts'

const a = schemaOf('a', { id: 'bigint', name: 'text' })
const b = schemaOf('b', { id: 'bigint', name: 'text' })
const primaryKey = ['id']
const many = (from: number): { id: number; name: string }[] =>
  Array.from({ length: 3000 }, (_, index) => ({ id: from + index, name: `row ${from + index}` }))

export const concurrencyCases: readonly DestinationCase[] = [
  {
    name: 'concurrency: two resources stage at once, and commit one after the other [state.resources-apart]',
    async run(fixture) {
      const first: LoadSpec = { id: 1, tables: [a], records: many(0), primaryKey, disposition: 'merge' }
      const second: LoadSpec = { id: 2, tables: [b], records: many(7), primaryKey, disposition: 'replace' }
      await withDataset(fixture, async (dataset) => {
        const [one, two] = await Promise.all([stage(dataset, first), stage(dataset, second)])
        await two.commit(await nextState(dataset, second))
        await one.commit(await nextState(dataset, first))
      })
      await expectRecords(fixture, [a], loaded(1, first.records!), primaryKey)
      await expectRecords(fixture, [b], loaded(2, second.records!), primaryKey)
      await withDataset(fixture, async (dataset) => {
        const { state, loads } = await dataset.read()
        assert.deepEqual(Object.keys(state.tables).sort(), ['a', 'b'])
        assert.deepEqual(loads.map(({ loadId }) => loadId).sort(), [1, 2])
      })
    },
  },
  {
    name: 'concurrency: one resource is aborted, the other committed [state.resources-apart]',
    async run(fixture) {
      const first: LoadSpec = { id: 1, tables: [a], records: many(0) }
      const second: LoadSpec = { id: 2, tables: [b], records: many(0) }
      await withDataset(fixture, async (dataset) => {
        const [one, two] = await Promise.all([stage(dataset, first), stage(dataset, second)])
        await one.abort()
        await two.commit(await nextState(dataset, second))
      })
      await expectRecords(fixture, [b], loaded(2, second.records!))
      assert.deepEqual(await readRowsIfAny(fixture, 'a'), [])
    },
  },
  {
    name: 'concurrency: a dataset that is in use is refused after a bounded wait [settled.two-runs.refused]',
    async run(fixture) {
      const { destination } = fixture
      await withDataset(fixture, async () => {
        const outcome = destination.open(DATASET).then(
          () => 'opened a second time',
          (error: unknown) => (isTributaryError(error) ? error.code : String(error)),
        )
        const timeout = sleep(30_000, 'still waiting after 30 s', { ref: false })
        assert.equal(await Promise.race([outcome, timeout]), 'DATASET_IN_USE')
      })
      await withDataset(fixture, async () => {})
    },
  },
  {
    name: 'concurrency: a dataset that is let go in time is opened [settled.two-runs.waits]',
    async run({ destination }) {
      const first = await destination.open(DATASET)
      const [second] = await Promise.all([destination.open(DATASET), sleep(20).then(() => first.close())])
      await second.close()
    },
  },
]

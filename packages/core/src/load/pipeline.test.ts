import { describe, expect, it } from 'vitest'
import type { Dataset, DatasetState } from './destination.ts'
import { openPipeline } from './pipeline.ts'
import type { PipelineState } from './state.ts'

const crm = { name: 'crm', version: '1.0.0' }

const NOTHING: PipelineState = { resources: {}, tables: {} }
const STATE: PipelineState = { resources: { people: {} }, tables: {} }
const TABLES: PipelineState = {
  resources: {},
  tables: { persons: { name: 'persons', resource: 'people', path: [], columns: [] } },
}

/** A dataset with a load by each of these connectors, the last of which was the last. */
function dataset(state: PipelineState, ...loads: readonly (readonly [connector: string, resource: string])[]): Dataset {
  const read: DatasetState = {
    state,
    loads: loads.map(([connector, resource], index) => ({
      loadId: index + 1,
      connector,
      connectorVersion: '1.0.0',
      resource,
      startedAt: new Date(index),
      committedAt: new Date(index),
      tables: {},
      schemaVersion: 1,
    })),
  }
  const none = (): never => {
    throw new Error('Nothing but reading is asked for.')
  }
  return { read: async () => read, rejects: none, begin: none, close: none }
}

const open = (into: Dataset, resources: readonly string[] = ['people']): Promise<unknown> =>
  openPipeline(crm, into, { dataset: 'shared', resources })

describe('a pipeline onto a dataset of several connectors', () => {
  it.each([
    ['state', STATE],
    ['tables', TABLES],
  ])('is refused where a resource of that name has %s of another connector [state.another-connector]', async (_, state) => {
    await expect(open(dataset(state, ['crm', 'people'], ['shop', 'people']))).rejects.toMatchObject({
      code: 'RESOURCE_OF_ANOTHER_CONNECTOR',
      recovery: 'fix-config',
      message: expect.stringMatching(
        /connector crm .* people .* dataset shared: .* connector shop .* --dataset .* tributary reset people --tables --dataset shared\./,
      ),
    })
  })

  it.each([
    [
      'its own connector has loaded last',
      STATE,
      [
        ['shop', 'people'],
        ['crm', 'people'],
      ],
      ['people'],
    ],
    ['that name was freed by a reset with tables', NOTHING, [['shop', 'people']], ['people']],
    ['only others of its resources were loaded by another connector', STATE, [['shop', 'people']], ['orders']],
    ['nothing was loaded yet', NOTHING, [], ['people', '__proto__']],
  ] as const)('opens where %s [state.another-connector]', async (_, state, loads, resources) => {
    await expect(open(dataset(state, ...loads), resources)).resolves.toMatchObject({ connector: crm })
  })

  it('opens for a reset, which is of no connector [state.another-connector]', async () => {
    await expect(openPipeline(crm, dataset(STATE, ['shop', 'people']))).resolves.toMatchObject({ connector: crm })
  })
})

import { type Connector, offset, type ResourceResult, resource, sync } from '@tributary/core'
import { json, startMockApi } from '@tributary/testkit'
import { type Contents, contentsOf } from '../matrix/contents.ts'
import { crm } from '../support/connector.ts'
import type { Place } from '../support/places.ts'
import type { Sequence } from './sequences.ts'

export const TABLE = 'things'

export interface Step {
  readonly result: ResourceResult
  readonly loadIds: readonly number[]
  readonly contents: Contents
}

function connectorOf(baseUrl: string, { settings, loads }: Sequence): Connector {
  const { strategy, primaryKey, mergeKey, dedupSort, hardDelete, skipUnchanged, maxTableNesting } = settings
  const merges = loads.some(({ disposition }) => disposition === 'merge') && (primaryKey.length > 0 || mergeKey.length > 0)
  return crm(baseUrl, {
    resources: {
      [TABLE]: resource({
        primaryKey,
        maxTableNesting,
        skipUnchanged,
        ...(merges && {
          writeDisposition: 'merge',
          mergeStrategy: strategy,
          mergeKey,
          ...(dedupSort !== undefined && { dedupSort: { field: dedupSort.column, order: dedupSort.order } }),
          ...(hardDelete !== undefined && { hardDelete }),
        }),
        endpoint: { path: TABLE, dataSelector: 'data', paginator: offset({ limit: 100 }) },
      }),
    },
  })
}

/** Does the loads of a sequence, over HTTP, into a dataset; `visit` is called after each. */
export async function runSequence(
  sequence: Sequence,
  { destination }: Pick<Place, 'destination'>,
  dataset: string,
  visit: (step: Step, index: number) => void,
): Promise<void> {
  let at = 0
  const api = await startMockApi({
    [`/${TABLE}`]: (request) => {
      const { records } = sequence.loads[at]!
      return json({ data: [...records], total: records.length })(request)
    },
  })
  try {
    const connector = connectorOf(api.url, sequence)
    for (; at < sequence.loads.length; at++) {
      const { disposition: writeDisposition, contract } = sequence.loads[at]!
      const { dataType, ...parts } = contract
      const schemaContract = { ...parts, ...(dataType !== undefined && { dataType }) }
      const { resources, loadIds } = await sync({ connector, destination, dataset, writeDisposition, schemaContract })
      visit({ result: resources[TABLE]!, loadIds, contents: await contentsOf({ destination } as Place, dataset) }, at)
    }
  } finally {
    await api.close()
  }
}

import type { ResolvedResource } from '../connector/resolve.ts'
import type { Normalizer } from '../normalize/normalizer.ts'
import type { LoadSession, TableChanges } from './destination.ts'
import type { Pipeline } from './pipeline.ts'
import type { LoadPlan } from './plan.ts'
import type { ResourceState } from './state.ts'

export interface ResourceLoadOptions {
  readonly resource: ResolvedResource
  readonly normalizer: Normalizer
  /** Empties the resource first. */
  readonly fullRefresh: boolean
  /** Of an unfinished run that goes on. */
  readonly firstLoadId?: number
}

/** The loads of one resource in one run: one, or several with checkpoints between them. */
export interface ResourceLoad {
  /** Stages what the normalizer has collected. */
  stage(): Promise<void>
  /** Stages the rest and commits it together with the resource's state; the next rows begin a new load. */
  commit(state: ResourceState): Promise<{ loadId: number; tables: Readonly<Record<string, TableChanges>> }>
  /** Whether there is anything that is not yet committed. */
  isEmpty(): boolean
  abort(): Promise<void>
  firstLoadId(): number
}

export function createResourceLoad(pipeline: Pipeline, options: ResourceLoadOptions): ResourceLoad {
  const { resource, normalizer, fullRefresh } = options
  let open: { plan: LoadPlan; session: LoadSession } | undefined
  let loadId = pipeline.nextLoadId()
  const firstLoadId = options.firstLoadId ?? loadId
  normalizer.startLoad(loadId)

  const begin = async (): Promise<{ plan: LoadPlan; session: LoadSession }> => {
    const plan: LoadPlan = {
      id: loadId,
      connector: pipeline.connector.name,
      connectorVersion: pipeline.connector.version,
      resource: resource.name,
      startedAt: new Date(),
      table: resource.table,
      disposition: fullRefresh ? 'replace' : resource.disposition,
      primaryKey: normalizer.keyColumns(),
      strategy: resource.strategy,
      mergeKey: [],
      keep: resource.disposition === 'merge' ? 'last' : 'all',
      removesAbsent: false,
      skipUnchanged: resource.skipUnchanged,
      recreate: fullRefresh,
      firstLoadId,
    }
    return { plan, session: await pipeline.dataset.begin(plan) }
  }
  const stage = async (): Promise<void> => {
    for (const batch of normalizer.take()) {
      open ??= await begin()
      await open.session.write(batch)
    }
  }

  return {
    stage,
    isEmpty: () => open === undefined && normalizer.isEmpty(),
    async commit(state) {
      await stage()
      open ??= await begin()
      const { plan, session } = open
      const { tables } = await pipeline.commit(session, resource.name, state, normalizer.schemas())
      open = undefined
      loadId = pipeline.nextLoadId()
      normalizer.startLoad(loadId)
      return { loadId: plan.id, tables }
    },
    async abort() {
      await open?.session.abort()
      open = undefined
    },
    firstLoadId: () => firstLoadId,
  }
}

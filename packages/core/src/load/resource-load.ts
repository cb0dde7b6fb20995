import type { ResolvedResource } from '../connector/resolve.ts'
import type { Normalizer, Rejected } from '../normalize/normalizer.ts'
import type { LoadResult, LoadSession } from './destination.ts'
import { createKeptRejects, type KeptRejects } from './kept-rejects.ts'
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
  /** Asked at the commit: whether all that there is was read. */
  readonly hasEverything: () => boolean
  /** Called for what contracts left out, as far as it is staged. */
  readonly onRejected: (counts: Rejected['counts']) => void
}

/** The loads of one resource in one run: one, or several with checkpoints between them. */
export interface ResourceLoad {
  /** Stages what the normalizer has collected. */
  stage(): Promise<void>
  /** Stages the rest and commits it together with the resource's state; the next rows begin a new load. */
  commit(state: ResourceState): Promise<LoadResult & { readonly loadId: number }>
  /** Whether there is anything that is not yet committed. */
  isEmpty(): boolean
  abort(): Promise<void>
  firstLoadId(): number
}

export function createResourceLoad(pipeline: Pipeline, options: ResourceLoadOptions): ResourceLoad {
  const { resource, normalizer, onRejected } = options
  let open: { plan: LoadPlan; session: LoadSession } | undefined
  let loadId = pipeline.nextLoadId()
  const firstLoadId = options.firstLoadId ?? loadId
  normalizer.startLoad(loadId)
  const kept = createKeptRejects(resource, pipeline.dataset, { keyOf: normalizer.keyOf, firstLoadId })

  const begin = async (): Promise<{ plan: LoadPlan; session: LoadSession }> => {
    await kept.read()
    const plan = planLoad(pipeline, { ...options, kept }, loadId, firstLoadId)
    return { plan, session: await pipeline.dataset.begin(plan) }
  }
  const stage = async (): Promise<void> => {
    const batches = normalizer.take()
    const rejected = normalizer.takeRejected()
    onRejected(rejected.counts)
    const rejects = await kept.add(rejected, loadId)
    if (batches.length === 0 && rejects.length === 0) return
    open ??= await begin()
    const { plan, session } = open
    for (const batch of batches) {
      kept.meet(batch, plan)
      await session.write(batch)
    }
    if (rejects.length > 0) await session.reject(rejects)
  }

  return {
    stage,
    isEmpty: () => open === undefined && normalizer.isEmpty(),
    async commit(state) {
      await stage()
      open ??= await begin()
      const { plan, session } = open
      const result = await pipeline.commit(session, resource.name, state, normalizer.schemas())
      open = undefined
      kept.committed()
      loadId = pipeline.nextLoadId()
      normalizer.startLoad(loadId)
      return { ...result, loadId: plan.id }
    },
    async abort() {
      await open?.session.abort()
      open = undefined
    },
    firstLoadId: () => firstLoadId,
  }
}

/** Columns are named as they are when the plan is read: the session begins before all of them have come. */
export function planLoad(
  pipeline: Pipeline,
  options: Pick<ResourceLoadOptions, 'resource' | 'normalizer' | 'fullRefresh' | 'hasEverything'> & {
    readonly kept: KeptRejects
  },
  id: number,
  firstLoadId: number,
  /** The load whose rejects are put through again. */
  replays?: number,
): LoadPlan {
  const { resource, normalizer, fullRefresh, hasEverything, kept } = options
  const { disposition, strategy, mergeKey, dedupSort, hardDelete } = resource
  const merges = disposition === 'merge'
  const columnsOf = (paths: readonly string[]): readonly string[] => paths.flatMap((path) => normalizer.columnOf(path) ?? [])
  return {
    id,
    connector: pipeline.connector.name,
    connectorVersion: pipeline.connector.version,
    resource: resource.name,
    startedAt: pipeline.nextStart(),
    table: resource.table,
    disposition: fullRefresh ? 'replace' : disposition,
    strategy,
    get primaryKey() {
      return normalizer.keyColumns()
    },
    get mergeKey() {
      return merges ? columnsOf(mergeKey) : []
    },
    keep: keptOf(resource),
    get dedupSort() {
      const [column] = merges && dedupSort !== undefined ? columnsOf([dedupSort.path]) : []
      return column === undefined ? undefined : { column, order: dedupSort!.order }
    },
    get hardDelete() {
      return merges && hardDelete !== undefined ? normalizer.columnOf(hardDelete) : undefined
    },
    get removesAbsent() {
      // A merge key that has no column yet came with no record, and bounds what ends to nothing.
      const isBounded = columnsOf(mergeKey).length < mergeKey.length
      return merges && (strategy === 'mirror' || strategy === 'scd2') && !isBounded && hasEverything()
    },
    skipUnchanged: resource.skipUnchanged,
    recreate: fullRefresh,
    firstLoadId,
    get outdatedRejects() {
      return kept.outdated(this.removesAbsent, id)
    },
    ...(replays !== undefined && { replays }),
  }
}

function keptOf({ disposition, strategy, primaryKey }: ResolvedResource): LoadPlan['keep'] {
  if (disposition !== 'merge' || (primaryKey.length === 0 && strategy !== 'scd2')) return 'all'
  return strategy === 'insert-only' ? 'first' : 'last'
}

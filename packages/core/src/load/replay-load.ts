import type { ResolvedResource } from '../connector/resolve.ts'
import { createNormalizer, type Normalizer } from '../normalize/normalizer.ts'
import type { LoadResult, LoadSession } from './destination.ts'
import { createKeptRejects, type KeptRejects } from './kept-rejects.ts'
import { ownValue } from './own-value.ts'
import type { Pipeline } from './pipeline.ts'
import type { LoadPlan } from './plan.ts'
import { planLoad } from './resource-load.ts'

export interface ReplayLoadOptions {
  readonly pipeline: Pipeline
  readonly resource: ResolvedResource
  readonly identifierLimit: number
  /** The load whose rejects are put through again. */
  readonly load: number
  /** What is left out again is kept; else it is only counted. */
  readonly keepRejects: boolean
  readonly warn: (message: string) => void
}

export interface ReplayedLoad extends LoadResult {
  /** Undefined: all was left out again, so that there was nothing to commit. */
  readonly loadId?: number
  /** Records that were put through again. */
  readonly records: number
  /** Those of them that are kept: they were left out again, and none that came after them was loaded in their stead. */
  readonly stillKept: number
  readonly rejected: ReturnType<Normalizer['takeRejected']>['counts']
}

/** Whether the strategy replaces the row of a key, also where it has the same record: then it can be mended. */
export const replacesRows = ({ disposition, strategy, primaryKey }: ResolvedResource): boolean =>
  disposition === 'merge' && primaryKey.length > 0 && strategy !== 'insert-only' && strategy !== 'scd2'

/** Puts the rejects of one load through again, and commits them as of that load. Those that are left out again stay as they were. */
export async function replayLoad(options: ReplayLoadOptions): Promise<ReplayedLoad> {
  const { pipeline, resource, load, warn } = options
  const { name } = resource
  const { tables, resources } = pipeline.state()
  const normalizer = createNormalizer({
    shape: resource,
    stored: Object.values(tables).filter((table) => table.resource === name),
    tableOwners: new Map(Object.values(tables).map((table) => [table.name, table.resource])),
    identifierLimit: options.identifierLimit,
    warn,
    keepRejects: true,
  })
  const id = pipeline.nextLoadId()
  const kept = createKeptRejects(resource, pipeline.dataset, { keyOf: normalizer.keyOf, firstLoadId: id, replays: load })
  const merges = resource.disposition === 'merge' && (resource.primaryKey.length > 0 || resource.strategy === 'scd2')
  const plan = planLoad(
    pipeline,
    {
      // Its partitions are not all here, and nothing is known of what is not.
      resource: { ...resource, disposition: merges ? 'merge' : 'append', mergeKey: [] },
      normalizer,
      fullRefresh: false,
      hasEverything: () => false,
      kept,
    },
    id,
    id,
    load,
  )
  const session = await pipeline.dataset.begin(plan)
  try {
    const { rows, ...counts } = await stageRejects(options, { normalizer, kept, plan, session })
    if (rows === 0 && counts.stillKept === counts.records) {
      await session.abort()
      return { tables: {}, ...counts }
    }
    const result = await pipeline.commit(session, name, ownValue(resources, name), normalizer.schemas())
    return { ...result, ...counts, loadId: id }
  } catch (error) {
    await session.abort()
    throw error
  }
}

interface Stage {
  readonly normalizer: Normalizer
  readonly kept: KeptRejects
  readonly plan: LoadPlan
  readonly session: LoadSession
}

async function stageRejects(
  { pipeline, resource, load, keepRejects }: ReplayLoadOptions,
  { normalizer, kept, plan, session }: Stage,
): Promise<Pick<ReplayedLoad, 'records' | 'stillKept' | 'rejected'> & { rows: number }> {
  const mends = replacesRows(resource)
  const rejected: Record<string, Record<string, number>> = {}
  let records = 0
  let leftOut = 0
  let rows = 0
  const stage = async (): Promise<void> => {
    const batches = normalizer.take()
    const taken = normalizer.takeRejected()
    leftOut += taken.rejects.length
    for (const [table, reasons] of Object.entries(taken.counts)) {
      const sum = Object.hasOwn(rejected, table) ? rejected[table]! : {}
      for (const [reason, count] of Object.entries(reasons)) sum[reason] = (sum[reason] ?? 0) + count
      Object.defineProperty(rejected, table, { value: sum, enumerable: true, configurable: true, writable: true })
    }
    const again = taken.rejects.map((reject) => ({ ...reject, loadId: load }))
    if (keepRejects) await kept.add({ ...taken, rejects: again }, load)
    for (const batch of batches) {
      rows += batch.rowCount
      kept.meet(batch, plan)
      await session.write(batch)
    }
    if (again.length > 0 && keepRejects) await session.reject(again)
  }
  for await (const reject of pipeline.dataset.rejects(resource.name)) {
    const { loadId, sequence, kind, record } = reject
    if (loadId !== load) continue
    if (kind === 'part' && !mends) {
      // Its row is in the table, and cannot be told from others.
      await session.reject([reject])
      continue
    }
    records++
    normalizer.startLoad(plan.id, sequence)
    normalizer.write([record], sequence - 1, false)
    if (normalizer.isFull()) await stage()
  }
  await stage()
  const stillKept = keepRejects ? leftOut - kept.outdated(false, plan.id).length : 0
  return { records, stillKept, rejected, rows }
}

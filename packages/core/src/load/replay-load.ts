import type { ResolvedResource } from '../connector/resolve.ts'
import { createNormalizer, type Normalizer } from '../normalize/normalizer.ts'
import type { LoadResult, LoadSession } from './destination.ts'
import { ownValue } from './own-value.ts'
import type { Pipeline } from './pipeline.ts'
import type { Reject } from './reject.ts'
import { planLoad } from './resource-load.ts'
import type { ResourceState } from './state.ts'

export interface ReplayLoadOptions {
  readonly pipeline: Pipeline
  readonly resource: ResolvedResource
  readonly identifierLimit: number
  /** The load whose rejects are put through again. */
  readonly load: number
  /** All loads that have rejects of the resource. */
  readonly loadsWithRejects: readonly number[]
  /** What is left out again is kept; else it is only counted. */
  readonly keepRejects: boolean
  readonly warn: (message: string) => void
}

export interface ReplayedLoad extends LoadResult {
  /** Undefined: all was left out again, so that there was nothing to commit. */
  readonly loadId?: number
  /** Records that were put through again, and those of them that were left out again. */
  readonly records: number
  readonly leftOut: number
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
  normalizer.startLoad(id)
  const known = ownValue(resources, name) ?? {}
  const merges = resource.disposition === 'merge' && (resource.primaryKey.length > 0 || resource.strategy === 'scd2')
  const plan = planLoad(
    pipeline,
    {
      // Its partitions are not all here, and nothing is known of what is not.
      resource: { ...resource, disposition: merges ? 'merge' : 'append', mergeKey: [] },
      normalizer,
      fullRefresh: false,
      hasEverything: () => false,
    },
    id,
    id,
    { load, before: olderLoads(known, load) },
  )
  const session = await pipeline.dataset.begin(plan)
  try {
    const { rows, ...counts } = await stageRejects(options, normalizer, session)
    if (rows === 0 && counts.leftOut === counts.records && options.keepRejects) {
      await session.abort()
      return { tables: {}, ...counts }
    }
    const state = { ...known, replayed: { ...neededReplays(known, options), [id]: load } }
    const result = await pipeline.commit(session, name, state, normalizer.schemas())
    return { ...result, ...counts, loadId: id }
  } catch (error) {
    await session.abort()
    throw error
  }
}

async function stageRejects(
  { pipeline, resource, load, keepRejects }: ReplayLoadOptions,
  normalizer: Normalizer,
  session: LoadSession,
): Promise<Pick<ReplayedLoad, 'records' | 'leftOut' | 'rejected'> & { rows: number }> {
  const mends = replacesRows(resource)
  const rejected: Record<string, Record<string, number>> = {}
  /** As they were, in the order of what the normalizer was given since it was asked last. */
  let given: Reject[] = []
  let records = 0
  let leftOut = 0
  let rows = 0
  const stage = async (): Promise<void> => {
    for (const batch of normalizer.take()) {
      rows += batch.rowCount
      await session.write(batch)
    }
    const { counts, rejects } = normalizer.takeRejected()
    const first = records - given.length + 1
    const again = rejects.map((reject) => {
      const { loadId, sequence } = given[reject.sequence - first]!
      return { ...reject, loadId, sequence }
    })
    leftOut += again.length
    for (const [table, reasons] of Object.entries(counts)) {
      const sum = Object.hasOwn(rejected, table) ? rejected[table]! : {}
      for (const [reason, count] of Object.entries(reasons)) sum[reason] = (sum[reason] ?? 0) + count
      Object.defineProperty(rejected, table, { value: sum, enumerable: true, configurable: true, writable: true })
    }
    given = []
    if (again.length > 0 && keepRejects) await session.reject(again)
  }
  for await (const reject of pipeline.dataset.rejects(resource.name)) {
    if (reject.loadId !== load) continue
    if (reject.kind === 'part' && !mends) {
      // Its row is in the table, and cannot be told from others.
      await session.reject([reject])
      continue
    }
    given.push(reject)
    normalizer.write([reject.record], records++, false)
    if (normalizer.isFull()) await stage()
  }
  await stage()
  return { records, leftOut, rejected, rows }
}

/** Loads after `load` that put rejects of it, or of earlier ones, through again. */
const olderLoads = ({ replayed = {} }: ResourceState, load: number): number[] =>
  Object.entries(replayed).flatMap(([id, of]) => (of <= load ? [Number(id)] : []))

/** What still has to be known of earlier replays: they matter to rejects of loads that were between. */
function neededReplays({ replayed = {} }: ResourceState, { loadsWithRejects }: ReplayLoadOptions): Record<string, number> {
  const matters = ([id, of]: [string, number]): boolean => loadsWithRejects.some((load) => of <= load && load < Number(id))
  return Object.fromEntries(Object.entries(replayed).filter(matters))
}

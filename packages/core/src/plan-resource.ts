import type { ResolvedResource } from './connector/resolve.ts'
import { type CursorBounds, plainRule } from './extract/incremental.ts'
import { createLedger, type Ledger } from './extract/ledger.ts'
import { paginatorMark } from './extract/paginator-mark.ts'
import { ownValue } from './load/own-value.ts'
import type { Cursors, PendingState, ResourceState } from './load/state.ts'
import type { SyncOptions } from './run.ts'

/** What a resource starts from, and how it ends. */
export interface ResourcePlan {
  readonly fullRefresh: boolean
  readonly pending: PendingState | undefined
  /** Of the listing at the root, for what this run may leave. */
  readonly paginator: string | undefined
  /** An unfinished run is not gone on with, because the listing has another paginator by now. */
  readonly startsOver: boolean
  /** What it remembers of finished runs, as far as it counts in this one. */
  readonly stored: ResourceState
  /** By the resource whose records they are of. */
  readonly ledgers: ReadonlyMap<string, Ledger>
  /** Of those whose listings are cut by the run's limit, the ones whose order says that nothing older is left behind. */
  readonly movesWithLimit: ReadonlySet<string>
  /** A backfill: it leaves cursors and pending requests as they are. */
  readonly keepsState: boolean
  /** Not for what is only right as a whole, and not for what leaves no state to go on from. */
  readonly canCheckpoint: boolean
}

/** `known`: what the resource remembers. `lineage`: the resources that it depends on, the furthest first, and itself. */
export function planResource(
  known: ResourceState,
  options: Pick<SyncOptions, 'fullRefresh' | 'window' | 'limit'>,
  lineage: readonly ResolvedResource[],
): ResourcePlan {
  const { window, limit, fullRefresh = false } = options
  const resource = lineage.at(-1)!
  // What is to be complete does not start where another run has ended.
  const isAnew = fullRefresh || resource.disposition === 'replace'
  const stored = isAnew ? {} : known
  const keepsState = window !== undefined
  const paginator = paginatorMark(lineage[0]!.paginator)
  // What a run with another disposition has left is read again as a whole, where only the whole will do.
  const left = isAnew || isOneLoad(resource) || keepsState || limit !== undefined ? undefined : stored.pending
  const isOtherwise = left?.paginator !== undefined && left.paginator !== paginator
  const pending = isOtherwise ? undefined : left
  const ledgers = new Map<string, Ledger>()
  for (const each of lineage) {
    const inWindow = window !== undefined && each.isLoaded && each.cursor !== undefined
    const rule = each.incremental ?? (inWindow ? plainRule(each.cursor!) : undefined)
    if (rule === undefined) continue
    const bounds = inWindow ? windowBounds(window) : undefined
    ledgers.set(
      each.name,
      createLedger({
        rule,
        stored: window === undefined ? ((stored.cursors && ownValue(stored.cursors, each.name)) ?? {}) : {},
        progress: (pending?.cursors && ownValue(pending.cursors, each.name)) ?? {},
        ...(bounds !== undefined && { window: bounds }),
        keepBoundary: resource.disposition === 'append',
        isResumed: pending !== undefined,
      }),
    )
  }
  const isOrdered = ({ parent, incremental }: ResolvedResource): boolean =>
    parent !== undefined || (incremental?.rowOrder === 'asc' && incremental.direction === 1)
  const movesWithLimit = new Set(lineage.filter(isOrdered).map(({ name }) => name))
  const leavesMarks = [...ledgers.values()].every((ledger) => ledger.keepsState)
  const canCheckpoint = !isAnew && limit === undefined && leavesMarks && !isOneLoad(resource)
  return { fullRefresh, pending, paginator, startsOver: isOtherwise, stored, ledgers, movesWithLimit, keepsState, canCheckpoint }
}

/** What these end or delete is only known when all was read, and half a partition would take the place of a whole one. */
const isOneLoad = ({ disposition, strategy, mergeKey }: ResolvedResource): boolean =>
  disposition === 'merge' && (strategy === 'scd2' || strategy === 'mirror' || mergeKey.length > 0)

const windowBounds = ({ from, to }: NonNullable<SyncOptions['window']>): CursorBounds => ({
  ...(from !== undefined && { start: from }),
  ...(to !== undefined && { end: to }),
})

/** How far it has come, when all that passed is loaded. `moves`: the resources whose marks count. */
export function cursorsOf(
  { ledgers, stored }: ResourcePlan,
  moves: (resource: string) => boolean = () => true,
): Cursors | undefined {
  const cursors = [...ledgers].map(([name, ledger]) => {
    const known = (stored.cursors && ownValue(stored.cursors, name)) ?? {}
    return [name, moves(name) ? ledger.state() : known] as const
  })
  const marked = cursors.filter(([, marks]) => Object.keys(marks).length > 0)
  return marked.length === 0 ? undefined : Object.fromEntries(marked)
}

/** What it remembers when it is done. */
export function finalState(plan: ResourcePlan, known: ResourceState, isSample: boolean): ResourceState {
  if (plan.keepsState) return known
  // A sample leaves an unfinished run to be gone on with.
  if (isSample && known.pending !== undefined && !plan.fullRefresh) return known
  const cursors = cursorsOf(plan, (name) => !isSample || plan.movesWithLimit.has(name))
  return { ...(cursors !== undefined && { cursors }) }
}

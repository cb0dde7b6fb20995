import type { ResolvedResource } from './connector/resolve.ts'
import { toTributaryError } from './errors.ts'
import type { SyncEventListener } from './events.ts'
import { type CursorTracker, trackCursor } from './extract/cursor.ts'
import { extract } from './extract/extract.ts'
import { packRequest, unpackRequest } from './extract/pending.ts'
import type { ApiClient } from './http/client.ts'
import type { Redactor } from './http/redact.ts'
import type { JsonValue, PageRequest } from './http/request.ts'
import type { TableChanges } from './load/destination.ts'
import type { Pipeline } from './load/pipeline.ts'
import { createResourceLoad, type ResourceLoad } from './load/resource-load.ts'
import type { CursorState, PendingState, ResourceState } from './load/state.ts'
import { createNormalizer, type Normalizer } from './normalize/normalizer.ts'
import type { ResourceResult, SyncOptions, TableResult } from './run.ts'

const CHECKPOINT_ROWS = 1_000_000
const CHECKPOINT_SECONDS = 60

export interface ResourceRun {
  readonly resource: ResolvedResource
  readonly pipeline: Pipeline
  readonly client: ApiClient
  readonly redactor: Redactor
  /** Tables of the dataset and the resources that they belong to. */
  readonly tableOwners: Map<string, string>
  readonly options: Pick<SyncOptions, 'fullRefresh' | 'window' | 'limit' | 'checkpoint'>
  readonly identifierLimit: number
  readonly signal: AbortSignal
  readonly emit: SyncEventListener
}

/** Counts of a run that is under way. */
interface Tally {
  pages: number
  requests: number
  retries: number
  records: number
  filtered: number
  readonly tables: Record<string, TableResult>
  readonly warnings: string[]
}

/** Runs one resource to its end. Never throws: what went wrong is in the result, and nothing uncommitted is left. */
export async function runResource(run: ResourceRun): Promise<ResourceResult> {
  const { resource, emit, redactor, signal } = run
  const started = performance.now()
  const tally: Tally = { pages: 0, requests: 0, retries: 0, records: 0, filtered: 0, tables: {}, warnings: [] }
  const finish = (result: Pick<ResourceResult, 'status' | 'error'>): ResourceResult => {
    emit({ type: 'resource-finished', resource: resource.name, status: result.status })
    return { ...tally, ...result, seconds: (performance.now() - started) / 1000 }
  }
  try {
    await loadResource(run, tally)
    return finish({ status: 'ok' })
  } catch (thrown) {
    if (signal.aborted) return finish({ status: 'interrupted' })
    const { code, recovery, message } = toTributaryError(thrown)
    return finish({ status: 'failed', error: { code, recovery, message: redactor.text(message) } })
  }
}

async function loadResource(run: ResourceRun, tally: Tally): Promise<void> {
  const { resource, pipeline, client, redactor, signal, emit } = run
  const plan = planRun(run)
  emit({ type: 'resource-started', resource: resource.name, resumed: plan.pending !== undefined })
  const warn = (message: string): void => {
    const text = redactor.text(message)
    if (tally.warnings.includes(text)) return
    tally.warnings.push(text)
    emit({ type: 'warning', resource: resource.name, message: text })
  }
  const normalizer = createNormalizer({
    shape: resource,
    stored: plan.fullRefresh ? [] : Object.values(pipeline.state().tables).filter((table) => table.resource === resource.name),
    tableOwners: run.tableOwners,
    identifierLimit: run.identifierLimit,
    warn,
  })
  const load = createResourceLoad(pipeline, {
    resource,
    normalizer,
    fullRefresh: plan.fullRefresh,
    ...(plan.pending !== undefined && { firstLoadId: plan.pending.firstLoadId }),
  })
  try {
    const commit = async (state: ResourceState, checkpoint: boolean): Promise<void> => {
      const { loadId, tables } = await load.commit(state)
      addChanges(tally.tables, tables)
      emit({ type: 'committed', resource: resource.name, loadId, checkpoint, tables })
    }
    const isDue = checkpointClock(run, plan)
    for await (const page of extract({
      resource,
      client,
      redactor,
      signal,
      warn,
      first: plan.first,
      ...(plan.pending !== undefined && { resume: plan.pending.requests.map((request) => unpackRequest(request, plan.first)) }),
      observer: {
        onRequest: () => tally.requests++,
        onRetry: (retry) => {
          tally.retries++
          emit({ type: 'retry', resource: resource.name, ...retry, reason: redactor.text(retry.reason) })
        },
      },
    })) {
      signal.throwIfAborted()
      const kept = withinCursor(plan.tracker, page.records, tally.records)
      normalizer.write(kept, tally.records, page.mayRepeat, page.bytes)
      tally.pages++
      tally.records += page.records.length
      tally.filtered += page.records.length - kept.length
      emit({
        type: 'page',
        resource: resource.name,
        records: page.records.length,
        ...(page.total !== undefined && { total: page.total }),
      })
      if (page.mayRepeat)
        warn('Records vanished from the listing while it was read; the pages around them were read again, so that none is lost.')
      if (normalizer.isFull()) await load.stage()
      if (tally.pages === run.options.limit) break
      if (isDue(kept.length)) await commit(unfinishedState(plan, load, page.pending()), true)
    }
    signal.throwIfAborted()
    const state = finalState(run, plan)
    if (isWorthALoad(run, plan, load, normalizer, state)) await commit(state, false)
  } finally {
    await load.abort()
  }
}

/** What a run of a resource starts from, and how it ends. */
interface RunPlan {
  readonly first: PageRequest
  readonly fullRefresh: boolean
  readonly pending: PendingState | undefined
  readonly start: CursorState | undefined
  readonly tracker: CursorTracker | undefined
  /** A sample or a backfill: it leaves cursors and pending requests as they are. */
  readonly keepsState: boolean
}

function planRun({ resource, pipeline, options }: ResourceRun): RunPlan {
  const { window, limit, fullRefresh = false } = options
  const stored = fullRefresh ? {} : (pipeline.state().resources[resource.name] ?? {})
  const keepsState = window !== undefined || limit !== undefined
  const pending = keepsState || resource.disposition === 'replace' ? undefined : stored.pending
  const start = window === undefined ? startCursor(resource, pending === undefined ? stored.cursor : pending.start) : undefined
  const from = window === undefined ? start?.value : window.from
  const known = pending === undefined ? stored.cursor : (pending.cursor ?? stored.cursor)
  return {
    first: firstRequest(resource, from, window?.to),
    fullRefresh,
    pending,
    start,
    tracker: createTracker(resource, from, start, window, known),
    keepsState,
  }
}

function startCursor(resource: ResolvedResource, stored: CursorState | undefined): CursorState | undefined {
  const { incremental, cursor } = resource
  if (incremental === undefined || cursor === undefined) return undefined
  if (stored !== undefined && stored.path === cursor) return stored
  return incremental.initialValue === undefined ? undefined : { path: cursor, value: incremental.initialValue }
}

function firstRequest(
  { request, incremental }: ResolvedResource,
  from: JsonValue | undefined,
  to: string | undefined,
): PageRequest {
  const params = { ...request.params }
  if (incremental?.startParam !== undefined && from !== undefined) params[incremental.startParam] = String(from)
  if (incremental?.endParam !== undefined && to !== undefined) params[incremental.endParam] = to
  return { ...request, params }
}

function createTracker(
  resource: ResolvedResource,
  from: JsonValue | undefined,
  start: CursorState | undefined,
  window: SyncOptions['window'],
  known: CursorState | undefined,
): CursorTracker | undefined {
  if (resource.cursor === undefined || (resource.incremental === undefined && window === undefined)) return undefined
  const range = {
    ...(from !== undefined && { start: from }),
    ...(window?.to !== undefined && { end: window.to }),
    ...(start?.boundary !== undefined && { boundary: start.boundary }),
  }
  return trackCursor(resource.name, resource.cursor, range, known, resource.disposition === 'append')
}

function withinCursor(tracker: CursorTracker | undefined, records: readonly JsonValue[], position: number): readonly JsonValue[] {
  return tracker === undefined ? records : records.filter((record, index) => tracker.accepts(record, position + index))
}

/** Whether rows or seconds since the last commit ask for a checkpoint. */
function checkpointClock({ resource, options }: ResourceRun, plan: RunPlan): (rows: number) => boolean {
  const { rows: everyRows = CHECKPOINT_ROWS, seconds: everySeconds = CHECKPOINT_SECONDS } = options.checkpoint ?? {}
  // What only becomes visible as a whole, and what leaves no state to resume from, is one load.
  const never = resource.disposition === 'replace' || plan.fullRefresh || plan.keepsState
  let rows = 0
  let since = performance.now()
  return (added) => {
    rows += added
    if (never || rows === 0 || (rows < everyRows && performance.now() - since < everySeconds * 1000)) return false
    rows = 0
    since = performance.now()
    return true
  }
}

function unfinishedState(
  { first, tracker, start }: RunPlan,
  load: ResourceLoad,
  requests: readonly PageRequest[],
): ResourceState {
  const cursor = tracker?.state()
  return {
    ...(start !== undefined && { cursor: start }),
    pending: {
      requests: requests.map((request) => packRequest(request, first)),
      firstLoadId: load.firstLoadId(),
      ...(cursor !== undefined && { cursor }),
      ...(start !== undefined && { start }),
    },
  }
}

function finalState({ resource, pipeline }: ResourceRun, plan: RunPlan): ResourceState {
  if (plan.keepsState) return plan.fullRefresh ? {} : (pipeline.state().resources[resource.name] ?? {})
  const cursor = plan.tracker?.state()
  return cursor === undefined ? {} : { cursor }
}

/** A run that brought nothing new makes no load. */
function isWorthALoad(
  { resource, pipeline }: ResourceRun,
  plan: RunPlan,
  load: ResourceLoad,
  normalizer: Normalizer,
  state: ResourceState,
): boolean {
  if (!load.isEmpty() || plan.fullRefresh || plan.pending !== undefined) return true
  const { resources, tables } = pipeline.state()
  if (JSON.stringify(resources[resource.name] ?? {}) !== JSON.stringify(state)) return true
  if (tables[resource.table] === undefined)
    return resource.disposition === 'replace' || normalizer.schemas().some((schema) => schema.columns.length > 0)
  return resource.disposition === 'replace'
}

function addChanges(sum: Record<string, TableResult>, tables: Readonly<Record<string, TableChanges>>): void {
  for (const [table, changes] of Object.entries(tables)) {
    const before = sum[table] ?? { inserted: 0, updated: 0, deleted: 0, unchanged: 0, rejected: 0, rejectedBy: {} }
    sum[table] = {
      ...before,
      inserted: before.inserted + changes.inserted,
      updated: before.updated + changes.updated,
      deleted: before.deleted + changes.deleted,
      unchanged: before.unchanged + changes.unchanged,
    }
  }
}

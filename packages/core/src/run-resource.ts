import { createCompleteness, type Shortfall } from './completeness.ts'
import type { ResolvedResource } from './connector/resolve.ts'
import { toTributaryError } from './errors.ts'
import type { SyncEventListener } from './events.ts'
import type { ExtractedPage } from './extract/extract.ts'
import type { CursorBounds } from './extract/incremental.ts'
import type { Ledger } from './extract/ledger.ts'
import { packRequest } from './extract/pending.ts'
import type { RequestObserver } from './http/client.ts'
import type { Redactor } from './http/redact.ts'
import type { JsonValue, PageRequest } from './http/request.ts'
import { ownValue } from './load/own-value.ts'
import type { Pipeline } from './load/pipeline.ts'
import { createResourceLoad } from './load/resource-load.ts'
import type { PendingState, ResourceState } from './load/state.ts'
import { createNormalizer, type Rejected } from './normalize/normalizer.ts'
import { cursorsOf, finalState, planResource } from './plan-resource.ts'
import type { ResourceResult, ResourceStatus, SyncOptions, TableResult } from './run.ts'
import type { ScannedBody } from './scan/page-scanner.ts'
import { addChanges, addRejected, rejectedEvents } from './table-results.ts'
import { isWorthALoad } from './worth-a-load.ts'

/** Warnings of a resource that are told one by one: there may be one for each of a million parents. */
const WARNINGS = 20

/** A link or a cursor may be too old by then. */
const GOES_ON =
  ' This run goes on where one was cut off: if what it asks for is no longer valid there, a full refresh starts from the beginning.'

/** What all resources of a run have in common. */
export interface RunContext {
  readonly pipeline: Pipeline
  readonly redactor: Redactor
  /** Tables of the dataset and the resources that they belong to. */
  readonly tableOwners: Map<string, string>
  readonly options: Pick<SyncOptions, 'fullRefresh' | 'window' | 'limit' | 'checkpoint' | 'keepRejects'>
  readonly identifierLimit: number
  readonly signal: AbortSignal
  readonly emit: SyncEventListener
}

/** A resource that is loaded: from its pages to its commits and its result. What goes wrong ends it, and nobody else. */
export interface ResourceRun {
  readonly resource: ResolvedResource
  /** False once it failed or was skipped. */
  isAlive(): boolean
  /** What an unfinished run left, where this one goes on with it. */
  readonly pending: PendingState | undefined
  /** How far it has come in the records of a resource: its own, or one that it depends on. Undefined: that one is not incremental. */
  ledgerOf(resource: string): Ledger | undefined
  readonly observer: RequestObserver
  /** With a topic, only the first warning of it is told; the others are counted. */
  warn(message: string, topic?: string): void
  /** Notes that something that the API has does not come, and why: so that reads behind `because`. */
  fallsShort(reason: string, kind: Shortfall): void
  /** Takes the rows of a page. `left`: records that its cursor left out. */
  write(page: ExtractedPage, records: readonly JsonValue[], left: number): Promise<void>
  /** The same of a page that was read as rows. `isTaken`: which of its records are wanted; undefined: all. */
  writeRows(page: ExtractedPage, isTaken: ((index: number) => boolean) | undefined, left: number): Promise<void>
  /** Reads the records of a body as rows, see `Normalizer.scan`. */
  scan(bytes: Buffer, path: readonly string[], done: () => void): ScannedBody | undefined
  /** Commits what there is, and the requests that are left; does nothing where only the whole may be seen. */
  checkpoint(requests: readonly PageRequest[], first: PageRequest, bounds: CursorBounds): Promise<void>
  /** Commits what is not yet committed. */
  finish(): Promise<void>
  /** `by`: another resource, without which this one cannot be read. */
  fail(error: unknown, by?: string): Promise<void>
  result(): ResourceResult
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

/** Starts to load a resource. `lineage`: the resources that it depends on, the furthest first, and itself. */
export function startResource(context: RunContext, lineage: readonly ResolvedResource[]): ResourceRun {
  const { pipeline, redactor, emit, options } = context
  const resource = lineage.at(-1)!
  const { name } = resource
  const started = performance.now()
  const tally: Tally = { pages: 0, requests: 0, retries: 0, records: 0, filtered: 0, tables: {}, warnings: [] }
  const plan = planResource(ownValue(pipeline.state().resources, name) ?? {}, options, lineage)
  let moreWarnings = 0
  const topics = new Set<string>()
  const warn = (message: string, topic?: string): void => {
    const text = redactor.message(message)
    if (tally.warnings.includes(text)) return
    if (tally.warnings.length >= WARNINGS || (topic !== undefined && topics.has(topic))) {
      moreWarnings++
      return
    }
    if (topic !== undefined) topics.add(topic)
    tally.warnings.push(text)
    emit({ type: 'warning', resource: name, message: text })
  }
  const isMerge = resource.disposition === 'merge'
  if (options.limit !== undefined && (plan.fullRefresh || resource.disposition === 'replace'))
    warn('The sample takes the place of the whole table. Run again without the limit to have all of it.')
  else if (options.limit !== undefined && isMerge && resource.strategy === 'delete-insert' && resource.mergeKey.length > 0)
    warn('The sample takes the place of whole partitions. Run again without the limit to have all of them.')
  const completeness = createCompleteness()
  // With a merge key, nothing beyond what came is ended.
  const withinRange = resource.strategy === 'scd2' && resource.mergeKey.length > 0
  const removes = isMerge && !plan.fullRefresh && (resource.strategy === 'mirror' || resource.strategy === 'scd2')
  if (options.limit !== undefined) completeness.fallsShort('there was a limit', 'other')
  if (options.window !== undefined) completeness.fallsShort('a window was asked for', 'range')
  const tablesBefore = Object.values(pipeline.state().tables).filter((table) => table.resource === name)
  const cursor = plan.ledgers.get(name)?.rule.path
  const normalizer = createNormalizer({
    shape: resource,
    stored: plan.fullRefresh ? [] : tablesBefore,
    knownTables: new Set(tablesBefore.map((table) => table.name)),
    newTables: new Set(plan.pending?.newTables),
    tableOwners: context.tableOwners,
    identifierLimit: context.identifierLimit,
    warn,
    keepRejects: options.keepRejects ?? false,
    ...(cursor !== undefined && { cursor }),
  })
  const load = createResourceLoad(pipeline, {
    resource,
    normalizer,
    fullRefresh: plan.fullRefresh,
    hasEverything: () => completeness.isComplete(withinRange),
    onRejected(counts) {
      addRejected(tally.tables, counts)
      for (const event of rejectedEvents(name, counts)) emit(event)
      if (leavesRecordsOut(resource, ownValue(counts, resource.table) ?? {}))
        completeness.fallsShort('a contract left records out', 'other')
    },
    ...(plan.pending !== undefined && { firstLoadId: plan.pending.firstLoadId }),
  })
  emit({ type: 'resource-started', resource: name, resumed: plan.pending !== undefined })
  if (plan.startsOver) {
    const twice =
      resource.disposition === 'append' ? ', and what it had appended is appended again unless its cursor tells it apart' : ''
    warn(
      `The last run of ${name} was cut off, and its pages are counted otherwise by now: they are read from the beginning${twice}. A full refresh makes it as new.`,
    )
  }

  const newTables = (): string[] => {
    const before = new Set(tablesBefore.map((table) => table.name))
    for (const table of plan.pending?.newTables ?? []) before.delete(table)
    return normalizer.schemas().flatMap((schema) => (before.has(schema.name) ? [] : [schema.name]))
  }
  let end: Pick<ResourceResult, 'status' | 'error' | 'seconds'> | undefined
  const finishAs = (status: ResourceStatus, error?: ResourceResult['error']): void => {
    end = { status, ...(error !== undefined && { error }), seconds: (performance.now() - started) / 1000 }
    emit({ type: 'resource-finished', resource: name, status })
  }
  const commit = async (state: ResourceState, checkpoint: boolean): Promise<void> => {
    const { loadId, tables, warnings = [] } = await load.commit(state)
    for (const warning of warnings) warn(warning)
    addChanges(tally.tables, tables)
    emit({ type: 'committed', resource: name, loadId, checkpoint, tables })
  }

  const written = async ({ received, mayRepeat, total, listing }: ExtractedPage, left: number): Promise<void> => {
    tally.pages++
    tally.records += received
    tally.filtered += left
    // The total of one parent's listing says nothing of all.
    const known = listing.key === '' && total !== undefined ? { total } : {}
    emit({ type: 'page', resource: name, records: received, ...known })
    if (mayRepeat)
      warn('Records vanished from the listing while it was read; the pages around them were read again, so that none is lost.')
    if (normalizer.isFull()) await load.stage()
  }

  return {
    resource,
    pending: plan.pending,
    isAlive: () => end === undefined,
    ledgerOf: (of) => plan.ledgers.get(of),
    warn,
    fallsShort: completeness.fallsShort,
    observer: {
      onRequest: () => tally.requests++,
      onRetry: (retry) => {
        tally.retries++
        emit({ type: 'retry', resource: name, ...retry, reason: redactor.text(retry.reason) })
      },
    },
    scan: normalizer.scan,
    async write(page, records, left) {
      normalizer.write(records, tally.records, page.mayRepeat, page.bytes)
      await written(page, left)
    },
    async writeRows(page, isTaken, left) {
      const { rows, mayRepeat, bytes } = page
      if (!normalizer.append(rows!, isTaken, tally.records, mayRepeat, bytes)) {
        const records = page.records()
        const taken = isTaken === undefined ? records : records.filter((_, index) => isTaken(index))
        normalizer.write(taken, tally.records, mayRepeat, bytes)
      }
      rows!.release()
      await written(page, left)
    },
    async checkpoint(requests, first, bounds) {
      if (!plan.canCheckpoint) return
      const cursors = cursorsOf(plan)
      const pending: PendingState = {
        requests: requests.map((request) => packRequest(request, first, redactor)),
        bounds,
        ...(plan.paginator !== undefined && { paginator: plan.paginator }),
        firstLoadId: load.firstLoadId(),
        ...(cursors !== undefined && { cursors }),
        ...(resource.contract.columns !== 'evolve' && { newTables: newTables() }),
      }
      const { cursors: known } = plan.stored
      await commit({ ...(known !== undefined && { cursors: known }), pending }, true)
    },
    async finish() {
      const state = finalState(plan, ownValue(pipeline.state().resources, name) ?? {}, options.limit !== undefined)
      await load.stage()
      if (removes && !completeness.isComplete(withinRange)) warn(nothingRemoved(resource, completeness.reasons(withinRange)))
      if (isWorthALoad(pipeline, resource, plan, load, normalizer, state, removes && completeness.isComplete(withinRange)))
        await commit(state, false)
      finishAs('ok')
    },
    async fail(thrown, by) {
      if (end !== undefined) return
      await load.abort()
      if (context.signal.aborted) return finishAs('interrupted')
      const { code, recovery, message: why } = toTributaryError(thrown)
      const hint = plan.pending !== undefined && code === 'HTTP_STATUS' ? GOES_ON : ''
      const message = why + hint
      const text = redactor.message(message)
      if (by === undefined) return finishAs('failed', { code, recovery, message: text })
      finishAs('skipped', {
        code: 'PARENT_FAILED',
        recovery,
        message: `${name} was left as it is, because ${by}, on which it depends, failed: ${text}`,
      })
    },
    result: () => ({
      ...tally,
      warnings:
        moreWarnings === 0
          ? tally.warnings
          : [...tally.warnings, `${moreWarnings} more like ${tally.warnings.length === 1 ? 'this' : 'these'}.`],
      ...(end ?? { status: 'interrupted', seconds: (performance.now() - started) / 1000 }),
    }),
  }
}

/** Where only values are left out, the record is there. */
const leavesRecordsOut = ({ contract }: ResolvedResource, reasons: Rejected['counts'][string]): boolean =>
  Object.keys(reasons).some(
    (reason) => reason === 'tables' || contract[reason === 'columns' ? 'columns' : 'dataType'] === 'discard_row',
  )

const nothingRemoved = ({ name, strategy }: ResolvedResource, reasons: string): string =>
  `Nothing that is gone was ${strategy === 'mirror' ? 'deleted from' : 'ended in'} ${name}, because ${reasons}: what did not come may still be there.`

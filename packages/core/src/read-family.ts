import { type Branch, bindRequest, type Listing, listingKey, rootBranch } from './extract/branch.ts'
import { type ExtractedPage, extract } from './extract/extract.ts'
import type { CursorBounds } from './extract/incremental.ts'
import { widestBounds } from './extract/ledger.ts'
import type { ListingStart } from './extract/pages.ts'
import { unpackRequest } from './extract/pending.ts'
import { sift, siftRows } from './extract/sift.ts'
import type { ApiClient } from './http/client.ts'
import type { PageRequest } from './http/request.ts'
import type { Family } from './run-family.ts'
import type { ResourceRun, RunContext } from './run-resource.ts'
import type { ScannedRows } from './scan/scanned-rows.ts'

/**
 * Parents whose dependents are read together: enough to keep all requests busy, few enough to be held in memory, and that a
 * checkpoint, which stands between such groups, does not wait for long.
 */
const PARENTS_AT_ONCE = 64
const CHECKPOINT_ROWS = 1_000_000
const CHECKPOINT_SECONDS = 60

/**
 * Reads a family for those of its resources that are loaded: the pages of the root, and behind them, level by level, the
 * listings of what depends on their records. A resource that fails ends its own part of the tree. Throws when interrupted.
 */
export async function readFamily(
  family: Family,
  loaded: readonly ResourceRun[],
  context: RunContext & { readonly client: ApiClient },
): Promise<void> {
  const { client, redactor, signal, options } = context
  const runs = new Map(loaded.map((run) => [run.resource.name, run]))
  const clock = checkpointClock(options.checkpoint)

  /** The resources of a part of the tree that are loaded and have not failed. */
  const consumersIn = ({ resource, children }: Family): ResourceRun[] => {
    const own = runs.get(resource.name)
    return [...(own?.isAlive() === true ? [own] : []), ...children.flatMap(consumersIn)]
  }

  const listingFor = (part: Family, branch: Branch): Listing => {
    const key = listingKey(part.resource, branch)
    const ledgers = consumersIn(part)
      .filter(({ resource }) => branch.consumers.has(resource.name))
      .map((run) => run.ledgerOf(part.resource.name))
      .filter((ledger) => ledger !== undefined)
    return { branch, key, bounds: widestBounds(ledgers, key) }
  }

  const pagesOf = (part: Family, starts: readonly ListingStart<Listing>[], isResumed: boolean, limit?: number) => {
    const own = runs.get(part.resource.name)
    return extract({
      resource: part.resource,
      client,
      redactor,
      signal,
      starts,
      isResumed,
      limit,
      // Dependents need the records.
      scan: own !== undefined && part.children.length === 0 ? own.scan : undefined,
      observer: own?.observer ?? { onRequest: () => {}, onRetry: () => {} },
      fallsShort: (reason) => {
        for (const run of consumersIn(part)) run.fallsShort(reason, 'other')
      },
      warn: (message, topic) => {
        for (const run of own === undefined ? consumersIn(part) : [own])
          run.warn(message, topic && `${part.resource.name} ${topic}`)
      },
    })
  }

  /** Hands the records of a page to the resource's own table; answers the branches that its dependents are read for. */
  const deliver = async (part: Family, page: ExtractedPage): Promise<Branch[]> => {
    const { resource, children } = part
    const { branch, key } = page.listing
    const consumers = consumersIn(part)
      .map((run) => ({ name: run.resource.name, run, ledger: run.ledgerOf(resource.name) }))
      .filter(({ name }) => branch.consumers.has(name))
    for (const { run, ledger } of consumers) {
      const { start, end } = (options.window === undefined && ledger?.bounds(key)) || {}
      if (start !== undefined || end !== undefined) run.fallsShort(`a part of ${resource.name} was asked for`, 'range')
    }
    const settle = (): void => {
      if (page.isLast && key !== '') for (const { ledger } of consumers) ledger?.settle(key)
    }
    const own = runs.get(resource.name)
    const isWanted = own?.isAlive() === true && branch.consumers.has(resource.name)
    if (page.rows !== undefined) {
      // Nobody else wants the records.
      if (isWanted) await deliverRows(own, page, page.rows)
      settle()
      return []
    }
    const all = page.records()
    const { records, consumersOf } = sift(resource.name, consumers, branch.consumers, all, key)
    for (const { name, run, ledger } of consumers) {
      if (ledger?.rule.onMissing !== 'exclude' || all.length === 0) continue
      const taken = records.filter((_, index) => consumersOf(index).has(name)).length
      if (taken < all.length) run.fallsShort(`the cursor of ${resource.name} left records out`, 'other')
    }
    settle()
    if (isWanted) {
      const rows = consumers.length === 1 ? records : records.filter((_, index) => consumersOf(index).has(resource.name))
      await own.write(page, rows, all.length - rows.length)
      clock.add(rows.length)
    }
    if (children.length === 0) return []
    return records.map((record, index) => ({ record, listing: key, consumers: consumersOf(index), mayRepeat: page.mayRepeat }))
  }

  const deliverRows = async (run: ResourceRun, page: ExtractedPage, rows: ScannedRows): Promise<void> => {
    const { name } = run.resource
    const ledger = run.ledgerOf(name)
    const sifted = ledger && siftRows(name, ledger, rows, page.listing.key)
    const taken = sifted?.taken ?? rows.count
    if (ledger?.rule.onMissing === 'exclude' && taken < rows.count)
      run.fallsShort(`the cursor of ${name} left records out`, 'other')
    await run.writeRows(page, sifted?.isTaken, rows.count - taken)
    clock.add(taken)
  }

  const readChildren = async ({ children }: Family, parents: readonly Branch[]): Promise<void> => {
    if (parents.length === 0) return
    const reading = children.map(async (child) => {
      const names = consumersIn(child).map((run) => run.resource.name)
      const branches = parents.filter(({ record, consumers }) => record !== null && names.some((name) => consumers.has(name)))
      if (branches.length > 0) await guarded(child, () => readPart(child, branches))
    })
    // All of them come to rest before anything else happens.
    for (const ended of await Promise.allSettled(reading)) if (ended.status === 'rejected') throw ended.reason
  }

  const readPart = async (part: Family, branches: readonly Branch[]): Promise<void> => {
    const { paginator } = part.resource
    const starts = branches.map((branch) => {
      const start = listingFor(part, branch)
      return { start, request: paginator.first(bindRequest(part.resource, start)) }
    })
    const waiting: Branch[] = []
    for await (const page of pagesOf(part, starts, false)) {
      signal.throwIfAborted()
      if (consumersIn(part).length === 0) return
      waiting.push(...(await deliver(part, page)))
      if (waiting.length >= PARENTS_AT_ONCE) await readChildren(part, waiting.splice(0))
    }
    await readChildren(part, waiting)
  }

  const readRoot = async (): Promise<void> => {
    const pending = loaded[0]?.pending
    const wanted = listingFor(family, rootBranch(new Set(runs.keys())))
    const listing = { ...wanted, bounds: pending?.bounds ?? wanted.bounds }
    const first = bindRequest(family.resource, listing)
    const resume = pending?.requests
    const requests = resume?.map((request) => unpackRequest(request, first, redactor)) ?? [family.resource.paginator.first(first)]
    const waiting: Branch[] = []
    let pages = 0
    for await (const page of pagesOf(
      family,
      requests.map((request) => ({ request, start: listing })),
      resume !== undefined,
      options.limit,
    )) {
      signal.throwIfAborted()
      if (consumersIn(family).length === 0) return
      waiting.push(...(await deliver(family, page)))
      const isEnough = ++pages === options.limit
      if (waiting.length >= PARENTS_AT_ONCE || clock.isDue()) await readChildren(family, waiting.splice(0))
      if (isEnough) break
      if (waiting.length === 0 && clock.isDue()) await checkpoint(page.pending(), first, listing.bounds)
    }
    await readChildren(family, waiting)
  }

  const checkpoint = async (requests: readonly PageRequest[], first: PageRequest, bounds: CursorBounds): Promise<void> => {
    clock.restart()
    for (const run of consumersIn(family)) {
      try {
        await run.checkpoint(requests, first, bounds)
      } catch (error) {
        if (signal.aborted) throw error
        await run.fail(error)
      }
    }
  }

  /** Ends a part of the tree with the error that its resource failed with. */
  const failPart = async (part: Family, error: unknown): Promise<void> => {
    await runs.get(part.resource.name)?.fail(error)
    for (const run of part.children.flatMap(consumersIn)) await run.fail(error, part.resource.name)
  }

  const guarded = async (part: Family, work: () => Promise<void>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      if (signal.aborted) throw error
      await failPart(part, error)
    }
  }

  await guarded(family, readRoot)
}

/** Tells whether the rows or the seconds since the last checkpoint ask for another. */
function checkpointClock({ rows = CHECKPOINT_ROWS, seconds = CHECKPOINT_SECONDS }: { rows?: number; seconds?: number } = {}) {
  let since = performance.now()
  let count = 0
  return {
    add(added: number): void {
      count += added
    },
    isDue: (): boolean => count >= rows || (count > 0 && performance.now() - since >= seconds * 1000),
    restart(): void {
      since = performance.now()
      count = 0
    },
  }
}

import type { SyncEvent } from '@tributary/core'

/** Where a resource stands. */
export interface ResourceTally {
  readonly name: string
  rows: number
  pages: number
  /** Records of the whole listing, where the API says so. */
  total?: number
  readonly startedAt: number
  finished: boolean
}

/** Keeps count of the resources of a run. `now` is in milliseconds. */
export function tallyResources(): {
  readonly resources: ReadonlyMap<string, ResourceTally>
  add(event: SyncEvent, now: number): ResourceTally
} {
  const resources = new Map<string, ResourceTally>()
  const add = (event: SyncEvent, now: number): ResourceTally => {
    const known = resources.get(event.resource)
    const tally = known ?? { name: event.resource, rows: 0, pages: 0, startedAt: now, finished: false }
    resources.set(event.resource, tally)
    if (event.type === 'page') {
      tally.pages++
      tally.rows += event.records
      if (event.total !== undefined) tally.total = event.total
    }
    if (event.type === 'resource-finished') tally.finished = true
    return tally
  }
  return { resources, add }
}

/** Rows a second since the resource began. */
export function rowRate({ rows, startedAt }: Pick<ResourceTally, 'rows' | 'startedAt'>, now: number): number {
  return now > startedAt ? Math.round((rows * 1000) / (now - startedAt)) : 0
}

import type { SyncEvent } from '@tributary/core'
import type { Output } from '../shell.ts'
import { count, duration, plural, printable } from '../text.ts'
import type { Progress } from './progress.ts'
import { type ResourceTally, rowRate, tallyResources } from './tally.ts'

const INTERVAL_MILLISECONDS = 2000

/** Lines of text: for files, CI and terminals without cursor control. At most one every two seconds for pages of a resource. */
export function logProgress(output: Output, clock: () => number = () => performance.now()): Progress {
  const tally = tallyResources()
  const shown = new Map<string, number>()
  const say = (text: string): void => {
    output.write(`${text}\n`)
  }
  return {
    onEvent: (event) => {
      const now = clock()
      const resource = tally.add(event, now)
      if (event.type === 'page') {
        if (now - (shown.get(event.resource) ?? resource.startedAt) < INTERVAL_MILLISECONDS) return
        shown.set(event.resource, now)
      }
      const text = describe(event, resource, now)
      if (text !== undefined) say(`${event.resource}: ${text}`)
    },
    say,
    pause: () => {},
    stop: () => {},
  }
}

function describe(event: SyncEvent, tally: ResourceTally, now: number): string | undefined {
  const { rows, pages, total, startedAt } = tally
  switch (event.type) {
    case 'resource-started':
      return event.resumed ? 'goes on where the last run ended' : 'started'
    case 'page':
      return `${total === undefined ? count(rows) : `${count(rows)} of ${count(total)}`} rows, ${plural(pages, 'page')}, ${count(rowRate(tally, now))} rows/s`
    case 'retry':
      return retryText(event)
    case 'warning':
      // Told once, by the summary, which is there whatever shows the progress.
      return undefined
    case 'committed':
      return event.checkpoint ? `committed as load ${event.loadId}, goes on` : undefined
    case 'resource-finished':
      return `${event.status}, ${plural(rows, 'row')} in ${duration((now - startedAt) / 1000)}`
  }
}

/** `retry 1 of 5 in 2.00 s: 503 Service Unavailable`. */
export function retryText({ attempt, limit, delay, reason }: Extract<SyncEvent, { type: 'retry' }>): string {
  return `retry ${attempt} of ${limit} in ${duration(delay / 1000)}: ${printable(reason)}`
}

import { setImmediate } from 'node:timers/promises'
import { type Attempt, attempt } from './attempt.ts'
import { retryDelay } from './retry.ts'
import type { ApiResponse, Sending } from './sending.ts'
import { wait } from './wait.ts'

/** Sends a request until it is answered or given up on. Throws a redacted `TributaryError`, or the signal's reason. */
export async function send(sending: Sending): Promise<ApiResponse> {
  const { sender, retry, observer, signal } = sending
  let mayRefresh = true
  let retries = 0
  for (let requests = 1; ; requests++) {
    const made = await inTurn(sending, mayRefresh)
    if (made.outcome === 'answered') {
      // Others have its place now: they are sent before this thread is busy with the body.
      await setImmediate()
      return await made.response()
    }
    if (made.outcome === 'refreshed') {
      mayRefresh = false
      continue
    }
    if (retries === retry.limit) throw made.error(requests)
    retries++
    const held = sending.isForToken ? 0 : Math.ceil(sender.gate.held())
    const delay = Math.max(retryDelay(retry, retries, made.retryAfter), Math.min(held, retry.maximumDelay))
    observer.onRetry({ attempt: retries, limit: retry.limit, delay, reason: made.reason })
    await wait(delay, signal)
  }
}

/**
 * A token does not wait for a place: requests that hold all of them may be waiting for that token. Neither does it wait for
 * the API's limits, but it counts for the author's own.
 */
async function inTurn(sending: Sending, mayRefresh: boolean): Promise<Attempt> {
  const { sender, observer, signal } = sending
  signal.throwIfAborted()
  if (sending.isForToken) {
    sender.gate.count()
    return await attempt(sending, { number: 0, feedback: NO_FEEDBACK, mayRefresh: false })
  }
  return await sender.concurrency.run(async (feedback) => {
    const number = await sender.gate.pass(signal)
    observer.onRequest()
    return await attempt(sending, { number, feedback, mayRefresh })
  })
}

const NO_FEEDBACK = { succeeded: (): void => {}, overloaded: (): void => {} }

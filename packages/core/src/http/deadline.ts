import type { ResolvedTimeout } from './timeout.ts'

/** The time that one attempt has. Its signal aborts when that is over, and when the run is stopped. */
export interface Deadline {
  readonly signal: AbortSignal
  /** Called before each request on the wire: the attempt itself, and each redirect that it leads to. */
  connecting(): void
  /** Called when there is a connection and the request is on its way. */
  connected(): void
  /** Called when the answer is here, or will not be waited for. */
  end(): void
  /** What did not come in time; `undefined` where nothing was late. */
  late(): string | undefined
}

/** `signal`: of the run. `onConnected`: told when a request is on its way. */
export function createDeadline(timeout: ResolvedTimeout, signal: AbortSignal, onConnected: () => void): Deadline {
  // Not AbortSignal.any: a signal that lives as long as the run would keep what hangs on it.
  const controller = new AbortController()
  const stop = (): void => controller.abort(signal.reason)
  signal.addEventListener('abort', stop)
  if (signal.aborted) stop()
  let timer: NodeJS.Timeout | undefined
  let late: string | undefined
  const start = (seconds: number, what: string): void => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      late = `no ${what} within ${seconds} s`
      controller.abort(new Error(late))
    }, seconds * 1000)
  }
  return {
    signal: controller.signal,
    connecting() {
      if ('connect' in timeout) start(timeout.connect, 'connection')
      else if (timer === undefined) start(timeout.whole, 'complete answer')
    },
    connected() {
      onConnected()
      if ('connect' in timeout) start(timeout.body, 'complete answer')
    },
    end() {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
    },
    late: () => late,
  }
}

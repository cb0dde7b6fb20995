/** The longest time that a timer takes; a longer one would fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1

/** Milliseconds to wait, or until `signal` aborts: then its reason is thrown. `wakeUp`: called with what ends the wait before its time. */
export async function wait(
  milliseconds: number,
  signal: AbortSignal,
  wakeUp: (wake: () => void) => void = () => {},
): Promise<void> {
  signal.throwIfAborted()
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, Math.min(Math.max(milliseconds, 0), LONGEST_TIMER))
    signal.addEventListener('abort', end)
    wakeUp(end)
  })
  signal.throwIfAborted()
}

/** What `promise` gives, unless `signal` aborts first: then its reason is thrown, and `promise` goes on by itself. */
export async function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  let abort = (): void => {}
  const aborted = new Promise<never>((_resolve, reject) => {
    abort = () => reject(signal.reason)
    signal.addEventListener('abort', abort)
  })
  try {
    return await Promise.race([promise, aborted])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

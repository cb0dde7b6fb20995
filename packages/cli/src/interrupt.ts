import { EXIT } from './shell.ts'

/** Some package managers pass Ctrl-C on to a process that the terminal has told already: that is one key press, not two. */
const SAME_KEY_PRESS_MILLISECONDS = 150

/**
 * Does `work`, and tells it by its signal to stop when the process is told to (Ctrl-C, SIGTERM). Told a second time,
 * the process ends at once: nothing is lost by it that was committed.
 */
export async function withInterrupt<T>(say: (text: string) => void, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  let first = 0
  const stop = (): void => {
    if (!controller.signal.aborted) {
      first = performance.now()
      say('Stopping … (press Ctrl-C again to end at once)')
      controller.abort()
    } else if (performance.now() - first > SAME_KEY_PRESS_MILLISECONDS) process.exit(EXIT.interrupted)
  }
  process.on('SIGINT', stop).on('SIGTERM', stop)
  try {
    return await work(controller.signal)
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop)
  }
}

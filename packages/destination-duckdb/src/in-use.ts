import { TributaryError } from '@tributary/core'

/** Who holds the file, from DuckDB's message; `undefined` where that is not what went wrong. */
export function lockHolder(error: unknown): string | undefined {
  const text = error instanceof Error ? error.message : String(error)
  if (!/could not set lock|conflicting lock/i.test(text)) return undefined
  const pid = /\(PID (\d+)\)/.exec(text)?.[1]
  return pid === undefined ? 'another process' : `the process ${pid}`
}

export function inUse(path: string, holder: string, timeout: number, cause?: unknown): TributaryError {
  return new TributaryError({
    code: 'DATASET_IN_USE',
    recovery: 'retry',
    message: `${path} is in use: ${holder} has held it for the ${(timeout / 1000).toFixed(1)} s that this one waited. Wait until it is done, or end it, then run again.`,
    cause,
  })
}

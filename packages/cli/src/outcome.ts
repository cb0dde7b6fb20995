import { type SyncEventListener, type SyncResult, sync, type TributaryError, toTributaryError } from '@tributary/core'
import { connect } from './configured.ts'
import { countLoads } from './demo.ts'
import type { Plan } from './plan.ts'
import { EXIT } from './shell.ts'

/** How a pipeline ended: with a result, or with an error that kept it from running at all. */
export interface Outcome {
  readonly plan: Plan
  readonly result?: SyncResult
  readonly error?: TributaryError
}

/** Runs one pipeline. Never throws. */
export async function runPlan(plan: Plan, signal: AbortSignal, onEvent: SyncEventListener): Promise<Outcome> {
  const { dataset, resources, run, factory } = plan
  try {
    const destination = await plan.destination.make()
    const source = await connect(plan, () => countLoads(factory.connector.name, destination, dataset))
    try {
      const { connector } = source
      const chosen = resources === undefined ? {} : { resources }
      return { plan, result: await sync({ connector, destination, dataset, ...chosen, ...run, signal, onEvent }) }
    } finally {
      await source.stop()
    }
  } catch (error) {
    return { plan, error: toTributaryError(error) }
  }
}

export type RunStatus = 'ok' | 'failed' | 'interrupted'

/** The status of all pipelines together. `interrupted`: the run was told to stop before it was through. */
export function overallStatus(outcomes: readonly Outcome[], planned: number, interrupted: boolean): RunStatus {
  const statuses = outcomes.map(({ result }) => result?.status ?? 'failed')
  if (statuses.includes('interrupted') || (interrupted && outcomes.length < planned)) return 'interrupted'
  // An error that came of being stopped is no failure.
  if (statuses.includes('failed')) return interrupted ? 'interrupted' : 'failed'
  return 'ok'
}

/** 2 only where nothing was requested; see the exit codes in `tributary --help`. */
export function exitCode(status: RunStatus, outcomes: readonly Outcome[]): number {
  if (status !== 'failed') return EXIT[status]
  const nothingRan = outcomes.every(({ error }) => error?.recovery === 'fix-config')
  return nothingRan ? EXIT.usage : EXIT.failed
}

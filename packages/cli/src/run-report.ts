import type { SyncResult } from '@tributary/core'
import { nextStep } from './errors.ts'
import { lookCommand } from './next-command.ts'
import type { Outcome, RunStatus } from './outcome.ts'
import type { Shell } from './shell.ts'
import { resourceSummary } from './summary.ts'
import { plural, printableLines } from './text.ts'

/** Tells people how a pipeline ended: results on stdout, what kept it from running on stderr. `prefix` comes before names of resources. */
export async function reportOutcome({ plan, result, error }: Outcome, prefix: string, shell: Shell): Promise<void> {
  const { name, factory, destination, dataset } = plan
  if (error !== undefined) shell.stderr.write(`Error: ${name}: ${printableLines(error.message)}\n${nextStep(error.recovery)}\n`)
  if (result === undefined) return
  const blocks = Object.entries(result.resources).map(([resource, of]) => resourceSummary(prefix + resource, of).join('\n'))
  const isNothingNew = result.loadIds.length === 0
  const place = `${destination.path} (dataset ${dataset})`
  const look = isNothingNew && result.status !== 'ok' ? undefined : await lookCommand(destination, factory, result, shell)
  const closing = [
    isNothingNew ? `Nothing was loaded: ${whyNothing(result)}.` : '',
    `Data: ${place}`,
    look === undefined ? '' : `Look at it: ${look}`,
  ].filter((line) => line !== '')
  shell.stdout.write(`${[...blocks, closing.join('\n')].join('\n\n')}\n`)
}

function whyNothing({ status, resources }: SyncResult): string {
  if (status !== 'ok') return 'the dataset is as it was'
  const tables = Object.values(resources).flatMap((resource) => Object.values(resource.tables))
  return tables.some(({ rejected }) => rejected > 0) ? 'the contract left out what came' : 'there is nothing new'
}

/** The last word on a run that did not go well: nothing ends short and green. */
export function reportEnd(status: RunStatus, outcomes: readonly Outcome[], planned: number, shell: Shell): void {
  if (status === 'ok') return
  if (status === 'interrupted') {
    const left = planned - outcomes.length
    const unstarted = left === 0 ? '' : ` ${plural(left, 'connector')} had not begun.`
    shell.stderr.write(`Interrupted.${unstarted} What was committed stays; run the same command again to go on.\n`)
    return
  }
  const failed = outcomes.flatMap(({ plan, result }) =>
    Object.entries(result?.resources ?? {})
      .filter(([, { status: ended }]) => ended === 'failed' || ended === 'skipped')
      .map(([name]) => `${plan.name}.${name}`),
  )
  if (failed.length === 0) return
  shell.stderr.write(`Failed: ${failed.join(', ')}. Tables and cursors of what failed are as they were; see above what to do.\n`)
}

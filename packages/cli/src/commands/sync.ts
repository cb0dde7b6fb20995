import { type Command, defineCommand } from '../command.ts'
import { parseContract } from '../contract.ts'
import { usageError } from '../errors.ts'
import type { Input } from '../flags.ts'
import { withInterrupt } from '../interrupt.ts'
import { jsonFailure, jsonResult } from '../json-result.ts'
import { exitCode, type Outcome, overallStatus, runPlan } from '../outcome.ts'
import { planPipelines, positiveInteger, type RunOptions, type SyncRequest } from '../plan.ts'
import { createProgress, PROGRESS_MODES } from '../progress/progress.ts'
import { reportEnd, reportOutcome } from '../run-report.ts'
import { CONTRACT_FLAG, FROM_SOURCES, JSON_FLAG, SET_FLAG, TO_FLAG } from './shared.ts'

const flags = {
  resource: { type: 'string', multiple: true, value: 'a,b', about: 'Only these resources. Default: all of the connector.' },
  to: TO_FLAG,
  dataset: { type: 'string', value: 'name', about: "Where in the destination. Default: the connector's name in snake_case." },
  'full-refresh': { type: 'boolean', about: 'Empty the chosen resources and their state, and load them anew.' },
  'write-disposition': {
    type: 'string',
    choices: ['append', 'replace', 'merge'],
    about: 'For this run, instead of what the connector says.',
  },
  contract: CONTRACT_FLAG,
  rejects: { type: 'boolean', about: 'Keep what contracts leave out: see tributary rejects. Default: it is only counted.' },
  from: { type: 'string', value: 'x', about: 'Backfill: only records whose cursor is x or later. Cursors stay as they are.' },
  until: { type: 'string', value: 'x', about: 'Backfill: only records whose cursor is before x.' },
  set: SET_FLAG,
  limit: {
    type: 'string',
    value: 'pages',
    about: 'A sample: at most this many pages of each resource that depends on no other, and all that depends on those.',
  },
  'checkpoint-rows': { type: 'string', value: 'n', about: 'Commit on the way after so many rows. Default: 1 000 000.' },
  json: JSON_FLAG,
  progress: { type: 'string', choices: PROGRESS_MODES, about: 'What stderr shows on the way. Default: auto, none with --json.' },
} as const

/** `tributary sync`. */
export const command: Command = defineCommand({
  usage: '<connector>… [flags]',
  about:
    'Loads the data of one or more connectors into tables. A second run loads what changed since the first; one that was cut off is gone on with.',
  positionals: {
    least: 1,
    most: Number.POSITIVE_INFINITY,
    missing: 'sync needs the name of a connector: tributary sync <connector>. tributary list shows which are installed.',
  },
  flags,
  examples: [
    ['sync ticketing', 'all resources, into the default database'],
    ['sync ticketing --resource ticket_data --limit 2', 'a sample of one resource'],
    ['sync ticketing service-desk --to duckdb:shop.duckdb', 'two connectors, one database'],
    ['sync ticketing --to parquet:data/lake', 'files instead of a database'],
    ['sync ticketing --set baseUrl=https://api.example.com', 'an option by flag'],
    ['sync ticketing --contract columns=discard_row --rejects', 'leave out, and keep, rows with new columns'],
    ['sync ticketing --from 2026-01-01 --until 2026-02-01', 'backfill one month'],
    ['sync ./bookings.ts', 'a connector of your own, from a module'],
    ['sync ticketing --json', 'for a scheduler: one JSON object on stdout'],
  ],
  notes: [
    FROM_SOURCES,
    {
      title: 'Interrupting',
      text: 'Ctrl-C stops cleanly: what was committed stays, and the next run goes on from there. A second Ctrl-C ends at once.',
    },
    {
      title: 'Exit codes',
      text: '0 all loaded · 1 a resource failed · 2 usage or configuration error (nothing was requested) · 130 interrupted',
    },
  ],
  failure: jsonFailure,
  async run(input, shell) {
    const plans = await planPipelines(readRequest(input), shell)
    for (const { notice } of plans) if (notice !== undefined) shell.stderr.write(`${notice}\n`)
    const { json, progress = 'auto' } = input.flags
    const outcomes: Outcome[] = []
    const view = await createProgress(json ? 'none' : progress, shell)
    const interrupted = await withInterrupt(view.say, async (signal) => {
      for (const plan of plans) {
        if (signal.aborted) break
        const prefix = plans.length > 1 ? `${plan.name}.` : ''
        const outcome = await runPlan(plan, signal, (event) => view.onEvent({ ...event, resource: prefix + event.resource }))
        view.pause()
        outcomes.push(outcome)
        if (!json) await reportOutcome(outcome, prefix, shell)
      }
      return signal.aborted
    }).finally(view.stop)
    const status = overallStatus(outcomes, plans.length, interrupted)
    if (json) shell.stdout.write(`${JSON.stringify(jsonResult(status, outcomes, plans.length), null, 2)}\n`)
    reportEnd(status, outcomes, plans.length, shell)
    return exitCode(status, outcomes)
  },
})

function readRequest({ flags: given, positionals }: Input<typeof flags>): SyncRequest {
  const { resource, set, to, dataset } = given
  return { connectors: positionals, resource, set, to, dataset, run: readRun(given) }
}

function readRun(given: Input<typeof flags>['flags']): RunOptions {
  const { from, until, 'full-refresh': fullRefresh, 'write-disposition': writeDisposition } = given
  const limit = positiveInteger('--limit', given.limit)
  const rows = positiveInteger('--checkpoint-rows', given['checkpoint-rows'])
  const hasWindow = from !== undefined || until !== undefined
  if (hasWindow && fullRefresh) throw usageError('--full-refresh loads everything anew: it excludes --from and --until.')
  return {
    ...(fullRefresh && { fullRefresh }),
    ...(writeDisposition !== undefined && { writeDisposition }),
    ...(hasWindow && { window: { ...(from !== undefined && { from }), ...(until !== undefined && { to: until }) } }),
    ...(given.contract !== undefined && { schemaContract: parseContract(given.contract) }),
    ...(given.rejects && { keepRejects: true }),
    ...(limit !== undefined && { limit }),
    ...(rows !== undefined && { checkpoint: { rows } }),
  }
}

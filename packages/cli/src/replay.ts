import type { ReplayResult } from '@tributary/core'
import { configureConnector, connect, readSettings } from './configured.ts'
import { parseContract } from './contract.ts'
import { existingDataset } from './datasets.ts'
import { chooseDestination } from './destinations.ts'
import { nextStep } from './errors.ts'
import { withInterrupt } from './interrupt.ts'
import { readAssignments } from './options.ts'
import { knownResource } from './plan.ts'
import { EXIT, type Shell } from './shell.ts'
import { tableLines } from './summary.ts'
import { plural, printable, printableLines } from './text.ts'

export interface ReplayFlags {
  readonly resource: readonly string[]
  readonly set: readonly string[]
  readonly contract: string | undefined
  readonly to: string | undefined
  readonly dataset: string | undefined
  readonly json: boolean
}

/** `tributary rejects replay`. */
export async function replay(name: string, flags: ReplayFlags, shell: Shell): Promise<number> {
  const assignments = readAssignments(flags.set, [name])[name] ?? {}
  const configured = await configureConnector(name, assignments, await readSettings(shell), shell)
  const chosen = flags.resource.flatMap((text) => text.split(',')).map((text) => knownResource(configured.factory, text.trim()))
  const schemaContract = flags.contract === undefined ? undefined : parseContract(flags.contract)
  const spec = await chooseDestination(flags.to, shell)
  const { normalizeName, replayRejects } = await import('@tributary/core')
  const dataset = await existingDataset(spec, flags.dataset ?? normalizeName(configured.factory.connector.name))
  const say = (text: string): void => void shell.stderr.write(`${text}\n`)
  return await withInterrupt(say, async (signal) => {
    // No request is made; but a connector is only made with its options.
    const source = await connect(configured, async () => 0)
    try {
      const result = await replayRejects({
        connector: source.connector,
        destination: await spec.make(),
        dataset,
        ...(chosen.length > 0 && { resources: chosen }),
        ...(schemaContract !== undefined && { schemaContract }),
        signal,
      })
      shell.stdout.write(flags.json ? jsonText(result) : `${lines(result).join('\n')}\n`)
      return result.status === 'ok' ? EXIT.ok : result.status === 'interrupted' ? EXIT.interrupted : EXIT.failed
    } finally {
      await source.stop()
    }
  })
}

function lines({ resources }: ReplayResult): string[] {
  const entries = Object.entries(resources)
  if (entries.length === 0) return ['There is nothing to put through again: nothing is kept that was left out.']
  return entries.flatMap(([name, { status, replayed, kept, tables, warnings, error }]) => [
    `${printable(name)}: ${status} · ${plural(replayed, 'record')} put through again · ${plural(kept, 'reject')} still kept`,
    ...tableLines({ tables }).map((line) => `  ${line}`),
    ...warnings.map((warning) => `  warning: ${printable(warning)}`),
    ...(error === undefined ? [] : [`  error ${error.code}: ${printableLines(error.message)}`, `  ${nextStep(error.recovery)}`]),
  ])
}

function jsonText({ status, loadIds, dataset, resources }: ReplayResult): string {
  const entries = Object.entries(resources).map(([name, { tables, ...rest }]) => {
    const plain = Object.entries(tables).map(
      ([table, { rejectedBy, ...changes }]) => [table, { ...changes, rejected_by: rejectedBy }] as const,
    )
    return [name, { ...rest, tables: Object.fromEntries(plain) }] as const
  })
  return `${JSON.stringify({ status, load_ids: loadIds, dataset, resources: Object.fromEntries(entries) }, null, 2)}\n`
}

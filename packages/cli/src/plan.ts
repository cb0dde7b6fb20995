import { normalizeName, type SchemaContract, type WriteDisposition } from '@tributary/core'
import { type ConfiguredConnector, configureConnector, readSettings, type Settings } from './configured.ts'
import {
  configuredDestination,
  DEFAULT_DATABASE,
  DEMO_DATABASE,
  type DestinationSpec,
  duckdbFile,
  parseDestination,
} from './destinations.ts'
import { unknownName, usageError } from './errors.ts'
import { readAssignments, scoped } from './options.ts'
import type { Shell } from './shell.ts'

/** What the flags of `tributary sync` ask for. */
export interface SyncRequest {
  readonly connectors: readonly string[]
  readonly resource: readonly string[]
  readonly set: readonly string[]
  readonly to: string | undefined
  readonly dataset: string | undefined
  readonly run: RunOptions
}

/** What is the same for every connector of a command line. */
export interface RunOptions {
  readonly fullRefresh?: boolean
  readonly writeDisposition?: WriteDisposition
  readonly window?: { readonly from?: string; readonly to?: string }
  readonly limit?: number
  readonly checkpoint?: { readonly rows: number }
  readonly schemaContract?: SchemaContract
  readonly keepRejects?: boolean
}

/** One pipeline that is ready to run. */
export interface Plan extends ConfiguredConnector {
  readonly destination: DestinationSpec
  readonly dataset: string
  /** Undefined: all of them. */
  readonly resources: readonly string[] | undefined
  readonly run: RunOptions
}

/** Finds and checks all that a command line names. Throws before anything is requested. */
export async function planPipelines(request: SyncRequest, shell: Shell): Promise<Plan[]> {
  const { connectors, set, to } = request
  const twice = connectors.find((name, index) => connectors.indexOf(name) !== index)
  if (twice !== undefined) throw usageError(`The connector ${twice} is given twice.`)
  const assignments = readAssignments(set, connectors)
  const named = to === undefined ? undefined : parseDestination(to)
  const settings = await readSettings(shell)
  const plans: Plan[] = []
  for (const name of connectors) {
    const configured = await configureConnector(name, assignments[name] ?? {}, settings, shell)
    plans.push({
      ...configured,
      destination: named ?? defaultDestination(configured, settings),
      dataset: request.dataset ?? normalizeName(configured.factory.connector.name),
      resources: chosenResources(configured, request),
      run: request.run,
    })
  }
  return plans
}

/** The demo has a database of its own: its rows never mix with real ones by default. */
function defaultDestination({ connector }: ConfiguredConnector, { environment, dotenv, config }: Settings): DestinationSpec {
  if (connector === undefined) return duckdbFile(DEMO_DATABASE)
  const text = configuredDestination(environment, dotenv, config)
  return text === undefined ? duckdbFile(DEFAULT_DATABASE) : parseDestination(text)
}

function chosenResources({ name, factory }: ConfiguredConnector, { resource, connectors }: SyncRequest): string[] | undefined {
  const chosen = resource
    .flatMap((text) => text.split(','))
    .map((text) => scoped(text.trim(), connectors, '--resource'))
    .filter(({ connector }) => connector.includes(name))
  if (chosen.length === 0) return undefined
  return chosen.map((each) => knownResource(factory, each.name))
}

/** `name`, if the connector has a resource of that name. Throws `RESOURCE_UNKNOWN` with the nearest one. */
export function knownResource({ connector }: ConfiguredConnector['factory'], name: string): string {
  const names = Object.keys(connector.resources)
  if (names.includes(name)) return name
  throw unknownName(`resource of ${connector.name} called`, name, names, 'RESOURCE_UNKNOWN')
}

/** Reads a number from 1 for a flag. */
export function positiveInteger(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= 1 && Number.isSafeInteger(value)) return value
  throw usageError(`${flag} takes a whole number from 1, but is ${JSON.stringify(text)}.`)
}

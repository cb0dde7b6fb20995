import {
  type CheckResult,
  checkConnector,
  describeResources,
  isConnectorFile,
  type ResourceDescription,
  type TributaryError,
  toTributaryError,
  validateConnector,
} from '@tributary/core'
import { type Command, defineCommand } from '../command.ts'
import { type ConfiguredConnector, configureConnector, connect, readSettings } from '../configured.ts'
import { nextStep } from '../errors.ts'
import { withInterrupt } from '../interrupt.ts'
import { factLines, loadingFacts } from '../loading-facts.ts'
import { readAssignments } from '../options.ts'
import { knownResource } from '../plan.ts'
import { EXIT } from '../shell.ts'
import { alignRows } from '../table.ts'
import { count, plural, printable, printableLines } from '../text.ts'
import { FROM_SOURCES, JSON_FLAG, SET_FLAG } from './shared.ts'

/** `tributary check`. */
export const command: Command = defineCommand({
  usage: '<connector> [flags]',
  about:
    'Makes one request and loads nothing: are the connector and its options right, does the API answer, and is the data as declared?',
  positionals: { least: 1, most: 1, missing: 'check needs the name of a connector: tributary check <connector>.' },
  flags: {
    resource: { type: 'string', value: 'name', about: 'The resource to request. Default: the first one.' },
    offline: { type: 'boolean', about: 'Make no request: check only the connector itself, or its file, and its options.' },
    set: SET_FLAG,
    json: JSON_FLAG,
  },
  examples: [
    ['check ticketing', 'the first resource'],
    ['check ticketing --resource ticket_data', 'a certain one'],
    ['check ./shop.yaml --offline', 'a connector as data, without a request'],
  ],
  notes: [FROM_SOURCES],
  async run({ flags: { resource, offline, set, json }, positionals }, shell) {
    const name = positionals[0]!
    const assignments = readAssignments(set, [name])
    const configured = await configureConnector(name, assignments[name]!, await readSettings(shell), shell)
    const chosen = resource === undefined ? {} : { resource: knownResource(configured.factory, resource) }
    const described = await validate(configured)
    const names = described.map(({ name: each }) => each)
    if (!json && (offline || isConnectorFile(name)))
      shell.stdout.write(`${printable(name)} is valid: ${plural(names.length, 'resource')} (${printable(names.join(', '))}).\n`)
    if (json && offline) shell.stdout.write(`${JSON.stringify({ status: 'ok', resources: names }, null, 2)}\n`)
    if (offline) return EXIT.ok
    if (configured.notice !== undefined) shell.stderr.write(`${configured.notice}\n`)
    const say = (text: string): void => void shell.stderr.write(`${text}\n`)
    return await withInterrupt(say, async (signal) => {
      const source = await connect(configured, async () => 0)
      try {
        const result = await checkConnector({ connector: source.connector, ...chosen, signal })
        shell.stdout.write(json ? `${JSON.stringify(jsonCheck(result), null, 2)}\n` : `${report(result, described).join('\n')}\n`)
        return EXIT.ok
      } catch (error) {
        if (signal.aborted) return EXIT.interrupted
        const failure = toTributaryError(error)
        if (json) shell.stdout.write(`${JSON.stringify({ status: 'failed', error: asJson(failure) }, null, 2)}\n`)
        say(`Error: ${printableLines(failure.message)}\n${nextStep(failure.recovery)}`)
        // The connector's own mistakes are found before anything is requested.
        return BEFORE_REQUEST.includes(failure.code) ? EXIT.usage : EXIT.failed
      } finally {
        await source.stop()
      }
    })
  },
})

/** The resources, when nothing is wrong with them. Throws before anything is requested. */
async function validate({ connector, factory }: ConfiguredConnector): Promise<ResourceDescription[]> {
  if (connector !== undefined) await validateConnector(connector)
  // Without options, its demo stands in for the API; what it says of its tables can be checked all the same.
  return describeResources(factory.connector)
}

const BEFORE_REQUEST: readonly string[] = ['RESOURCE_INVALID', 'SCHEMA_UNSUPPORTED', 'OPTIONS_INVALID']

const asJson = ({ code, message, recovery }: TributaryError): object => ({ code, message, recovery })

const jsonCheck = ({ resource, url, status, records, tables, warnings, milliseconds }: CheckResult): object => ({
  status: 'ok',
  resource,
  url,
  http_status: status,
  records,
  tables,
  warnings,
  milliseconds: Math.round(milliseconds),
})

function report(result: CheckResult, described: readonly ResourceDescription[]): string[] {
  const { resource, url, status, records, tables, warnings, milliseconds } = result
  const loading = described
    .filter(({ name }) => name === resource)
    .flatMap((each) => factLines('  ', loadingFacts(each).map(printable)))
  return [
    `${resource}: ok · ${status} from ${printable(url)} · ${plural(records, 'record')} on its first page · ${count(Math.round(milliseconds))} ms`,
    ...loading,
    ...Object.entries(tables).flatMap(([table, columns]) => ['', `${table}:`, ...columnLines(columns)]),
    ...(warnings.length === 0 ? [] : ['', ...warnings.map((warning) => `warning: ${printable(warning)}`)]),
  ]
}

function columnLines(columns: CheckResult['tables'][string]): string[] {
  const rows = columns.map(({ name, type, nullable, declared }) => [
    `  ${name}`,
    type,
    nullable ? 'nullable' : '',
    declared ? 'declared' : 'inferred',
  ])
  return alignRows(rows, ['left', 'left', 'left', 'left'])
}

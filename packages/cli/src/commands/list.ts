import { isTributaryError, toTributaryError } from '@tributary/core'
import { type Command, defineCommand } from '../command.ts'
import { readOptions, readSettings, type Settings } from '../configured.ts'
import { type InstalledConnector, installedConnectors, loadConnector } from '../connectors.ts'
import { hasDemo } from '../demo.ts'
import { DESTINATIONS } from '../destinations.ts'
import { addCommand, EXIT, type Shell } from '../shell.ts'
import { alignRows } from '../table.ts'
import { printable } from '../text.ts'
import { JSON_FLAG } from './shared.ts'

interface Listed extends InstalledConnector {
  /** `ready`: all options are set and right. `demo`: none is set. `broken`: its package cannot be loaded. */
  readonly status: 'ready' | 'demo' | 'incomplete' | 'broken'
  /** What is missing, or wrong. */
  readonly problem?: string
  readonly options: readonly {
    readonly name: string
    readonly variable: string
    readonly required: boolean
    readonly set: boolean
  }[]
}

/** `tributary list`. */
export const command: Command = defineCommand({
  usage: '[flags]',
  about: 'Shows the connectors that this project has installed, which of them are ready to sync, and the destinations.',
  positionals: { least: 0, most: 0 },
  flags: { json: JSON_FLAG },
  examples: [['list', 'what is installed, and what it needs']],
  async run({ flags: { json } }, shell) {
    const settings = await readSettings(shell)
    const connectors: Listed[] = []
    for (const installed of installedConnectors(shell)) connectors.push(await describeState(installed, settings, shell))
    const destinations = DESTINATIONS.map(({ kind, to, description }) => ({ name: kind, to, description }))
    shell.stdout.write(
      json ? `${JSON.stringify({ connectors, destinations }, null, 2)}\n` : `${listing(connectors, shell).join('\n')}\n`,
    )
    return EXIT.ok
  },
})

async function describeState(installed: InstalledConnector, settings: Settings, shell: Shell): Promise<Listed> {
  try {
    const factory = await loadConnector(installed.package, shell)
    const { name, version, description, optionInfos } = factory.connector
    const { values } = readOptions(factory, {}, settings, shell)
    const known = {
      ...installed,
      version,
      ...(description !== undefined && { description }),
      options: optionInfos.map((info) => ({
        name: info.name,
        variable: info.variable,
        required: info.required,
        set: values[info.name] !== undefined,
      })),
    }
    if (Object.keys(values).length === 0 && (await hasDemo(name))) return { ...known, status: 'demo' }
    try {
      factory(values)
      return { ...known, status: 'ready' }
    } catch (error) {
      return { ...known, status: 'incomplete', problem: toTributaryError(error).message }
    }
  } catch (error) {
    if (isTributaryError(error) && error.code !== 'CONNECTOR_BROKEN') throw error
    return { ...installed, status: 'broken', problem: toTributaryError(error).message, options: [] }
  }
}

function listing(connectors: readonly Listed[], shell: Shell): string[] {
  const none = [`  None yet. To add one: ${addCommand(shell)} @tributary/connector-<name>`]
  const indent = 2 + Math.max(0, ...connectors.map(({ name }) => name.length)) + 2
  const rows = connectors.flatMap(({ name, description = '', ...state }) => [
    `  ${name.padEnd(indent - 4)}  ${printable(description)}`,
    `${' '.repeat(indent)}${stateText(state)}`,
  ])
  const destinations = alignRows(
    DESTINATIONS.map(({ to, description }) => [`  ${to}`, description]),
    ['left', 'left'],
  )
  return ['Connectors:', ...(connectors.length === 0 ? none : rows), '', 'Destinations:', ...destinations]
}

function stateText({ status, problem = '', options }: Pick<Listed, 'status' | 'problem' | 'options'>): string {
  const required = options.filter((option) => option.required).map(({ variable }) => variable)
  switch (status) {
    case 'ready':
      return 'ready'
    case 'demo':
      return `demo: no API is configured. For your own, set ${required.join(' and ')}.`
    case 'incomplete':
    case 'broken':
      return `not ready: ${printable(problem)}`
  }
}

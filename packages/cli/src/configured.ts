import { type Connector, type ConnectorFactory, isConnectorFile } from '@tributary/core'
import { configuredOptions, type LoadedConfig, readConfig } from './config.ts'
import { installedConnectors, loadConnector } from './connectors.ts'
import { demoNotice, hasDemo, type Source, startDemo } from './demo.ts'
import { collectOptions, type OptionSources, readDotenv } from './options.ts'
import type { Shell } from './shell.ts'

/** What the working directory and the environment say, read once for all connectors of a command line. */
export interface Settings {
  readonly config: LoadedConfig | undefined
  readonly environment: Shell['env']
  readonly dotenv: OptionSources['dotenv']
  readonly installed: readonly string[]
}

export async function readSettings(shell: Shell): Promise<Settings> {
  return {
    config: await readConfig(shell.cwd),
    environment: shell.env,
    dotenv: readDotenv(shell.cwd),
    installed: installedConnectors(shell).map(({ name }) => name),
  }
}

/** A connector with the options that were found for it. */
export interface ConfiguredConnector {
  /** As on the command line. */
  readonly name: string
  readonly factory: ConnectorFactory
  /** Undefined where no option is set anywhere and the embedded demo API stands in. */
  readonly connector: Connector | undefined
  /** Says so. */
  readonly notice: string | undefined
}

/**
 * Finds a connector and gives it its options. Throws `CONNECTOR_UNKNOWN`, `CONNECTOR_INVALID`, `OPTIONS_INVALID` or
 * `CONFIG_INVALID`.
 */
export async function configureConnector(
  name: string,
  flags: Readonly<Record<string, string>>,
  settings: Settings,
  shell: Shell,
): Promise<ConfiguredConnector> {
  const factory = await loadConnector(name, shell)
  const { values, sources } = readOptions(factory, flags, settings, shell)
  // A file says itself where its API is, whatever it is called.
  const isDemo = Object.keys(values).length === 0 && !isConnectorFile(name) && (await hasDemo(factory.connector.name))
  return {
    name,
    factory,
    connector: isDemo ? undefined : factory(values),
    notice: isDemo ? demoNotice(factory.connector.name, factory.connector.optionInfos, sources) : undefined,
  }
}

/** The options of a connector, and where they were looked for. */
export function readOptions(
  { connector: { name, optionInfos } }: ConnectorFactory,
  flags: Readonly<Record<string, string>>,
  { config, environment, dotenv, installed }: Settings,
  shell: Shell,
): { readonly values: Record<string, unknown>; readonly sources: OptionSources } {
  const sources = { flags, environment, dotenv, config: configuredOptions(config, name, installed) }
  return { values: collectOptions(optionInfos, sources, shell.cwd), sources }
}

/** Something to ask: the configured API, or the demo's. */
export async function connect({ connector, factory }: ConfiguredConnector, demoRevision: () => Promise<number>): Promise<Source> {
  if (connector !== undefined) return { connector, stop: async () => {} }
  return await startDemo(factory, await demoRevision())
}

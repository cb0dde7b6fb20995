import { existsSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import {
  type ConnectorFactory,
  describeCause,
  isConnectorFile,
  isTributaryError,
  nearest,
  parseConnectorFile,
  TributaryError,
} from '@tributary/core'
import { usageError } from './errors.ts'
import { installedPackage, localPackages, projectDependencies, resolvePackage } from './packages.ts'
import { addCommand, commandName, type Shell } from './shell.ts'

const PREFIXES = ['@tributary/connector-', 'tributary-connector-'] as const

/** A package with the keyword `tributary-connector`, among the project's dependencies or in its folder `connectors`. */
export interface InstalledConnector {
  /** As it is called on the command line: short where the package follows the naming rule. */
  readonly name: string
  readonly package: string
  readonly version?: string
  readonly description?: string
}

/** The connectors that the project around the working directory depends on, or holds itself, by name. */
export function installedConnectors({ cwd }: Pick<Shell, 'cwd'>): InstalledConnector[] {
  const found = [
    ...projectDependencies(cwd).map((name) => installedPackage(name, cwd)?.json),
    ...localPackages(cwd).map(({ json }) => json),
  ]
  const connectors = new Map<string, InstalledConnector>()
  for (const json of found) {
    if (json?.name === undefined || json.keywords?.includes('tributary-connector') !== true) continue
    const { name, version, description } = json
    connectors.set(name, {
      name: shortName(name),
      package: name,
      ...(version !== undefined && { version }),
      ...(description !== undefined && { description }),
    })
  }
  return [...connectors.values()].sort((a, b) => a.name.localeCompare(b.name))
}

function shortName(packageName: string): string {
  const prefix = PREFIXES.find((candidate) => packageName.startsWith(candidate))
  return prefix === undefined ? packageName : packageName.slice(prefix.length)
}

/**
 * Finds a connector by its short name or by its package's, in the project around the working directory, else beside this
 * command; or by a path: of a module, such as `./bookings.ts`, or of data, such as `./bookings.yaml`. Throws
 * `CONNECTOR_UNKNOWN`, which names the nearest one and how to add one, `CONNECTOR_BROKEN`, or `CONNECTOR_INVALID`.
 */
export async function loadConnector(name: string, shell: Shell): Promise<ConnectorFactory> {
  if (isConnectorFile(name)) return loadData(name, shell)
  if (isModulePath(name)) return await loadModule(name, shell)
  for (const packageName of candidates(name, shell)) {
    const own = localPackages(shell.cwd).filter(({ json }) => json.name === packageName)
    for (const folder of [shell.cwd, ...own.map((local) => local.folder), dirname(fileURLToPath(import.meta.url))]) {
      const file = resolveOrExplain(packageName, folder)
      if (file !== undefined) {
        const source = `The package ${packageName}`
        return findFactory(await importModule(file, source), name, source)
      }
    }
  }
  throw unknownConnector(name, shell)
}

const isModulePath = (name: string): boolean => /^\.{0,2}[/\\]|\.[cm]?[jt]s$/.test(name)

async function loadModule(path: string, { cwd }: Shell): Promise<ConnectorFactory> {
  const file = resolve(cwd, path)
  if (!existsSync(file))
    throw usageError(`There is no file ${path}, which should be a module that exports a connector.`, 'CONNECTOR_UNKNOWN')
  const label = `The file ${path}`
  return findFactory(await importModule(file, label), path, label)
}

function loadData(path: string, { cwd }: Shell): ConnectorFactory {
  const file = resolve(cwd, path)
  if (!existsSync(file))
    throw usageError(`There is no file ${path}, which should hold a connector as JSON or YAML.`, 'CONNECTOR_UNKNOWN')
  return parseConnectorFile(readText(file, path), path)
}

function readText(file: string, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file))
  } catch (error) {
    throw error instanceof TypeError
      ? usageError(`The file ${path} is not text in UTF-8. Save it as UTF-8.`, 'CONNECTOR_INVALID')
      : broken(`The file ${path}`, error)
  }
}

function candidates(name: string, shell: Shell): string[] {
  if (name.includes('/') || name.startsWith(PREFIXES[1])) return isPackageName(name) ? [name] : []
  // A bare name is taken for a package only where that calls itself a connector: nothing else is ever run.
  const bare = installedConnectors(shell).some((connector) => connector.package === name) && !isBuiltin(name) ? [name] : []
  return isPackageName(name) ? [...PREFIXES.map((prefix) => prefix + name), ...bare] : []
}

const isPackageName = (name: string): boolean => /^(?:@[a-z0-9~-][\w.~-]*\/)?[a-z0-9~-][\w.~-]*$/i.test(name)

function resolveOrExplain(packageName: string, folder: string): string | undefined {
  try {
    return resolvePackage(packageName, folder)
  } catch (error) {
    throw broken(`The package ${packageName}`, error)
  }
}

async function importModule(file: string, label: string): Promise<Record<string, unknown>> {
  try {
    return (await import(pathToFileURL(file).href)) as Record<string, unknown>
  } catch (error) {
    throw isTributaryError(error) ? error : broken(label, error)
  }
}

function findFactory(module: Record<string, unknown>, name: string, source: string): ConnectorFactory {
  const factories = Object.values(module).filter(isFactory)
  const factory =
    factories.find(({ connector }) => connector.name === name || source.endsWith(`connector-${connector.name}`)) ??
    (new Set(factories).size === 1 ? factories[0] : undefined)
  if (factory !== undefined) return factory
  throw usageError(
    factories.length === 0
      ? `${source} exports no connector: it should export what defineConnector() makes.`
      : `${source} exports ${factories.map(({ connector }) => connector.name).join(' and ')}, and none is called ${name}.`,
    'CONNECTOR_BROKEN',
  )
}

function isFactory(value: unknown): value is ConnectorFactory {
  if (typeof value !== 'function' || !('connector' in value)) return false
  const { connector } = value
  return typeof connector === 'object' && connector !== null && 'name' in connector && 'resources' in connector
}

function broken(source: string, error: unknown): TributaryError {
  return new TributaryError({
    code: 'CONNECTOR_BROKEN',
    recovery: 'fix-config',
    message: `${source} cannot be loaded: ${describeCause(error)}`,
    cause: error,
  })
}

function unknownConnector(name: string, shell: Shell): TributaryError {
  const names = installedConnectors(shell).map((connector) => connector.name)
  const near = nearest(name, names)
  const known = names.length === 0 ? 'None is installed here.' : `Installed: ${names.join(', ')}.`
  const install = isPackageName(name) && near === undefined ? candidates(name, shell)[0] : undefined
  return usageError(
    [
      `There is no connector ${JSON.stringify(name)}.`,
      near === undefined ? known : `Did you mean ${near}?`,
      `To add one: ${addCommand(shell)} ${install ?? `${PREFIXES[0]}<name>`}. To see what there is: ${commandName(shell)} list.`,
    ].join(' '),
    'CONNECTOR_UNKNOWN',
  )
}

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

export interface PackageJson {
  readonly name?: string
  readonly version?: string
  readonly description?: string
  readonly keywords?: readonly string[]
  readonly exports?: unknown
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

/** `folder` and the folders above it, innermost first. */
function* ancestors(folder: string): Generator<string> {
  for (let current = folder; ; current = dirname(current)) {
    yield current
    if (current === dirname(current)) return
  }
}

function readJson(file: string): PackageJson | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as PackageJson
  } catch {
    return undefined
  }
}

/** The package.json of an installed package as seen from `folder`. Not by `require`: most packages do not export it. */
export function installedPackage(name: string, folder: string): { folder: string; json: PackageJson } | undefined {
  for (const ancestor of ancestors(folder)) {
    const found = join(ancestor, 'node_modules', name)
    const json = readJson(join(found, 'package.json'))
    if (json !== undefined) return { folder: found, json }
  }
  return undefined
}

/** Names of the packages that the project around `folder` depends on. */
export function projectDependencies(folder: string): string[] {
  for (const ancestor of ancestors(folder)) {
    const json = readJson(join(ancestor, 'package.json'))
    if (json !== undefined) return Object.keys({ ...json.dependencies, ...json.devDependencies })
  }
  return []
}

/** The project's own connectors: packages in the folder `connectors` beside its package.json. */
export function localPackages(folder: string): { folder: string; json: PackageJson }[] {
  for (const ancestor of ancestors(folder)) {
    if (!existsSync(join(ancestor, 'package.json'))) continue
    const connectors = join(ancestor, 'connectors')
    if (!existsSync(connectors)) continue
    return readdirSync(connectors).flatMap((name) => {
      const json = readJson(join(connectors, name, 'package.json'))
      return json === undefined ? [] : [{ folder: join(connectors, name), json }]
    })
  }
  return []
}

/** The file that `import` of a package means, as seen from `folder`; undefined where there is no such package. */
export function resolvePackage(name: string, folder: string): string | undefined {
  try {
    return createRequire(join(folder, 'package.json')).resolve(name)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ERR_PACKAGE_PATH_NOT_EXPORTED') return importEntry(name, folder)
    if (code === 'MODULE_NOT_FOUND') return undefined
    throw error
  }
}

/** The entry of a package that exports itself to `import` only, which `require.resolve` does not see. */
function importEntry(name: string, folder: string): string | undefined {
  const found = installedPackage(name, folder)
  const target = exportTarget(found?.json.exports)
  const file = found === undefined || target === undefined ? undefined : join(found.folder, target)
  return file !== undefined && existsSync(file) ? file : undefined
}

function exportTarget(entry: unknown): string | undefined {
  if (typeof entry === 'string') return entry
  if (typeof entry !== 'object' || entry === null) return undefined
  if ('.' in entry) return exportTarget(entry['.'])
  for (const [condition, target] of Object.entries(entry)) {
    const found = ['node', 'import', 'module-sync', 'default'].includes(condition) ? exportTarget(target) : undefined
    if (found !== undefined) return found
  }
  return undefined
}

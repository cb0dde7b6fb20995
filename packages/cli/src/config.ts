import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describeCause, nearest, type TributaryError } from '@tributary/core'
import { unknownName, usageError } from './errors.ts'

/** What `tributary.config.{ts,js,mjs,json}` holds. Flags, the environment and `.env` come before it. */
export interface TributaryConfig {
  /** Options by connector: `{ ticketing: { baseUrl: 'https://…' } }`. Credentials are better kept in the environment. */
  readonly connectors?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** Where data goes when `--to` is left out: `duckdb:<file>`, `postgres://…`, `parquet:<folder>` or `jsonl:<folder>`. */
  readonly destination?: string
}

/** Types the config file: `export default defineConfig({ … })`. */
export const defineConfig = (config: TributaryConfig): TributaryConfig => config

/** A config as read, with its file's name for messages. */
export interface LoadedConfig extends TributaryConfig {
  readonly file: string
}

const FILES = ['ts', 'js', 'mjs', 'json'].map((extension) => `tributary.config.${extension}`)

/** Reads the config file of the working directory; undefined where there is none. Throws `CONFIG_INVALID`. */
export async function readConfig(cwd: string): Promise<LoadedConfig | undefined> {
  const found = FILES.filter((file) => existsSync(join(cwd, file)))
  const [file] = found
  if (file === undefined) return undefined
  if (found.length > 1) throw invalid(`There are ${found.join(' and ')}: keep one of them.`)
  const config = await load(cwd, file)
  checkConfig(config, file)
  return { ...config, file }
}

async function load(cwd: string, file: string): Promise<unknown> {
  // Only here: reading TypeScript takes a loader that no other run has to wait for.
  const { loadConfig } = await import('c12')
  try {
    const { config } = await loadConfig({
      cwd,
      configFile: file,
      name: 'tributary',
      rcFile: false,
      globalRc: false,
      packageJson: false,
      dotenv: false,
      giget: false,
      extend: false,
      envName: false,
      configFileRequired: true,
      // So that it sees the same packages as the command, wherever Node can read it by itself.
      jitiOptions: { tryNative: true },
    })
    return config
  } catch (error) {
    throw invalid(`${file} cannot be read: ${explain(error, file)}`)
  }
}

/** A parser quotes the text around a mistake, and that text may hold a credential: only the place is told. */
function explain(error: unknown, file: string): string {
  const text = describeCause(error)
  const isSyntax = file.endsWith('.json') || (error instanceof Error && /syntax|parse/i.test(`${error.name} ${text}`))
  if (!isSyntax) return text.split('\n', 1)[0]!
  const place = /\((\d+):(\d+)\)/.exec(text) ?? /:(\d+):(\d+)/.exec(text)
  return place === null ? 'it is not well-formed.' : `it is not well-formed at line ${place[1]}, column ${place[2]}.`
}

function checkConfig(config: unknown, file: string): asserts config is TributaryConfig {
  if (!isRecord(config)) throw invalid(`${file} should export an object such as { connectors: { … } }.`)
  const known = ['connectors', 'destination']
  for (const key of Object.keys(config)) {
    if (!known.includes(key)) throw unknownName(`setting in ${file} called`, key, known, 'CONFIG_INVALID')
  }
  const { connectors = {}, destination } = config
  if (destination !== undefined && typeof destination !== 'string')
    throw invalid(`destination in ${file} should be text such as 'duckdb:data/tributary.duckdb'.`)
  if (!isRecord(connectors) || !Object.values(connectors).every(isRecord))
    throw invalid(`connectors in ${file} should hold an object of options for each connector: { ticketing: { baseUrl: '…' } }.`)
}

/** The options that the config file has for a connector. A near miss of its name is an error: it would go unnoticed. */
export function configuredOptions(
  config: LoadedConfig | undefined,
  name: string,
  installed: readonly string[],
): Readonly<Record<string, unknown>> {
  const { connectors = {}, file = '' } = config ?? {}
  for (const key of Object.keys(connectors)) {
    if (key !== name && !installed.includes(key) && nearest(key, [name]) !== undefined)
      throw invalid(`${file} has options for ${JSON.stringify(key)}, which is no connector here. Did you mean ${name}?`)
  }
  return connectors[name] ?? {}
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const invalid = (message: string): TributaryError => usageError(message, 'CONFIG_INVALID')

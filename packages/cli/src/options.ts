import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { describeCause, nearest, type OptionInfo, type TributaryError } from '@tributary/core'
import { usageError } from './errors.ts'
import type { Shell } from './shell.ts'

/** Texts by variable: the environment, or what `.env` says. */
type Variables = Readonly<Record<string, string | undefined>>

/** Where options may be set. What comes first in this list wins. */
export interface OptionSources {
  /** From `--set`. */
  readonly flags: Readonly<Record<string, string>>
  readonly environment: Variables
  readonly dotenv: Variables
  /** From the config file: values of any type. */
  readonly config: Readonly<Record<string, unknown>>
}

/** The variables of `.env` in the working directory. */
export function readDotenv(cwd: string): Variables {
  try {
    return parseEnv(readFileSync(join(cwd, '.env'), 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw invalid(`.env cannot be read: ${describeCause(error)}`)
  }
}

/**
 * The options of a connector from all sources; empty where none is set anywhere. Options that the connector does not
 * have are passed on, for it to refuse.
 */
export function collectOptions(infos: readonly OptionInfo[], sources: OptionSources, cwd: Shell['cwd']): Record<string, unknown> {
  const values: Record<string, unknown> = { ...sources.config, ...sources.flags }
  for (const info of infos) {
    const text =
      sources.flags[info.name] ??
      variableValue(info, infos, sources.environment, cwd) ??
      variableValue(info, infos, sources.dotenv, cwd)
    const value = text === undefined ? sources.config[info.name] : convert(text, info)
    if (value !== undefined) values[info.name] = value
  }
  return values
}

function variableValue(
  { variable }: OptionInfo,
  infos: readonly OptionInfo[],
  variables: Variables,
  cwd: string,
): string | undefined {
  const fileVariable = `${variable}_FILE`
  const isAnOption = infos.some((info) => info.variable === fileVariable)
  const file = isAnOption ? undefined : nonEmpty(variables[fileVariable])
  const value = nonEmpty(variables[variable])
  if (file === undefined) return value
  if (value !== undefined) throw invalid(`${variable} and ${fileVariable} are both set: keep one of them.`)
  try {
    return readFileSync(resolve(cwd, file), 'utf8').replace(/\r?\n$/, '')
  } catch (error) {
    throw invalid(`${fileVariable} names ${file}, which cannot be read: ${describeCause(error)}.`)
  }
}

const nonEmpty = (text: string | undefined): string | undefined => (text === '' ? undefined : text)

const BOOLEANS: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  on: true,
  1: true,
  false: false,
  no: false,
  off: false,
  0: false,
}

/** A text as its option's type wants it; one that cannot be stays as it is, for the connector to refuse. */
function convert(text: string, { type }: OptionInfo & { readonly type?: string }): unknown {
  if (type === 'boolean') return BOOLEANS[text.toLowerCase()] ?? text
  if (type === 'number' && text.trim() !== '' && Number.isFinite(Number(text))) return Number(text)
  return text
}

/** Variables that look like an option's, but are none: `TICKETING_API_KY`, and what was probably meant. */
export function misspelledVariables(
  infos: readonly OptionInfo[],
  { environment, dotenv }: Pick<OptionSources, 'environment' | 'dotenv'>,
  prefix: string,
): { readonly variable: string; readonly meant: string }[] {
  const known = infos.flatMap(({ variable }) => [variable, `${variable}_FILE`])
  return Object.keys({ ...dotenv, ...environment })
    .filter((variable) => variable.startsWith(prefix) && !known.includes(variable))
    .flatMap((variable) => {
      const meant = nearest(
        variable.slice(prefix.length),
        known.map((name) => name.slice(prefix.length)),
      )
      return meant === undefined ? [] : [{ variable, meant: prefix + meant }]
    })
}

/** Reads `--set key=value`; with several connectors, `--set connector.key=value`. Never repeats a value. */
export function readAssignments(
  texts: readonly string[],
  connectors: readonly string[],
): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const assigned = Object.fromEntries(connectors.map((name) => [name, {} as Record<string, string>]))
  for (const text of texts) {
    const at = text.indexOf('=')
    if (at < 1)
      throw usageError('--set takes key=value, such as --set baseUrl=https://api.example.com, but one has no key and =.')
    const { connector, name } = scoped(text.slice(0, at), connectors, '--set', '=…')
    for (const target of connector) {
      if (name in assigned[target]!) throw usageError(`--set ${name} is given twice.`)
      assigned[target]![name] = text.slice(at + 1)
    }
  }
  return assigned
}

/** To which connectors a name belongs: with several of them it says so itself, `ticketing.ticket_data`. */
export function scoped(
  name: string,
  connectors: readonly string[],
  flag: string,
  suffix = '',
): { readonly connector: readonly string[]; readonly name: string } {
  const owner = connectors.find((connector) => name.startsWith(`${connector}.`))
  if (owner !== undefined) return { connector: [owner], name: name.slice(owner.length + 1) }
  if (connectors.length === 1) return { connector: connectors, name }
  throw usageError(`With several connectors, ${flag} says which one it means: ${flag} ${connectors[0]}.${name}${suffix}.`)
}

const invalid = (message: string): TributaryError => usageError(message, 'OPTIONS_INVALID')

import { nearest } from '../connector/nearest.ts'
import type { OptionInfo } from '../connector/options.ts'
import { TributaryError } from '../errors.ts'
import type { Place, Report } from './place.ts'

/** What stands in a text: `${NAME}`, or `$${`, which is a literal `${`. The last one is malformed. */
const PART = /\$\$\{|\$\{([A-Za-z_]\w*)\}|\$\{/g

/** The same, with what belongs to the literal. */
const LITERAL_OR_PART = new RegExp(`\\$\\$\\{[^{}]*\\}|${PART.source}`, 'g')

const OPEN = '${'
// biome-ignore lint/suspicious/noTemplateCurlyInString: as it is written in a file
const MALFORMED = 'has a ${ that is no variable: write ${NAME}, of letters, digits and _, or $${ for a literal ${.'

/** The variables of a file's data, in the order of their first use. Reports what looks like one, but is malformed. */
export function findVariables(data: unknown, report: Report): OptionInfo[] {
  const found = new Map<string, boolean>()
  walk(data, [], (text, place) => {
    for (const { 0: part, 1: name, index } of text.matchAll(PART)) {
      const isSecret = (): boolean => isSecretPlace(place) || (isUrlPlace(place) && text.slice(0, index).includes('?'))
      if (name !== undefined) found.set(name, (found.get(name) ?? false) || isSecret())
      else if (part === OPEN) report(place, MALFORMED)
    }
    return text
  })
  return [...found].map(([name, secret]) => ({ name, variable: name, required: true, secret }))
}

/** Puts values in the place of the variables, in texts and in keys; what is put there is not looked at again. */
export function substitute<T>(data: T, values: Readonly<Record<string, string>>): T {
  return walk(data, [], (text, place) => {
    const isTemplate = isTemplatePlace(place)
    return text.replaceAll(isTemplate ? LITERAL_OR_PART : PART, (part, name: string | undefined) => {
      // In a template, what stands there literally is no placeholder, up to its end.
      if (name === undefined) return isTemplate && part.endsWith('}') ? `${part.slice(1, -1).replace('{', '{{')}}}` : OPEN
      const value = values[name]!
      // In a template, a brace of the value is no placeholder.
      return isTemplate ? value.replaceAll(/[{}]/g, '$&$&') : value
    })
  }) as T
}

/** Whether a part of the data has values that are not yet known. */
export function holdsVariable(data: unknown): boolean {
  let holds = false
  walk(data, [], (text) => {
    if (text.includes(OPEN)) holds = true
    return text
  })
  return holds
}

/**
 * The values of the variables. Throws `OPTIONS_INVALID`, which names each that is not set or empty, or that there is not,
 * and never shows a value.
 */
export function readValues(
  source: string,
  infos: readonly OptionInfo[],
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, string>> {
  const names = infos.map(({ name }) => name)
  const unset = names.filter((name) => given[name] === undefined || given[name] === '')
  const wrong = names.filter((name) => !unset.includes(name) && typeof given[name] !== 'string')
  const unknown = Object.keys(given).filter((name) => !names.includes(name))
  const problems = [
    ...(unset.length > 0
      ? [
          `${listed(unset)} not set. Set ${unset.length === 1 ? 'it' : 'them'} in the environment or in .env, or pass --set ${unset[0]}=….`,
        ]
      : []),
    ...wrong.map((name) => `${name} should be a text, but is of type ${typeof given[name]}.`),
    ...unknown.map((name) => unknownVariable(name, names)),
  ]
  if (problems.length === 0) return given as Readonly<Record<string, string>>
  throw new TributaryError({
    code: 'OPTIONS_INVALID',
    recovery: 'fix-config',
    message: `${source} needs values: ${problems.slice(0, 4).join('\n  ')}`,
  })
}

const listed = (names: readonly string[]): string =>
  `${names.map((name) => `\${${name}}`).join(' and ')} ${names.length === 1 ? 'is' : 'are'}`

function unknownVariable(name: string, names: readonly string[]): string {
  const lower = nearest(
    name.toLowerCase(),
    names.map((each) => each.toLowerCase()),
  )
  const near = names.find((each) => each.toLowerCase() === lower)
  if (names.length === 0) return `it has no variable ${name}, nor any other.`
  return `it has no variable ${name}; ${near === undefined ? `there are ${names.join(', ')}.` : `did you mean ${near}?`}`
}

const SECRET_PARTS = new Set(['auth', 'headers', 'params', 'json', 'data', 'salt'])
/** Fields of auth that are addresses and names, and no credentials. */
const OPEN_FIELDS = new Set(['type', 'name', 'location', 'access_token_url', 'auth_endpoint', 'origins', 'scopes'])

function isSecretPlace(place: Place): boolean {
  const at = place.findIndex((key) => SECRET_PARTS.has(String(key)))
  if (at === -1) return false
  if (place[at] === 'auth') return !OPEN_FIELDS.has(String(place[at + 1]))
  // The fields of a param that is an object say where its value comes from.
  return place[at] !== 'params' || typeof place[at + 2] !== 'string'
}

/** A path may be written as the endpoint, or as the resource. What stands in the query of one is a param. */
const isUrlPlace = (place: Place): boolean =>
  ['base_url', 'path', 'endpoint'].includes(String(place.at(-1))) || (place.length === 2 && place[0] === 'resources')

const TEMPLATES = new Set(['path', 'params', 'headers', 'json', 'data'])

function isTemplatePlace(place: Place): boolean {
  const at = place.indexOf('endpoint')
  const part = place[at + 1]
  if (at === -1 || part === undefined || !TEMPLATES.has(String(part))) return at !== -1 && at === place.length - 1
  return part !== 'params' || typeof place[at + 3] !== 'string'
}

/** A copy of the data with each text and key replaced. */
function walk(value: unknown, place: Place, replace: (text: string, place: Place) => string): unknown {
  if (typeof value === 'string') return replace(value, place)
  if (Array.isArray(value)) return value.map((item, index) => walk(item, [...place, index], replace))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => {
      const at = [...place, key]
      return [replace(key, at), walk(member, at, replace)]
    }),
  )
}

import * as v from 'valibot'
import { TributaryError } from '../errors.ts'
import { nearest } from './nearest.ts'

/** What a connector may be given. Optional entries are wrapped in `v.optional`. */
export type OptionsSchema = v.ObjectSchema<v.ObjectEntries, undefined>

const SECRET = 'tributary.secret'

/** An option that is a credential: it never reaches a log, an error, an event or a file. */
export const secret = (): v.GenericSchema<string> =>
  v.pipe(v.string('expected text'), v.nonEmpty('expected a value, found empty text'), v.metadata({ [SECRET]: true }))

/** An option that is an absolute http or https URL, without credentials in it. */
export const url = (): v.GenericSchema<string> =>
  v.pipe(
    v.string('expected an absolute URL'),
    v.check(isHttpUrl, 'expected an absolute URL such as https://api.example.com, without a user name or password'),
  )

function isHttpUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, username, password } = new URL(text)
  return (protocol === 'http:' || protocol === 'https:') && username === '' && password === ''
}

/** One option, as the command line shows and reads it. */
export interface OptionInfo {
  readonly name: string
  /** Environment variable, such as `TICKETING_API_KEY`. With `_FILE` behind it: of a file that holds the value. */
  readonly variable: string
  readonly secret: boolean
  readonly required: boolean
  readonly description?: string
}

/** The options of a connector, in the order of their declaration. */
export function optionInfos(connectorName: string, schema: OptionsSchema): OptionInfo[] {
  return Object.entries(schema.entries).map(([name, entry]) => {
    const traits = optionTraits(entry as v.GenericSchema)
    return { name, variable: environmentVariable(connectorName, name), ...traits }
  })
}

/** A schema or an action, as far as it is looked into here. */
interface Item {
  readonly type: string
  readonly wrapped?: Item
  readonly pipe?: readonly Item[]
  readonly options?: readonly Item[]
  readonly metadata?: object
  readonly description?: string
}

function optionTraits(schema: v.GenericSchema): Omit<OptionInfo, 'name' | 'variable'> {
  const items = itemsOf(schema as Item)
  // What stands further out is said later, and counts.
  const description = items.findLast((item) => item.type === 'description')?.description
  return {
    secret: items.some(({ metadata }) => metadata !== undefined && SECRET in metadata),
    required: !items.some(({ type }) => OPTIONAL.has(type)),
    ...(description !== undefined && { description }),
  }
}

const OPTIONAL = new Set(['optional', 'exact_optional', 'undefinedable', 'nullish'])

/** A schema and all that it is made of, the innermost first: pipes hold schemas that hold pipes, unions hold several. */
function itemsOf(item: Item): Item[] {
  const union = item.type === 'union' ? (item.options ?? []) : []
  const inner = [...(item.wrapped === undefined ? [] : [item.wrapped]), ...union, ...(item.pipe ?? [])]
  return [...inner.flatMap(itemsOf), item]
}

/** `service-desk` and `apiKey` give `SERVICE_DESK_API_KEY`. */
export function environmentVariable(connectorName: string, option: string): string {
  return `${connectorName}_${option.replace(/([a-z0-9])([A-Z])/g, '$1_$2')}`.replace(/[^A-Za-z0-9]+/g, '_').toUpperCase()
}

/**
 * Checks the options of a connector. Throws `OPTIONS_INVALID`, which names each missing, wrong or unknown option and
 * the variable that sets it, and never shows a secret.
 */
export function parseOptions<TSchema extends OptionsSchema>(
  connectorName: string,
  schema: TSchema,
  given: unknown,
): v.InferOutput<TSchema> {
  const infos = optionInfos(connectorName, schema)
  const names = infos.map((info) => info.name)
  const problems: string[] = []
  const values = (typeof given === 'object' && given !== null ? given : {}) as Record<string, unknown>
  for (const name of Object.keys(values)) {
    if (!names.includes(name)) problems.push(`there is no option ${name}${didYouMean(name, names)}`)
  }
  const result = v.safeParse(schema, values)
  for (const issue of result.issues ?? []) {
    const info = infos.find((candidate) => candidate.name === issue.path?.[0]?.key)
    if (info === undefined) problems.push(issue.message)
    else if (values[info.name] === undefined)
      problems.push(`${info.name} is missing: set ${info.variable}, or pass --set ${info.name}=…`)
    else
      problems.push(
        `${info.name}: ${info.secret ? 'expected a non-empty text' : `${issue.message}, found ${shown(values[info.name])}`}`,
      )
  }
  if (problems.length === 0 && result.success) return result.output
  throw new TributaryError({
    code: 'OPTIONS_INVALID',
    recovery: 'fix-config',
    message: `The options of ${connectorName} are not complete: ${problems.join('; ')}.`,
  })
}

/** A value for a message, without what stands before an @ in a URL. */
function shown(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).replaceAll(/\/\/[^/@\s]*@/g, '//[redacted]@').slice(0, 200)
}

function didYouMean(name: string, names: readonly string[]): string {
  const near = nearest(name, names)
  return near === undefined ? ` (there are ${names.join(', ')})` : `; did you mean ${near}?`
}

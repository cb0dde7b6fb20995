import * as v from 'valibot'
import { nearest } from '../../connector/nearest.ts'

/** The bricks of the file's schema: valibot's, with messages of our own that a person can act on. */

export type AnySchema = v.GenericSchema<unknown, unknown>

type Issue = v.BaseIssue<unknown>
type Message = (issue: Issue) => string

/** Stands for a list where an object should be: valibot takes a list for an object with numbers as keys. */
const LIST = Symbol('a list')

/** What was found, as a message names it. Not for places where a credential may stand: see {@link kindOf}. */
export function found(value: unknown): string {
  if (typeof value === 'string') return `the text ${JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value)}`
  if (typeof value === 'number' || typeof value === 'bigint') return `the number ${value}`
  return kindOf(value)
}

/** What kind of thing was found, without the thing itself. */
export function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === LIST || Array.isArray(value)) return 'a list'
  if (typeof value === 'string') return 'a text'
  if (typeof value === 'object' && value !== null) return 'an object'
  if (typeof value === 'number' && !Number.isFinite(value)) return 'a number that is none, or beyond all bounds'
  return typeof value === 'boolean' || value === null ? String(value) : `a ${typeof value}`
}

export const expected =
  (what: string, show: (value: unknown) => string = found): Message =>
  ({ input }) =>
    `expected ${what}, found ${show(input)}.`

/** `There is no key "offst". Did you mean offset? There are limit, offset.` */
export function unknownWord(kind: string, word: string, words: readonly string[]): string {
  const near = nearest(word, words)
  const shown = JSON.stringify(word.length > 60 ? `${word.slice(0, 60)}…` : word)
  const there = `There ${words.length === 1 ? 'is' : 'are'} ${words.join(', ')}.`
  return `there is no ${kind} ${shown}. ${near === undefined ? '' : `Did you mean ${near}? `}${there}`
}

/** An object with these keys and no others. `hints`: what to say of certain keys that there are not. */
export function strict<TEntries extends v.ObjectEntries>(
  entries: TEntries,
  hints: Readonly<Record<string, string>> = {},
): v.StrictObjectSchema<TEntries, Message> {
  const keys = Object.keys(entries)
  const message: Message = ({ expected: wanted, input, path }) => {
    if (wanted === 'never')
      return Object.hasOwn(hints, String(input)) ? hints[String(input)]! : unknownWord('key', String(input), keys)
    const key = path?.[0]?.key
    if (key === undefined) return `expected an object with the keys ${keys.join(', ')}, found ${kindOf(input)}.`
    return `is missing. ${describe(entries[String(key)])}`
  }
  return notAList(v.strictObject(entries, message))
}

/** An object with keys of the author's own, whatever these are: valibot passes over `constructor` and its like. */
export function record(value: AnySchema, what: string): AnySchema {
  const schema = v.record(v.string(), value, expected(what, kindOf))
  const run: AnySchema['~run'] = (dataset, config) => {
    const input = dataset.value
    if (typeof input !== 'object' || input === null) return schema['~run'](dataset, config)
    const members = Object.entries(input).map(([key, member]) => ({ key, ...value['~run']({ value: member }, config) }))
    const issues = members.flatMap(({ key, issues: inside = [] }) =>
      inside.map((issue) => ({
        ...issue,
        path: [{ type: 'object', origin: 'value', input, key, value: issue.input }, ...(issue.path ?? [])],
      })),
    )
    const typed = members.every((member) => member.typed)
    return { typed, value: input, ...(issues.length > 0 && { issues }) } as ReturnType<AnySchema['~run']>
  }
  return notAList({ ...schema, '~run': run } as AnySchema)
}

/** One of several kinds of object, told apart by their `type`. */
export function kinds(
  what: string,
  options: v.VariantOptions<'type'>,
): v.VariantSchema<'type', v.VariantOptions<'type'>, Message> {
  // Variants of variants, which have no entries, are not used here.
  const types = options.flatMap((option) => typesOf((option as unknown as { entries: v.ObjectEntries }).entries.type))
  const message: Message = ({ input, path }) => {
    if (path === undefined) return `expected an object with a type (${types.join(', ')}) and its fields, found ${kindOf(input)}.`
    if (input === undefined || input === null) return `is missing. It is one of ${types.join(', ')}.`
    return typeof input === 'string'
      ? unknownWord(what, input, types)
      : `expected one of ${types.join(', ')}, found ${kindOf(input)}.`
  }
  return notAList(v.variant('type', options, message))
}

function typesOf(schema: unknown): string[] {
  const { literal, wrapped } = schema as { literal?: string; wrapped?: unknown }
  return literal === undefined ? (wrapped === undefined ? [] : typesOf(wrapped)) : [literal]
}

function notAList<TSchema extends AnySchema>(schema: TSchema): TSchema {
  const run: TSchema['~run'] = (dataset, config) =>
    schema['~run'](Array.isArray(dataset.value) ? { value: LIST } : dataset, config) as ReturnType<TSchema['~run']>
  return { ...schema, '~run': run }
}

/** A union of which the value itself tells which alternative is meant, so that a mistake in it is told as one of that. */
export function either<TOptions extends v.UnionOptions>(
  options: TOptions,
  choose: (value: unknown) => TOptions[number],
): AnySchema {
  return { ...v.union(options), '~run': (dataset, config) => choose(dataset.value)['~run'](dataset, config) } as AnySchema
}

/** A key that must be there. */
export const needed = <TSchema extends AnySchema>(schema: TSchema, description: string): AnySchema =>
  v.pipe(schema, v.description(description))

/** A key that may be left out, or be null. */
export const optional = (schema: AnySchema, description: string): v.NullishSchema<AnySchema, undefined> =>
  v.pipe(v.nullish(schema), v.description(description)) as unknown as v.NullishSchema<AnySchema, undefined>

/** What the description of a schema says. */
function describe(schema: AnySchema | undefined): string {
  return (schema === undefined ? undefined : v.getDescription(schema)) ?? ''
}

/** Not empty. */
export function text(what = 'a text', show?: (value: unknown) => string): AnySchema {
  const message = expected(what, show)
  return v.pipe(v.string(message), v.nonEmpty(message))
}

/** A text that may be empty. */
export const anyText = (what = 'a text'): AnySchema => v.string(expected(what))

/** A text that no message repeats. */
export const secretText = (): AnySchema => text('a text', (value) => (value === '' ? 'an empty one' : kindOf(value)))

export const flag = (): AnySchema => v.boolean(expected('true or false'))

/** One of a few words. */
export function oneOf(kind: string, words: readonly string[]): AnySchema {
  const message: Message = ({ input }) =>
    typeof input === 'string' ? unknownWord(kind, input, words) : `expected one of ${words.join(', ')}, found ${found(input)}.`
  return v.picklist(words, message)
}

export function whole(least: number, most: number = Number.MAX_SAFE_INTEGER): AnySchema {
  const message = expected(
    most === Number.MAX_SAFE_INTEGER ? `a whole number from ${least}` : `a whole number from ${least} to ${most}`,
  )
  return v.pipe(v.number(message), v.integer(message), v.minValue(least, message), v.maxValue(most, message))
}

/** Not a whole number, for that includes fractions: delays and factors. */
export function number(least: number, what: string, most: number = Number.MAX_SAFE_INTEGER): AnySchema {
  const message = expected(what)
  return v.pipe(v.number(message), v.minValue(least, message), v.maxValue(most, message))
}

export const list = (item: AnySchema, what: string): AnySchema => v.array(item, expected(what))

/** A name, or several. */
export const oneOrMore = (what: string): AnySchema =>
  v.union([text(what), v.pipe(v.array(text(what)), v.minLength(1, `expected ${what}, found an empty list.`))], expected(what))

/** What JSON Schema cannot say by itself, and how it is said there. */
const jsonSchemas = new WeakMap<object, object>()

export function custom(check: (value: unknown) => boolean, message: Message, jsonSchema: object): AnySchema {
  const schema = v.custom<unknown>(check, message)
  jsonSchemas.set(schema, jsonSchema)
  return schema
}

/** The JSON Schema of a {@link custom} one. */
export const jsonSchemaOf = (schema: object): object | undefined => jsonSchemas.get(schema)

/** YAML has words for what is no number, or none that is sent. */
const isNumber = (value: unknown): boolean => typeof value === 'bigint' || Number.isFinite(value)

/** Text or a number: the value of a cursor, or what a field is compared with. */
export const comparable = (): AnySchema =>
  custom((value) => typeof value === 'string' || isNumber(value), expected('a text or a number', kindOf), {
    type: ['string', 'number'],
  })

/** What a query parameter or a field of a form may be. */
export const scalar = (): AnySchema =>
  custom(
    (value) => value === null || ['string', 'boolean'].includes(typeof value) || isNumber(value),
    expected('a text, a number, true, false or null', kindOf),
    { type: ['string', 'number', 'boolean', 'null'] },
  )

export const anything = (): AnySchema => v.any()

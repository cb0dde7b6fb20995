import { compile } from 'json-p3'
import type { ParentLink } from '../connector/parent.ts'
import type { ResolvedResource } from '../connector/resolve.ts'
import { TributaryError } from '../errors.ts'
import { stringifyJson } from '../http/json.ts'
import { REPLACEMENT } from '../http/redact.ts'
import type { JsonValue, PageRequest, ParamValue } from '../http/request.ts'
import type { CursorBounds, CursorValue } from './incremental.ts'
import { valueAt } from './path.ts'

/** A record whose dependents are read, or the root of it all. */
export interface Branch {
  readonly record: JsonValue
  /** Key of the listing that the record came from. */
  readonly listing: string
  /** Resources whose rows it counts for: others have what depends on it already. */
  readonly consumers: ReadonlySet<string>
  /** See `Page.mayRepeat`. */
  readonly mayRepeat: boolean
}

/** One listing of a resource: of a root the only one, of a dependent one for each parent's record. */
export interface Listing {
  readonly branch: Branch
  /** The same for the same parent in every run: what tells its cursor from those of others. Empty for a root. */
  readonly key: string
  /** What is asked of the API. */
  readonly bounds: CursorBounds
}

export const rootBranch = (consumers: ReadonlySet<string>): Branch => ({
  record: null,
  listing: '',
  consumers,
  mayRepeat: false,
})

/** The listing's key: the values by which the requests for one parent differ from those for another, level by level. */
export function listingKey({ request }: ResolvedResource, branch: Branch): string {
  const fields = [
    ...new Set(request.placeholders.filter((placeholder) => placeholder.kind === 'resource').map(({ field }) => field)),
  ]
  if (fields.length === 0) return ''
  const values = fields.map((field) => encodeURIComponent(stringifyJson(fieldOf(branch.record, field) ?? null)))
  return [...(branch.listing === '' ? [] : [branch.listing]), values.join('&')].join('/')
}

/** The first request of a listing, before the paginator has put anything on it. */
export function bindRequest(
  { name, request, incremental }: ResolvedResource,
  { branch, bounds }: Omit<Listing, 'key'>,
): PageRequest {
  const convert = (value: JsonValue): ParamValue =>
    incremental?.convert === undefined ? String(value) : converted(name, incremental.convert, value)
  const bound = request.bind((placeholder, inPath = false) => {
    if (placeholder.kind === 'incremental') {
      const value = placeholder.bound === 'initial' ? incremental?.initialValue : bounds[placeholder.bound]
      if (value === undefined || incremental?.convert === undefined) return value
      return (converted(name, incremental.convert, value) as JsonValue) ?? undefined
    }
    const value = fieldOf(branch.record, placeholder.field)
    if (value === undefined || (value === null && inPath))
      throw unusable(name, placeholder.resource, placeholder.field, value, branch.record)
    if (typeof value === 'string' && value.includes(REPLACEMENT)) throw redacted(name, placeholder.resource, placeholder.field)
    return value
  })
  const params = { ...bound.params }
  if (incremental?.startParam !== undefined && bounds.start !== undefined) params[incremental.startParam] = convert(bounds.start)
  if (incremental?.endParam !== undefined && bounds.end !== undefined) params[incremental.endParam] = convert(bounds.end)
  return { ...bound, params }
}

/** A parent's field that was a secret is none any more, and a request with what stands in its place would ask for something else. */
function redacted(resource: string, parent: string, field: string): TributaryError {
  return new TributaryError({
    code: 'PLACEHOLDER_INVALID',
    recovery: 'fix-config',
    message: `${resource}: the field ${field} of its parent ${parent} holds one of the connector's secrets, and is redacted. Write the value itself where the placeholder stands, or take one that is no secret.`,
  })
}

/** A cursor as the API wants it. Throws `CONVERT_FAILED` where the author's function throws, or gives what no parameter can be. */
function converted(resource: string, convert: (value: CursorValue) => ParamValue, value: JsonValue): ParamValue {
  const failed = (why: string, cause?: unknown): TributaryError =>
    new TributaryError({
      code: 'CONVERT_FAILED',
      recovery: 'fix-config',
      message: `${resource}: the incremental's convert failed for the cursor ${JSON.stringify(String(value).slice(0, 60))}: ${why}.`,
      cause,
    })
  let made: ParamValue
  try {
    made = convert(value as CursorValue)
  } catch (error) {
    throw failed(error instanceof Error ? error.message : String(error), error)
  }
  for (const each of [made].flat()) {
    if (typeof each === 'object' && each !== null)
      throw failed('it gave an object, where text, a number or a list of them was expected')
    if (typeof each === 'function') throw failed('it gave a function')
    if (Number.isNaN(each)) throw failed('it gave NaN')
  }
  return made
}

/** What a child's record takes over from its parent's. */
export function includedFields(
  resource: string,
  parent: ParentLink,
  record: JsonValue,
): readonly (readonly [string, JsonValue])[] {
  return parent.included.map(({ field, as }) => {
    const value = fieldOf(record, field)
    if (value === undefined) throw unusable(resource, parent.resource, field, value, record)
    return [as, value]
  })
}

/** Adds fields to a record that is an object, in place: it has just been parsed, and is nobody else's. */
export function addFields(record: JsonValue, fields: readonly (readonly [string, JsonValue])[]): JsonValue {
  if (typeof record !== 'object' || record === null || Array.isArray(record))
    return { value: record, ...Object.fromEntries(fields) }
  for (const [name, value] of fields)
    Object.defineProperty(record, name, { value, enumerable: true, writable: true, configurable: true })
  return record
}

/** By the key itself, by a dotted path, or by JSONPath. */
function fieldOf(record: JsonValue, field: string): JsonValue | undefined {
  const nested = valueAt(record, field)
  const plain = nested === undefined ? ownMember(record, field) : nested
  if (plain !== undefined || !/[[$*]/.test(field)) return plain
  return compile(field.startsWith('$') ? field : `$.${field}`)
    .query(record as never)
    .values()[0] as JsonValue | undefined
}

/** A key may itself hold dots, as `@odata.id` does. */
function ownMember(record: JsonValue, key: string): JsonValue | undefined {
  if (typeof record !== 'object' || record === null || Array.isArray(record) || !Object.hasOwn(record, key)) return undefined
  return record[key]
}

function unusable(
  resource: string,
  parent: string,
  field: string,
  value: JsonValue | undefined,
  record: JsonValue,
): TributaryError {
  const fields =
    typeof record === 'object' && record !== null && !Array.isArray(record)
      ? `the fields ${Object.keys(record).slice(0, 20).join(', ')}`
      : 'no fields'
  return new TributaryError({
    code: 'PLACEHOLDER_INVALID',
    recovery: 'fix-data',
    message: `${resource}: the field ${field} of its parent ${parent} is ${value === undefined ? 'missing' : 'null'} in a record that has ${fields}. Correct the placeholder, or leave such parents out by a filter among the steps of ${parent}.`,
  })
}

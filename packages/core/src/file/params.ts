import { parseTemplate, TemplateError } from '../extract/template.ts'
import type { ParamValue } from '../http/request.ts'
import type { EndpointData, IncrementalData, ParamData, ResolveData } from './data.ts'
import type { MergedResource } from './merge.ts'
import type { Place, Report } from './place.ts'

/** The path and the params of an endpoint, in the engine's own terms. */
export interface BoundParams {
  readonly path: string
  readonly params: Record<string, ParamValue>
  /** The param that takes the start of the cursor, where the older form says so. */
  readonly incremental?: IncrementalData & { readonly param: string }
}

/**
 * Brings the older forms into the one that the engine knows. `{ type: resolve, resource, field }` becomes a placeholder,
 * `{ type: incremental, … }` a cursor; a param whose name stands in the path as `{name}` is put there instead.
 */
export function bindParams({ endpoint, place }: MergedResource, report: Report): BoundParams {
  const at: Place = [...place, 'endpoint', 'params']
  const params: Record<string, ParamValue> = {}
  const cursors: (IncrementalData & { param: string })[] = []
  for (const [name, value] of Object.entries(endpoint.params ?? {})) {
    if (isIncremental(value)) cursors.push({ ...value, param: name })
    else if (isResolve(value)) define(params, name, `{resources.${value.resource}.${value.field.replace(/^\$\./, '')}}`)
    else define(params, name, value as ParamValue)
  }
  const [incremental, second] = cursors
  if (incremental !== undefined && (second !== undefined || isThere(endpoint.incremental))) {
    const other = second === undefined ? 'endpoint.incremental' : `the param ${second.param}`
    report([...at, incremental.param], `is incremental, and so is ${other}. A resource has one cursor: take one of them out.`)
  }
  const path = bindPath(endpoint, params, incremental?.param, (text) => report([...place, 'endpoint', 'path'], text))
  return { path, params, ...(incremental !== undefined && { incremental }) }
}

const isThere = (value: unknown): boolean => value !== undefined && value !== null

const typeOf = (value: ParamData): unknown =>
  typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined

const isResolve = (value: ParamData): value is ResolveData => typeOf(value) === 'resolve'
const isIncremental = (value: ParamData): value is IncrementalData & { type: 'incremental' } => typeOf(value) === 'incremental'

/** Braces that are doubled, or names between single ones; not `${NAME}`, and not the roots of placeholders. */
const NAMES = /\{\{|\}\}|(?<!\$)\{(?!(?:resources|incremental)\})([A-Za-z_][\w-]*)\}/g

/** The path with the params that it names; they are taken out of `params`. */
function bindPath(
  { path = '', params: given }: EndpointData,
  params: Record<string, ParamValue>,
  cursor: string | undefined,
  report: (text: string) => void,
): string {
  const bound = new Set<string>()
  const filled = (path ?? '').replaceAll(NAMES, (part, name: string | undefined) => {
    if (name === undefined) return part
    if (name === cursor) return '{incremental.start_value}'
    if (Object.hasOwn(params, name) && isThere(params[name])) {
      bound.add(name)
      return segment(String(params[name]))
    }
    const names = Object.keys(given ?? {})
    report(
      `has {${name}}, but params has no ${name}${names.length === 0 ? '' : ` (it has ${names.join(', ')})`}. Add it to params, write {resources.<name>.${name}} for a field of another resource, or {{ and }} for literal braces.`,
    )
    return ''
  })
  for (const name of bound) delete params[name]
  return filled
}

/** A value as one segment of a path; placeholders in it stay. */
function segment(text: string): string {
  try {
    return parseTemplate(text)
      .map((part) => (typeof part === 'string' ? encodeURIComponent(part) : `{${part.text}}`))
      .join('')
  } catch (error) {
    // Left for the engine to refuse, with all that it knows of the place.
    if (error instanceof TemplateError) return text
    throw error
  }
}

/** Not by assignment: a name may be `__proto__`. */
const define = (target: object, name: string, value: unknown): unknown =>
  Object.defineProperty(target, name, { value, enumerable: true, writable: true, configurable: true })

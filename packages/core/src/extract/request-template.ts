import { TributaryError } from '../errors.ts'
import { stringifyJson } from '../http/json.ts'
import type { HttpMethod, JsonValue, PageRequest, ParamValue } from '../http/request.ts'
import { onlyPlaceholder, type Placeholder, parseTemplate, type Template, TemplateError } from './template.ts'

/** What an endpoint says of its requests, before the placeholders in it have values. */
export interface RequestSource {
  readonly method: HttpMethod
  /** Absolute. */
  readonly url: string
  readonly params: Readonly<Record<string, ParamValue>>
  readonly headers: Readonly<Record<string, string>>
  readonly json?: JsonValue
  readonly data?: string | Readonly<Record<string, ParamValue>>
}

/**
 * Answers what a placeholder stands for. `undefined`: nothing (yet), so that what it is in is left out. Throws where there
 * must be something, and for `null` where `inPath`.
 */
type Lookup = (placeholder: Placeholder, inPath?: boolean) => JsonValue | undefined

/** A request that still has placeholders in it. */
export interface RequestTemplate {
  readonly placeholders: readonly Placeholder[]
  /** The path ends in a placeholder, so that it leads to a single object. */
  readonly isSingleEntity: boolean
  /** Fills the placeholders in. Throws `PLACEHOLDER_INVALID` where a value cannot stand where it would. */
  bind(lookup: Lookup): PageRequest
}

/** Fills in a value; `undefined` where it is to be left out. */
type Fill<T> = (lookup: Lookup) => T | undefined

/** Compiles the texts of an endpoint. Throws `RESOURCE_INVALID`, saying where, for a placeholder that is none. */
export function compileRequest(resource: string, source: RequestSource): RequestTemplate {
  const placeholders: Placeholder[] = []
  const parse = (where: string, text: string): Template => {
    const template = parseOrExplain(resource, where, text)
    for (const part of template) if (typeof part === 'object') placeholders.push(part)
    return template
  }
  const { origin, path, query } = divideUrl(resource, source.url)
  const pathTemplate = parse('path', path)
  const queryParts = divideQuery(parse('path', query)).map((part) => fillText(part, encodeURIComponent))
  const params = compileRecord('params', source.params, (where, value) => compileParam(where, value, parse), parse)
  const headers = compileRecord('headers', source.headers, (where, value) => fillText(parse(where, value)), parse)
  const json = source.json === undefined ? undefined : compileJson('json', source.json, parse)
  const data = source.data === undefined ? undefined : compileData(source.data, parse)
  return {
    placeholders,
    isSingleEntity: endsInPlaceholder(pathTemplate),
    bind(lookup) {
      const body = json?.(lookup)
      const form = data?.(lookup)
      return {
        method: source.method,
        url: origin + bindPath(resource, pathTemplate, lookup) + bindQuery(queryParts, lookup),
        params: params(lookup),
        headers: headers(lookup),
        ...(body !== undefined && { json: body }),
        ...(form !== undefined && { data: form }),
      }
    },
  }
}

type Parse = (where: string, text: string) => Template

function parseOrExplain(resource: string, where: string, text: string): Template {
  try {
    return parseTemplate(text)
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    throw new TributaryError({
      code: 'RESOURCE_INVALID',
      recovery: 'fix-config',
      message: `The resource ${resource} cannot run: its ${where} ${error.message}.`,
      cause: error,
    })
  }
}

/** Placeholders stand in the path and the query, never in the origin: no value can lead to another host. */
function divideUrl(resource: string, url: string): { origin: string; path: string; query: string } {
  const [, origin = '', path = '', query = ''] = /^(https?:\/\/[^/?#]*)([^?#]*)([\s\S]*)$/i.exec(url) ?? []
  if (!/[{}]/.test(origin)) return { origin, path, query }
  throw new TributaryError({
    code: 'RESOURCE_INVALID',
    recovery: 'fix-config',
    message: `The resource ${resource} cannot run: its URL has a brace in the host, but only a path and what follows it can have a placeholder.`,
  })
}

/** A query at its ampersands. */
function divideQuery(query: Template): Template[] {
  const parts: (string | Placeholder)[][] = [[]]
  for (const part of query) {
    const [text, ...others] = typeof part === 'string' ? part.split('&') : [part]
    parts.at(-1)!.push(text!)
    for (const other of others) parts.push([other])
  }
  return parts
}

function endsInPlaceholder(path: Template): boolean {
  const last = path.at(-1)
  // A slash or an ending such as .json changes nothing of what it leads to.
  return typeof (typeof last === 'string' && /^(?:\.[a-z0-9]+)?\/*$/i.test(last) ? path.at(-2) : last) === 'object'
}

function bindPath(resource: string, template: Template, lookup: Lookup): string {
  return template
    .map((part) => (typeof part === 'string' ? part : segment(resource, part, textOf(resource, part, lookup(part, true)))))
    .join('')
}

/** One path segment, whatever the value holds. `.` and `..` are no names but ways, so nothing encodes them. */
function segment(resource: string, placeholder: Placeholder, text: string): string {
  if (text === '.' || text === '..' || text === '') {
    throw unfit(resource, placeholder, `is ${JSON.stringify(text)}, which cannot be a segment of a path`)
  }
  return encodeURIComponent(wellFormed(text))
}

/** As with parameters, what has no value is left out. */
function bindQuery(parts: readonly Fill<string>[], lookup: Lookup): string {
  const query = parts
    .map((part) => part(lookup))
    .filter((text) => text !== undefined)
    .join('&')
  return query === '' || /^[?#]/.test(query) ? query : `?${query}`
}

/** Lone surrogates cannot be encoded. */
const wellFormed = (text: string): string => text.replaceAll(/\p{Surrogate}/gu, '\uFFFD')

function textOf(resource: string, placeholder: Placeholder, value: JsonValue | undefined): string {
  if (value === undefined) throw unfit(resource, placeholder, 'has no value yet: give the incremental an initial value')
  if (typeof value === 'object') throw unfit(resource, placeholder, `is ${Array.isArray(value) ? 'a list' : 'an object'}`)
  return String(value)
}

function unfit(resource: string, { text }: Placeholder, why: string): TributaryError {
  return new TributaryError({
    code: 'PLACEHOLDER_INVALID',
    recovery: 'fix-data',
    message: `${resource}: in its path, {${text}} ${why}.`,
  })
}

/** A record whose names may hold placeholders too. What has no value is left out. */
function compileRecord<TIn, TOut>(
  where: string,
  record: Readonly<Record<string, TIn>>,
  compile: (where: string, value: TIn) => Fill<TOut>,
  parse: Parse,
): (lookup: Lookup) => Record<string, TOut> {
  const entries = Object.entries(record).map(
    ([name, value]) => [fillText(parse(`${where}.${name}`, name)), compile(`${where}.${name}`, value)] as const,
  )
  return (lookup) => {
    const filled: Record<string, TOut> = {}
    for (const [fillName, fillValue] of entries) {
      const [name, value] = [fillName(lookup), fillValue(lookup)]
      if (name !== undefined && value !== undefined) define(filled, name, value)
    }
    return filled
  }
}

/** Not by assignment: a name may be `__proto__`. */
const define = (target: object, name: string, value: unknown): unknown =>
  Object.defineProperty(target, name, { value, enumerable: true, writable: true, configurable: true })

function fillText(template: Template, encode: (text: string) => string = String): Fill<string> {
  if (template.every((part) => typeof part === 'string')) {
    const text = template.join('')
    return () => text
  }
  return (lookup) => {
    let text = ''
    for (const part of template) {
      const value = typeof part === 'string' ? part : lookup(part)
      if (value === undefined || value === null) return undefined
      const written = typeof value === 'object' ? stringifyJson(value) : String(value)
      text += typeof part === 'string' ? written : encode(wellFormed(written))
    }
    return text
  }
}

function compileParam(where: string, value: ParamValue, parse: Parse): Fill<ParamValue> {
  if (typeof value === 'string') return fillText(parse(where, value))
  if (!Array.isArray(value)) return () => value
  const items = value.map((item: string | number | boolean) =>
    typeof item === 'string' ? fillText(parse(where, item)) : () => item,
  )
  return (lookup) => items.map((item) => item(lookup)).filter((item) => item !== undefined)
}

function compileJson(where: string, value: JsonValue, parse: Parse): Fill<JsonValue> {
  if (typeof value === 'string') {
    const template = parse(where, value)
    const only = onlyPlaceholder(template)
    return only === undefined ? fillText(template) : (lookup) => lookup(only)
  }
  if (Array.isArray(value)) {
    const items = value.map((item, index) => compileJson(`${where}[${index}]`, item, parse))
    return (lookup) => items.map((item) => item(lookup)).filter((item) => item !== undefined)
  }
  if (typeof value !== 'object' || value === null) return () => value
  return compileRecord(where, value, (at, member) => compileJson(at, member, parse), parse)
}

function compileData(data: NonNullable<RequestSource['data']>, parse: Parse): Fill<NonNullable<PageRequest['data']>> {
  if (typeof data === 'string') return fillText(parse('data', data))
  return compileRecord('data', data, (where, value) => compileParam(where, value, parse), parse)
}

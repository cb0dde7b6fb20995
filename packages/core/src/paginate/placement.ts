import { isEmptyPath } from '../extract/path.ts'
import type { JsonValue, PageRequest } from '../http/request.ts'
import { excerpt, invalidOptions } from './errors.ts'

/** Where a paginator writes one of its values: a query parameter, or keys that lead to it in the body. */
export type Placement = { readonly kind: string } & ({ readonly param: string } | { readonly bodyPath: readonly string[] })

/**
 * `name` is what the options begin with, and the parameter where neither is given: `offset` for `offsetParam` and
 * `offsetBodyPath`. Throws `PAGINATOR_INVALID` where both are given, or a name that cannot be.
 */
export function placement(
  kind: string,
  name: string,
  param: string | null | undefined,
  bodyPath: string | null | undefined,
): Placement {
  if (param === '') throw invalidOptions(kind, `${name}Param is empty; give the name of the parameter, or ${name}BodyPath`)
  if (isEmptyPath(bodyPath)) return { kind, param: param ?? name }
  if (!isEmptyPath(param)) {
    throw invalidOptions(kind, `${name}Param ${param} and ${name}BodyPath ${bodyPath} are for the same thing; give one of them`)
  }
  const keys = bodyPath.replace(/^\$\./, '').split('.')
  if (keys.some((key) => key === '' || /[[\]*$]/.test(key))) {
    throw invalidOptions(kind, `${name}BodyPath is keys joined by dots, such as page.${name}, but is ${JSON.stringify(bodyPath)}`)
  }
  return { kind, bodyPath: keys }
}

/** The request with `value` in its place: the same request otherwise, and unchanged itself. Throws `PAGINATOR_INVALID`. */
export function place(placement: Placement, request: PageRequest, value: string | number | bigint): PageRequest {
  if ('param' in placement) return { ...request, params: { ...request.params, [placement.param]: value } }
  const { kind, bodyPath } = placement
  const path = bodyPath.join('.')
  if (typeof request.data === 'string') {
    throw invalidOptions(kind, `${path} is to be set in the body, but the body is text; give it as json`)
  }
  // A form has no nesting: the path is the field's name.
  if (request.data !== undefined) return { ...request, data: { ...request.data, [path]: value } }
  return { ...request, json: withValueAt(kind, request.json, bodyPath, value) }
}

/** A copy of `body` with `value` at the path; what is not there yet becomes an object. */
function withValueAt(kind: string, body: JsonValue | undefined, path: readonly string[], value: JsonValue): JsonValue {
  const [key, ...rest] = path
  if (key === undefined) return value
  if (body !== undefined && body !== null && (typeof body !== 'object' || Array.isArray(body))) {
    throw invalidOptions(
      kind,
      `${path.join('.')} is to be set in the request's body, but in its place the body has ${excerpt(body)}`,
    )
  }
  const inner = body !== undefined && body !== null && Object.hasOwn(body, key) ? body[key] : undefined
  return { ...body, [key]: withValueAt(kind, inner, rest, value) }
}

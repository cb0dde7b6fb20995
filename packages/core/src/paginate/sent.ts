import type { JsonValue, PageRequest } from '../http/request.ts'
import { requestUrl } from '../http/url.ts'

/** What a request already says in its query and at the top of its JSON body. */
export function sentFields(request: PageRequest): { readonly [key: string]: JsonValue } {
  return { ...Object.fromEntries(requestUrl(request).searchParams), ...jsonFields(request) }
}

/** The option that puts the value where the request has a field of that name: in the JSON body if it is there, else in the query. */
export function optionFor<TName extends string>(
  request: PageRequest,
  option: TName,
  field: string,
): { [key in `${TName}Param` | `${TName}BodyPath`]?: string } {
  const inBody = Object.hasOwn(jsonFields(request), field) && !field.includes('.')
  return { [`${option}${inBody ? 'BodyPath' : 'Param'}`]: field } as { [key in `${TName}Param` | `${TName}BodyPath`]?: string }
}

function jsonFields({ json }: PageRequest): { readonly [key: string]: JsonValue } {
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? json : {}
}

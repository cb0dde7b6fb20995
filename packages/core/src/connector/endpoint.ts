import type { Connector } from './connector.ts'
import type { Endpoint, Resource } from './resource.ts'

/** The endpoint of a resource: what it says itself, over what `resourceDefaults` say. */
export function endpointOf(resource: Resource, { options, resourceDefaults }: Connector): Endpoint {
  const { endpoint } = resource
  const own = typeof endpoint === 'function' ? endpoint(options as never) : endpoint
  return mergeEndpoints(resourceDefaults.endpoint ?? {}, own)
}

/**
 * `params`, `headers` and a `json` object merge one level deep; all else of `own` stands alone, and a body of its own takes the
 * place of the other kind. An explicit null takes a default away; of `auth` it means none.
 */
function mergeEndpoints(defaults: Partial<Endpoint>, own: Endpoint): Endpoint {
  const merged: Endpoint = {
    ...defaults,
    ...own,
    ...mergedMember('params', defaults, own),
    ...mergedMember('headers', defaults, own),
    ...mergedMember('json', defaults, own),
  }
  // Both of its own stay, for the resolver to refuse.
  if (isGiven(own.data) && !isGiven(own.json)) delete merged.json
  if (isGiven(own.json) && !isGiven(own.data)) delete merged.data
  const members = Object.entries(merged).filter(([name, value]) => name === 'auth' || isGiven(value))
  return Object.fromEntries(members) as unknown as Endpoint
}

function mergedMember(name: 'params' | 'headers' | 'json', defaults: Partial<Endpoint>, own: Endpoint): Partial<Endpoint> {
  const [base, over] = [defaults[name], own[name]]
  return isObject(base) && isObject(over) ? { [name]: { ...base, ...over } } : {}
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

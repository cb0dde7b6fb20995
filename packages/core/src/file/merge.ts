import type { ColumnData, EndpointData, FileData, ResourceData } from './data.ts'
import type { Place } from './place.ts'

/** A resource with its defaults in place; what was null is left out, but for an `auth` of null, which means none. */
export interface MergedResource {
  readonly name: string
  readonly place: Place
  readonly data: Readonly<Omit<ResourceData, 'endpoint' | 'columns'>>
  readonly columns: Readonly<Record<string, ColumnData>>
  /** What the resource says itself, without its defaults. */
  readonly own: { readonly data: ResourceData; readonly columns: Readonly<Record<string, ColumnData | null>> }
  readonly endpoint: EndpointData & { readonly path: string }
}

/**
 * Fills in the defaults of each resource: shallowly, `columns` and of the endpoint `params`, `headers` and `json` one
 * level deep. An explicit null resets a default.
 */
export function mergeResources({ resources, resource_defaults: defaults }: FileData): MergedResource[] {
  return resources.map((given, index) => {
    const own: ResourceData = typeof given === 'string' ? { name: given } : given
    const { endpoint, columns, ...data } = withoutNulls({ ...defaults, ...own })
    const name = String(own.name)
    return {
      name,
      place: ['resources', index],
      data,
      columns: own.columns === null ? {} : mergeColumns(defaults?.columns, own.columns),
      own: { data: own, columns: columnsByName(own.columns) },
      endpoint: { path: name, ...mergeEndpoints(defaults?.endpoint, own.endpoint) },
    }
  })
}

function mergeColumns(defaults: ResourceData['columns'], own: ResourceData['columns']): Record<string, ColumnData> {
  return withoutNulls({ ...columnsByName(defaults), ...columnsByName(own) }) as Record<string, ColumnData>
}

/** Columns are an object by name, or a list of objects that have one. */
function columnsByName(columns: ResourceData['columns']): Record<string, ColumnData | null> {
  if (columns === undefined || columns === null) return {}
  if (!Array.isArray(columns)) return { ...(columns as Record<string, ColumnData | null>) }
  return Object.fromEntries((columns as readonly ColumnData[]).map((column) => [column.name ?? '', column]))
}

const asObject = (endpoint: ResourceData['endpoint']): EndpointData =>
  typeof endpoint === 'string' ? { path: endpoint } : (endpoint ?? {})

function mergeEndpoints(defaults: ResourceData['endpoint'], given: ResourceData['endpoint']): EndpointData & { path?: string } {
  const base = given === null ? {} : asObject(defaults)
  const own = asObject(given)
  const merged: Record<string, unknown> = { ...base, ...own }
  for (const part of ['params', 'headers', 'json'] as const) {
    if (isObject(base[part]) && isObject(own[part])) merged[part] = { ...base[part], ...own[part] }
  }
  // A body of its own ends the other's default.
  if (isThere(own.data) && !isThere(own.json)) delete merged.json
  if (isThere(own.json) && !isThere(own.data)) delete merged.data
  const { auth } = merged
  return { ...withoutNulls(merged), ...(auth === null && { auth: null }) } as EndpointData & { path?: string }
}

const isThere = (value: unknown): boolean => value !== undefined && value !== null

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function withoutNulls<T extends object>(data: T): T {
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== null)) as T
}

/** Keys and indexes that lead to a value in a file's data. */
export type Place = readonly (string | number)[]

/** Takes note of something that is wrong. */
export type Report = (place: Place, text: string) => void

export interface Problem {
  readonly place: Place
  /** What was expected, what was found, and what to do: one line that goes on after the place and a colon. */
  readonly text: string
}

/** A place as people write it: `resources[2] (tickets).endpoint.paginator.limit`. */
export function placeText(place: Place, data: unknown): string {
  let text = ''
  let value = data
  for (const [depth, key] of place.entries()) {
    value = typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[key] : undefined
    if (typeof key === 'number') text += `[${key}]${depth === 1 && place[0] === 'resources' ? nameOf(value) : ''}`
    else if (/^[$\w-]+$/.test(key)) text += text === '' ? key : `.${key}`
    else text += `[${JSON.stringify(key)}]`
  }
  return text
}

/** A resource is easier to find by its name than by its index. */
function nameOf(resource: unknown): string {
  const name = typeof resource === 'object' && resource !== null ? (resource as { name?: unknown }).name : resource
  return typeof name === 'string' && name !== '' ? ` (${name.slice(0, 60)})` : ''
}

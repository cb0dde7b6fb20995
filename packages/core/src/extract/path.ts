import type { JsonValue } from '../http/request.ts'

/** Whether a dotted path names nothing. */
export function isEmptyPath(path: string | null | undefined): path is null | undefined | '' {
  return path === null || path === undefined || path === ''
}

/** The value at a dotted path such as `meta.total`, or `undefined`. Own keys only. */
export function valueAt(root: JsonValue | undefined, path: string): JsonValue | undefined {
  // Called for every record, and most paths are one key.
  if (!path.includes('.')) return member(root, path)
  let value = root
  for (const key of path.split('.')) value = member(value, key)
  return value
}

function member(value: JsonValue | undefined, key: string): JsonValue | undefined {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
  return (value as { [key: string]: JsonValue })[key]
}

import type { JsonValue } from '../http/request.ts'

type JsonObject = { [key: string]: JsonValue }
type Change = (record: JsonValue) => JsonValue

/** Leaves fields out. */
export function drop(fields: readonly string[]): Change {
  const paths = fields.map(keysOf)
  return (record) => paths.reduce((sofar, path) => changeAt(sofar, path, () => []), record)
}

/** Gives fields new names, in their order. Beside it a name is enough; with dots it leads from the record into objects. */
export function rename(names: Readonly<Record<string, string>>): Change {
  const changes = Object.entries(names).map(([from, to]) => renameOne(keysOf(from), keysOf(to)))
  return (record) => changes.reduce((sofar, change) => change(sofar), record)
}

/** Puts another value in the place of each that is there; null stays null. */
export function replace(fields: Readonly<Record<string, (value: JsonValue) => JsonValue>>): Change {
  const paths = Object.entries(fields).map(([field, change]) => [keysOf(field), change] as const)
  return (record) =>
    paths.reduce(
      (sofar, [path, change]) => changeAt(sofar, path, (key, value) => [[key, value === null ? null : change(value)]]),
      record,
    )
}

function renameOne(from: readonly string[], to: readonly string[]): Change {
  const isBeside = from.length === to.length && from.slice(0, -1).every((key, index) => key === to[index])
  if (isBeside) {
    const name = to.at(-1)!
    return (record) => changeAt(record, from, (_key, value) => [[name, value]], name)
  }
  return (record) => {
    let moved: JsonValue | undefined
    const rest = changeAt(record, from, (_key, value) => {
      moved = value
      return []
    })
    return moved === undefined ? record : withValue(rest, to, moved)
  }
}

const keysOf = (field: string): string[] => field.split('.')

/**
 * A copy of `value` in which the field at `path` is what `change` makes of it, in its place; the value itself where there
 * is no such field. `instead`: a key that the changed one replaces.
 */
function changeAt(
  value: JsonValue,
  path: readonly string[],
  change: (key: string, value: JsonValue) => readonly (readonly [string, JsonValue])[],
  instead?: string,
): JsonValue {
  const [key, ...rest] = path
  if (!isObject(value) || key === undefined || !Object.hasOwn(value, key)) return value
  const entries = Object.entries(value).flatMap(([name, member]): readonly (readonly [string, JsonValue])[] => {
    if (name === key) return rest.length === 0 ? change(name, member) : [[name, changeAt(member, rest, change, instead)]]
    return rest.length === 0 && name === instead ? [] : [[name, member]]
  })
  return Object.fromEntries(entries)
}

/** A copy of `value` with `inner` at `path`; what is not an object on the way becomes one. */
function withValue(value: JsonValue, [key, ...rest]: readonly string[], inner: JsonValue): JsonValue {
  if (key === undefined) return inner
  const base = isObject(value) ? value : {}
  const member = Object.hasOwn(base, key) ? base[key]! : null
  return Object.fromEntries([...Object.entries(base).filter(([name]) => name !== key), [key, withValue(member, rest, inner)]])
}

const isObject = (value: JsonValue): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value)

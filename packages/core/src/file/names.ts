import { connectorSchema } from './schema/connector.ts'

/** `total_path` → `totalPath`: the options of TypeScript are the words of a file in another case. */
const toCamelCase = (name: string): string => name.replaceAll(/_([a-z])/g, (_part, letter: string) => letter.toUpperCase())

/** The options by their names in TypeScript; what is null is left out, unless it `means` something. */
export function camelKeys(data: object, means: readonly string[] = []): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(data)
      .filter(([name, value]) => value !== null || means.includes(name))
      .map(([name, value]) => [toCamelCase(name), value]),
  )
}

let words: ReadonlyMap<string, string> | undefined

/** A message of the engine in the words of a file: `totalPath` → `total_path`. Names that no file has stay as they are. */
export function inFileWords(message: string): string {
  words ??= new Map([
    ['lastValue', 'last_value_func'],
    ['mergeStrategy', 'strategy'],
    ...keysOf(connectorSchema as Item).map((key) => [toCamelCase(key), key] as const),
  ])
  return message.replaceAll(/\b[a-z]+(?:[A-Z][a-z]+)+\b/g, (name) => words?.get(name) ?? name)
}

interface Item {
  readonly entries?: Readonly<Record<string, Item>>
  readonly options?: readonly Item[]
  readonly wrapped?: Item
  readonly item?: Item
  readonly value?: Item
}

/** All keys that a schema has, at any depth. */
function keysOf(schema: Item): string[] {
  const { entries = {}, options = [], wrapped, item, value } = schema
  const inner = [wrapped, item, value, ...options, ...Object.values(entries)]
  return [...Object.keys(entries), ...inner.flatMap((each) => (typeof each === 'object' && each !== null ? keysOf(each) : []))]
}

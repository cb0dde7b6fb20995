import { hash } from 'node:crypto'
import { canonicalJson } from '../http/json.ts'
import type { JsonValue } from '../http/request.ts'
import { type Field, isKeptWhole, type Level, type TableNode } from './fields.ts'

/** How a record lies in its tables. */
export interface RowShape {
  /** Of the table of the records. Undefined: nothing is known of their keys. */
  readonly node?: TableNode
  /** Values below it are kept whole, in columns of JSON. At most what recursion has room for. */
  readonly maxTableNesting: number
}

/**
 * Makes the same text for records whose rows say the same, whatever the order of their keys: SHA-256 of their JSON with sorted
 * keys. A key whose value is null, or an object or a list with nothing in it, says nothing, but for what is kept whole.
 * `leftOut`: names of what a contract left out of the record; once it lets them in, the record is another one.
 */
export type RowHash = (record: JsonValue, leftOut?: readonly string[]) => string

export function createRowHash({ node, maxTableNesting }: RowShape): RowHash {
  const textOfMember = (value: JsonValue, depth: number, field: Field | undefined): string | undefined => {
    if (value === null || typeof value !== 'object') return textOfScalar(value)
    if (isKeptWhole(field, depth, maxTableNesting)) return canonicalJson(value)
    return Array.isArray(value) ? textOfList(value, depth + 1, field?.child) : textOfObject(value, depth + 1, field?.nested)
  }
  const textOfList = (items: readonly JsonValue[], depth: number, child: TableNode | undefined): string | undefined =>
    // Items have their places, whatever they say.
    items.length === 0 ? undefined : `[${items.map((item) => textOfItem(item, depth, child) ?? 'null').join()}]`
  const textOfObject = (object: { [key: string]: JsonValue }, depth: number, level: Level | undefined): string | undefined => {
    let text = ''
    for (const key of Object.keys(object).sort()) {
      const member = textOfMember(object[key]!, depth, level?.fields.get(key))
      if (member !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${member}`
    }
    return text === '' ? undefined : `{${text}}`
  }
  const textOfItem = (item: JsonValue, depth: number, of: TableNode | undefined): string | undefined => {
    if (item === null || typeof item !== 'object') return textOfScalar(item)
    return Array.isArray(item) ? textOfMember(item, depth, listIn(of)) : textOfObject(item, depth, of?.level)
  }
  return (record, leftOut = []) => {
    const text = textOfItem(record, 0, node) ?? 'null'
    return hash('sha256', leftOut.length === 0 ? text : [text, ...[...leftOut].sort()].join('\n'), 'base64url')
  }
}

/** Where nothing is known of the table. */
export const rowHash: RowHash = createRowHash({ maxTableNesting: 500 })

const textOfScalar = (value: Exclude<JsonValue, object>): string | undefined => {
  if (value === null) return undefined
  return typeof value === 'bigint' ? value.toString() : JSON.stringify(value)
}

/** The field of a list that is itself an item, or a record. */
const listIn = (node: TableNode | undefined): Field | undefined => node?.level.fields.get('list')

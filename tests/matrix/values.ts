import { type ColumnType, type JsonValue, parseJson } from '@tributary/core'

/**
 * A value as `DatasetReader.rows` gives it, as text that is the same for the same value in whatever form it was kept. Throws
 * `TypeError` for one that is none of its type.
 */
export function textOf(type: ColumnType, value: unknown): string {
  switch (type) {
    case 'bigint':
      if (typeof value === 'bigint' || Number.isSafeInteger(value)) return String(value)
      break
    case 'double':
      if (typeof value === 'bigint' || typeof value === 'number') return Object.is(value, -0) ? '-0' : String(Number(value))
      break
    case 'bool':
      if (typeof value === 'boolean') return String(value)
      break
    case 'json':
      return jsonText(typeof value === 'string' ? parseJson(value) : (value as JsonValue))
    case 'decimal':
      if (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value))
        return value.includes('.') ? value.replace(/\.?0+$/, '') : value
      break
    case 'timestamp':
      if (typeof value === 'string') return value.replace(/(\.\d*?)0*Z$/, '$1Z').replace('.Z', 'Z')
      break
    case 'time':
      if (typeof value === 'string') return value.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '')
      break
    default:
      if (typeof value === 'string') return value
  }
  throw new TypeError(`${typeof value} ${String(value).slice(0, 80)} is no value of ${type}`)
}

/** JSON with its keys in order and its numbers in one way of writing. Iterative: depth is no limit. */
export function jsonText(root: JsonValue): string {
  const pending: (string | { readonly value: JsonValue })[] = [{ value: root }]
  const parts: string[] = []
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (typeof next === 'string') parts.push(next)
    else for (const part of partsOf(next.value).reverse()) pending.push(part)
  }
  return parts.join('')
}

function partsOf(value: JsonValue): (string | { readonly value: JsonValue })[] {
  if (typeof value === 'bigint') return [integerText(value)]
  if (typeof value !== 'object' || value === null) return [JSON.stringify(value)]
  if (Array.isArray(value)) return ['[', ...value.flatMap((item) => [{ value: item }, ',']), ']']
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return ['{', ...members.flatMap(([key, member]) => [`${JSON.stringify(key)}:`, { value: member }, ',']), '}']
}

/** A database that keeps numbers by their value writes 1e21 with all its digits. */
function integerText(value: bigint): string {
  const short = String(Number(value))
  const match = /^(-?)(\d)(?:\.(\d+))?e\+(\d+)$/.exec(short)
  if (match === null) return value.toString()
  const [, sign, first, more = '', exponent] = match
  const plain = `${sign}${first}${more.padEnd(Number(exponent), '0')}`
  return plain === value.toString() ? short : value.toString()
}

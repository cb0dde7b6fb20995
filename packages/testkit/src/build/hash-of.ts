import { createHash } from 'node:crypto'

/** A text that is the same for records that say the same: without nulls, empty lists and objects, whatever the order of keys. */
export function hashOf(record: Readonly<Record<string, unknown>>): string {
  return createHash('sha256')
    .update(JSON.stringify(canonical(record)) ?? '')
    .digest('base64url')
}

/** Undefined: says nothing. */
function canonical(value: unknown): unknown {
  if (value === null || value === undefined) return undefined
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('base64')}`
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : `integer ${value}`
  if (typeof value !== 'object') return value
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map((item) => canonical(item) ?? null)
  const entries = Object.entries(value)
    .map(([key, item]) => [key, canonical(item)] as const)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return entries.length === 0 ? undefined : entries
}

import type { JsonValue } from '../http/request.ts'
import type { Column } from '../load/schema.ts'
import type { Field } from './fields.ts'

// Parts of sentences about values and columns.

/** The type of a column as its declaration says it. */
export const typeText = (column: Column | undefined, type: string): string =>
  column?.type === 'decimal' ? `decimal(${column.precision ?? 38}, ${column.scale ?? 0})` : type

export const atPath = ({ path }: Pick<Field, 'path'>): string => (path.length > 1 ? ` at ${path.join('.')}` : '')

export function kindOf(value: JsonValue): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'an object' : `the ${typeof value}`
}

/** A value for a message: its beginning, on one line. */
export function show(value: JsonValue): string {
  if (typeof value === 'object' && value !== null) return ''
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value)
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}

/** `the string "x"`, `a list`. */
export const describe = (value: JsonValue): string => `${kindOf(value)} ${value === null ? '' : show(value)}`.trim()

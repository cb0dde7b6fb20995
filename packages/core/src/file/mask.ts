import { createHmac } from 'node:crypto'
import { stringifyJson } from '../http/json.ts'
import type { JsonValue } from '../http/request.ts'
import { replace } from './fields.ts'

const REDACTED = '[redacted]'

/**
 * Makes values unreadable. `hash`: HMAC-SHA-256 in hexadecimal, keyed by the salt, of a text as it stands and of any
 * other value as JSON, so that equal values stay equal; `redact`: one text for all of them.
 */
export function mask(fields: Readonly<Record<string, 'hash' | 'redact'>>, salt: string): (record: JsonValue) => JsonValue {
  const hash = (value: JsonValue): string =>
    createHmac('sha256', salt)
      .update(typeof value === 'string' ? value : stringifyJson(value))
      .digest('hex')
  return replace(
    Object.fromEntries(Object.entries(fields).map(([field, how]) => [field, how === 'hash' ? hash : () => REDACTED])),
  )
}

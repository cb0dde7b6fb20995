import type { JsonValue } from './request.ts'

/** The answer of an authorisation server. */
export interface TokenResponse {
  readonly status: number
  readonly body: JsonValue
}

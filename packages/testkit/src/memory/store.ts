import {
  EMPTY_STATE,
  type JsonValue,
  type LoadRecord,
  type PipelineState,
  parseJson,
  type Reject,
  type SchemaVersion,
  stringifyJson,
  type TableSchema,
} from '@tributary/core'
import type { MemoryRow } from './decode.ts'

/** A table as committed. */
export interface MemoryTable {
  readonly schema: TableSchema
  readonly rows: readonly MemoryRow[]
}

/** A dataset as committed. A commit replaces all of it at once. State, versions and rejects are text, so that nobody can change them from outside. */
export interface Committed {
  readonly tables: ReadonlyMap<string, MemoryTable>
  readonly state: string
  readonly loads: readonly LoadRecord[]
  readonly versions: readonly string[]
  readonly rejects: readonly string[]
}

export const NOTHING_COMMITTED: Committed = {
  tables: new Map(),
  state: textOf(EMPTY_STATE),
  loads: [],
  versions: [],
  rejects: [],
}

export function textOf(value: PipelineState | SchemaVersion | Reject | TableSchema): string {
  return stringifyJson(value as unknown as JsonValue)
}

export const stateFrom = (text: string): PipelineState => parseJson(text) as unknown as PipelineState
export const versionFrom = (text: string): SchemaVersion => parseJson(text) as unknown as SchemaVersion
export const rejectFrom = (text: string): Reject => parseJson(text) as unknown as Reject

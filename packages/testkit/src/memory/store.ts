import { type JsonValue, type LoadRecord, type PipelineState, parseJson, stringifyJson, type TableSchema } from '@tributary/core'
import type { MemoryRow } from './decode.ts'

/** A table as committed. */
export interface MemoryTable {
  readonly schema: TableSchema
  readonly rows: readonly MemoryRow[]
}

/** A dataset as committed. A commit replaces all of it at once. */
export interface Committed {
  readonly tables: ReadonlyMap<string, MemoryTable>
  /** As text, so that nobody can change it from outside. */
  readonly state: string
  readonly loads: readonly LoadRecord[]
}

export const NOTHING_COMMITTED: Committed = {
  tables: new Map(),
  state: stateText({ resources: {}, tables: {} }),
  loads: [],
}

export function stateText(state: PipelineState): string {
  return stringifyJson(state as unknown as JsonValue)
}

export function stateFromText(text: string): PipelineState {
  return parseJson(text) as unknown as PipelineState
}

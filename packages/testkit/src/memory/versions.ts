import { ownValue, type PipelineState, type SchemaVersion } from '@tributary/core'
import { type Committed, stateFrom, textOf, versionFrom } from './store.ts'

/** The schema versions after a load, and the number of the last one: each table whose schema the load changed has a new one. */
export function nextVersions(committed: Committed, loadId: number, state: PipelineState): { all: string[]; current: number } {
  const before = stateFrom(committed.state).tables
  const last = committed.versions.map(versionFrom).reduce((highest, { version }) => Math.max(highest, version), 0)
  const names = new Set([...Object.keys(before), ...Object.keys(state.tables)])
  const changed = [...names].flatMap((table): SchemaVersion[] => {
    const [old, schema] = [ownValue(before, table), ownValue(state.tables, table)]
    if (old !== undefined && schema !== undefined && textOf(old) === textOf(schema)) return []
    const { resource } = (schema ?? old)!
    return [{ version: last + 1, loadId, table, resource, ...(schema !== undefined && { schema }) }]
  })
  return { all: [...committed.versions, ...changed.map(textOf)], current: changed.length > 0 ? last + 1 : last }
}

export { appendBatch, type StagedShape } from './chunks.ts'
export { apply } from './dispositions/apply.ts'
export { childrenOf, type LoadTable } from './dispositions/load-table.ts'
export { makeUnique } from './dispositions/unique.ts'
export { createMemory, FIRST_LIMIT, isOutOfMemory, type Memory, withMemory } from './memory.ts'
export {
  broughtColumns,
  columnDefinitions,
  columnType,
  identifier,
  instant,
  literal,
  systemColumns,
  type TableKind,
  type TypedColumn,
  VERSION_COLUMNS,
} from './sql.ts'
export { createStagedTable, SEQUENCE, type StagedTable } from './staging.ts'

export { apply } from './dispositions/apply.ts'
export { childrenOf, type LoadTable } from './dispositions/load-table.ts'
export { makeUnique } from './dispositions/unique.ts'
export { createMemory, FIRST_LIMIT, isOutOfMemory, type Memory, withMemory } from './memory.ts'
export { readParquet } from './read-parquet.ts'
export {
  broughtColumns,
  columnDefinitions,
  columnType,
  identifier,
  instant,
  literal,
  SEQUENCE,
  systemColumns,
  type TableKind,
  type TypedColumn,
  VERSION_COLUMNS,
} from './sql.ts'
export { createStagedTable, type StagedTable } from './staging.ts'

import { type LoadPlan, type LoadSession, type TableSchema, TributaryError } from '@tributary/core'
import { commitLoad } from './commit.ts'
import { decodeBatch, type StagedRow } from './decode.ts'
import type { Committed } from './store.ts'

/** What a load has staged for one table, in parts that came in one shape each. */
export interface StagedTable {
  readonly parts: { readonly schema: TableSchema; readonly rows: readonly StagedRow[] }[]
  readonly rows: StagedRow[]
  mayRepeat: boolean
}

/** Where a session finds the dataset, and leaves it. */
export interface CommittedCell {
  committed: Committed
}

/** Stages rows as they come, and works out the whole of the dataset anew at the commit. */
export function beginSession(cell: CommittedCell, plan: LoadPlan): LoadSession {
  const staged = new Map<string, StagedTable>()
  let ended = false
  const stillOpen = (): void => {
    if (ended) throw new TributaryError({ code: 'SESSION_ENDED', recovery: 'report', message: `load ${plan.id} has ended` })
  }
  return {
    async write(batch) {
      stillOpen()
      const table = staged.get(batch.table.name) ?? { parts: [], rows: [], mayRepeat: false }
      staged.set(batch.table.name, table)
      const rows = decodeBatch(batch)
      table.parts.push({ schema: batch.table, rows })
      table.rows.push(...rows)
      table.mayRepeat ||= batch.mayRepeat
    },
    async commit(state) {
      stillOpen()
      const { committed, result } = commitLoad(cell.committed, plan, staged, state)
      cell.committed = committed
      ended = true
      return result
    },
    async abort() {
      ended = true
      staged.clear()
    },
  }
}

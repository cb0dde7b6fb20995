import { type Came, type LoadPlan, type LoadSession, type Reject, type TableSchema, TributaryError } from '@tributary/core'
import { commitLoad } from './commit.ts'
import { decodeBatch, type StagedRow } from './decode.ts'
import { type Committed, textOf } from './store.ts'

/** A batch as it was staged: in the shape that its table had then. */
export interface StagedBatch {
  readonly schema: TableSchema
  readonly rows: readonly StagedRow[]
  readonly mayRepeat: boolean
  readonly came?: Came
}

export interface Staged {
  readonly batches: StagedBatch[]
  /** As text. */
  readonly rejects: string[]
}

/** Where a session finds the dataset, and leaves it. */
export interface CommittedCell {
  committed: Committed
}

/** Stages rows as they come, and works out the whole of the dataset anew at the commit. */
export function beginSession(cell: CommittedCell, plan: LoadPlan): LoadSession {
  const staged: Staged = { batches: [], rejects: [] }
  let ended = false
  const stillOpen = (): void => {
    if (ended) throw new TributaryError({ code: 'SESSION_ENDED', recovery: 'report', message: `load ${plan.id} has ended` })
  }
  return {
    async write(batch) {
      stillOpen()
      const { table: schema, mayRepeat, came } = batch
      staged.batches.push({ schema, rows: decodeBatch(batch), mayRepeat, ...(came !== undefined && { came }) })
    },
    async reject(rejects: readonly Reject[]) {
      stillOpen()
      staged.rejects.push(...rejects.map(textOf))
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
    },
  }
}

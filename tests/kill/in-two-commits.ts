import { setTimeout as sleep } from 'node:timers/promises'
import type { Dataset, Destination, LoadPlan, PipelineState } from '@tributary/core'

/** What is committed first, by a destination that does it in two. */
export type TwoCommits = 'rows-first' | 'state-first'

/** Long enough to be met by one of some moments. */
const BETWEEN = 15

/** What no destination may be: rows and state are committed one after the other. Shows that the test finds it. */
export function inTwoCommits(destination: Destination, first: TwoCommits): Destination {
  return {
    ...destination,
    async open(name) {
      const dataset = await destination.open(name)
      let { state: last } = await dataset.read()
      return {
        read: () => dataset.read(),
        rejects: (resource) => dataset.rejects(resource),
        close: () => dataset.close(),
        async begin(plan) {
          const session = await dataset.begin(plan)
          const commitRows = (state: PipelineState): ReturnType<typeof session.commit> => session.commit(state)
          return {
            write: (batch) => session.write(batch),
            reject: (rejects) => session.reject(rejects),
            abort: () => session.abort(),
            async commit(state) {
              const old = last
              last = state
              if (first === 'rows-first') {
                const result = await commitRows({ ...state, resources: old.resources })
                await sleep(BETWEEN)
                await commitState(dataset, plan, state)
                return result
              }
              await commitState(dataset, plan, { ...old, resources: state.resources })
              await sleep(BETWEEN)
              return await commitRows(state)
            },
          }
        },
      }
    },
  }
}

async function commitState(dataset: Dataset, plan: LoadPlan, state: PipelineState): Promise<void> {
  const session = await dataset.begin({ ...plan, primaryKey: plan.primaryKey, disposition: 'append', id: plan.id + 0.5 })
  await session.commit(state)
}

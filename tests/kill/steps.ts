import type { Dataset, Destination, LoadSession } from '@tributary/core'

/** Steps of the protocol between the engine and a destination, as the second process tells them. */
export const STEPS = [
  'opening',
  'opened',
  'begun',
  'written',
  'rejected',
  'committing',
  'committed',
  'closing',
  'closed',
] as const

export type Step = (typeof STEPS)[number]

/** Calls `passed` at each step. */
export function withSteps(destination: Destination, passed: (step: Step) => void): Destination {
  const ofSession = (session: LoadSession): LoadSession => ({
    abort: () => session.abort(),
    async write(batch) {
      await session.write(batch)
      passed('written')
    },
    async reject(rejects) {
      await session.reject(rejects)
      passed('rejected')
    },
    async commit(state) {
      passed('committing')
      const result = await session.commit(state)
      passed('committed')
      return result
    },
  })
  const ofDataset = (dataset: Dataset): Dataset => ({
    read: () => dataset.read(),
    rejects: (resource) => dataset.rejects(resource),
    async begin(plan) {
      const session = ofSession(await dataset.begin(plan))
      passed('begun')
      return session
    },
    async close() {
      passed('closing')
      await dataset.close()
      passed('closed')
    },
  })
  return {
    ...destination,
    async open(name) {
      passed('opening')
      const dataset = await destination.open(name)
      passed('opened')
      return ofDataset(dataset)
    },
  }
}

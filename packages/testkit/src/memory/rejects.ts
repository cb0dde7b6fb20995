import type { LoadPlan } from '@tributary/core'
import { rejectFrom } from './store.ts'

/** Step 8 of a load: a replace, and putting them through again, take away those of before. */
export function nextRejects(before: readonly string[], plan: LoadPlan, staged: readonly string[]): string[] {
  const kept = before.filter((text) => {
    const { resource, loadId } = rejectFrom(text)
    return resource !== plan.resource || !(plan.disposition === 'replace' || loadId === plan.replays)
  })
  const outdated = new Set(plan.outdatedRejects?.map(({ loadId, sequence }) => `${loadId}.${sequence}`))
  return [...kept, ...staged].filter((text) => {
    const { resource, loadId, sequence } = rejectFrom(text)
    return resource !== plan.resource || !outdated.has(`${loadId}.${sequence}`)
  })
}

import type { LoadPlan } from '@tributary/core'
import { rejectFrom } from './store.ts'

/** The rejects after a load: a replace, and putting them through again, take away those of before. */
export function nextRejects(before: readonly string[], plan: LoadPlan, staged: readonly string[]): string[] {
  const kept = before.filter((text) => {
    const { resource, loadId } = rejectFrom(text)
    return resource !== plan.resource || !(plan.disposition === 'replace' || loadId === plan.replays)
  })
  return [...kept, ...staged]
}

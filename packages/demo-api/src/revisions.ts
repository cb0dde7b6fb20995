/** One record in so many changes with each revision. */
const CHANGE_EVERY = 97

/** The revisions, from 1 to `revision`, in which the record at `index` changed: about 1 % of all records in each of them. */
export function changedIn(index: number, revision: number): number[] {
  const first = (index * 31) % CHANGE_EVERY
  const revisions: number[] = []
  for (let at = first === 0 ? CHANGE_EVERY : first; at <= revision; at += CHANGE_EVERY) revisions.push(at)
  return revisions
}

/** ISO 8601 in UTC, whole seconds. */
export const instant = (milliseconds: number): string => `${new Date(milliseconds).toISOString().slice(0, 19)}Z`

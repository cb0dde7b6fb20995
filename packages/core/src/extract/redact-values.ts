import type { Redactor } from '../http/redact.ts'
import type { JsonValue } from '../http/request.ts'

/** Redacts, in place, all texts in `root` that hold a secret; answers how many there were. Iterative: depth is no limit. */
export function redactValues(root: JsonValue, redactor: Redactor): number {
  if (typeof root !== 'object' || root === null) return 0
  let count = 0
  const pending: { [key: string]: JsonValue }[] = [root as { [key: string]: JsonValue }]
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    for (const key of Object.keys(node)) {
      const value = node[key]!
      if (typeof value === 'string') {
        if (!redactor.holds(value)) continue
        node[key] = redactor.text(value)
        count++
      } else if (typeof value === 'object' && value !== null) {
        pending.push(value as { [key: string]: JsonValue })
      }
    }
  }
  return count
}

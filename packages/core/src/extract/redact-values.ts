import type { Redactor } from '../http/redact.ts'
import type { JsonValue } from '../http/request.ts'

/** Redacts, in place, all texts and keys in `root` that hold a secret; answers how many there were. Iterative: depth is no limit. */
export function redactValues(root: JsonValue, redactor: Redactor): number {
  if (typeof root !== 'object' || root === null) return 0
  let count = 0
  const pending: { [key: string]: JsonValue }[] = [root as { [key: string]: JsonValue }]
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    for (const key of Object.keys(node)) {
      const value = node[key]!
      const redacted = typeof value === 'string' && redactor.holds(value) ? redactor.text(value) : value
      const name = redactor.holds(key) ? redactor.text(key) : key
      if (typeof value === 'object' && value !== null) pending.push(value as { [key: string]: JsonValue })
      if (name === key && redacted === value) continue
      count++
      delete node[key]
      // Not by assignment: a key may be called __proto__.
      Object.defineProperty(node, name, { value: redacted, enumerable: true, writable: true, configurable: true })
    }
  }
  return count
}

import { closest, distance } from 'fastest-levenshtein'

/** The name that was probably meant: the closest one, where no more than about a third of it is mistyped. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined
  const candidate = closest(name.toLowerCase(), [...names])
  return distance(name.toLowerCase(), candidate.toLowerCase()) <= Math.max(2, Math.floor(candidate.length / 3))
    ? candidate
    : undefined
}

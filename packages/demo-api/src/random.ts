/** Deterministic numbers from 0 to 1 for a seed (mulberry32): the demo is the same on every machine and in every run. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Draws from lists and ranges. */
export interface Draw {
  /** A whole number from `low` to `high`, both inclusive. */
  between(low: number, high: number): number
  of<T>(list: readonly T[]): T
  chance(probability: number): boolean
}

export function createDraw(seed: number): Draw {
  const random = createRandom(seed)
  return {
    between: (low, high) => low + Math.floor(random() * (high - low + 1)),
    of: (list) => list[Math.floor(random() * list.length)]!,
    chance: (probability) => random() < probability,
  }
}

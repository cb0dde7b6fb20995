/** Draws the same for the same seed, a whole number from 1 to 2^31 − 2. */
export interface Draw {
  /** A whole number from 0 to below `end`. */
  below(end: number): number
  of<T>(values: readonly T[]): T
  /** All 64 bits by chance, or few of them. */
  int64(): bigint
}

export function createDraw(seed: number): Draw {
  let state = seed
  const next = (): number => {
    state = (state * 48_271) % (2 ** 31 - 1)
    return state
  }
  const below = (end: number): number => next() % end
  return {
    below,
    of: (values) => values[below(values.length)]!,
    int64() {
      const all = (BigInt(next()) << 34n) ^ (BigInt(next()) << 17n) ^ BigInt(next())
      return BigInt.asIntN(64, all) >> BigInt(below(64))
    },
  }
}

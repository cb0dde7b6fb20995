/**
 * Memory for bodies that is used again. Made anew for each of them, it is what most collections of garbage would be for, since the engine
 * counts it though it does not look into it.
 */
export interface BodyBuffers {
  /** At least so many bytes, of which nothing is known. */
  take(length: number): Buffer
  /** Nobody looks at it any more. */
  give(buffer: Buffer): void
}

const SMALLEST = 64 * 1024
/** A buffer that is larger than what is asked for by more than this goes: bodies have become small. */
const MOST_WASTE = 8

/** `most`: buffers that are kept. */
export function createBodyBuffers(most: number): BodyBuffers {
  const free: Buffer[] = []
  return {
    take(length) {
      for (let kept = free.pop(); kept !== undefined; kept = free.pop()) {
        if (kept.length >= length && kept.length <= MOST_WASTE * Math.max(length, SMALLEST)) return kept
      }
      // Bodies are seldom of one size: a little more is room for the next.
      return Buffer.allocUnsafeSlow(Math.max(SMALLEST, Math.ceil(length * 1.25)))
    },
    give(buffer) {
      if (free.length < most) free.push(buffer)
    },
  }
}

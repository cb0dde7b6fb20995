import { describe, expect, it } from 'vitest'
import { createBodyBuffers } from './body-buffers.ts'

describe('memory for bodies', () => {
  it('is used again once it was given back', () => {
    const buffers = createBodyBuffers(2)
    const first = buffers.take(100_000)
    expect(first.length).toBeGreaterThanOrEqual(100_000)
    expect(buffers.take(100_000)).not.toBe(first)
    buffers.give(first)
    expect(buffers.take(90_000)).toBe(first)
  })

  it('is not used again where it is too small, or much too large', () => {
    const buffers = createBodyBuffers(2)
    const small = buffers.take(1)
    buffers.give(small)
    expect(buffers.take(200_000)).not.toBe(small)
    const large = buffers.take(10_000_000)
    buffers.give(large)
    expect(buffers.take(1)).not.toBe(large)
  })

  it('is kept for so many bodies and no more', () => {
    const buffers = createBodyBuffers(1)
    const [one, two] = [buffers.take(1), buffers.take(1)]
    buffers.give(one)
    buffers.give(two)
    expect([buffers.take(1), buffers.take(1)].filter((each) => each === one || each === two)).toEqual([one])
  })
})

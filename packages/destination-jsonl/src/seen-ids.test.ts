import { describe, expect, it } from 'vitest'
import { SeenIds } from './seen-ids.ts'

describe('SeenIds', () => {
  it('suspects none of half a million ids that are different', () => {
    const seen = new SeenIds()
    for (let id = 0; id < 500_000; id++) seen.add(String(id))
    expect(seen.maybeRepeated).toBe(false)
    seen.add('499999')
    expect(seen.maybeRepeated).toBe(true)
  })

  it.each(['', 'a', '123.tags.0', '\u{1f600}'])('finds %j when it comes again', (id) => {
    const seen = new SeenIds()
    for (const other of ['x', id, 'y', 'z']) seen.add(other)
    expect(seen.maybeRepeated).toBe(false)
    seen.add(id)
    expect(seen.maybeRepeated).toBe(true)
  })

  it('knows nothing any more of too many', () => {
    const seen = new SeenIds()
    for (let id = 0; id < 2_200_000; id++) seen.add(String(id))
    expect(seen.maybeRepeated).toBe(true)
  })
})

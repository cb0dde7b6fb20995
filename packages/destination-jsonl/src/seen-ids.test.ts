import { describe, expect, it } from 'vitest'
import { SeenIds } from './seen-ids.ts'

function add(seen: SeenIds, id: string): void {
  // As in a batch, it does not begin at the first byte.
  const bytes = Buffer.from(`before${id}after`)
  seen.add(bytes, 'before'.length, bytes.length - 'after'.length)
}

describe('SeenIds', () => {
  it('suspects none of half a million ids that are different', () => {
    const seen = new SeenIds()
    for (let id = 0; id < 500_000; id++) add(seen, String(id))
    expect(seen.maybeRepeated).toBe(false)
    add(seen, '499999')
    expect(seen.maybeRepeated).toBe(true)
  })

  it.each(['', 'a', '123.tags.0', 'é', '\u{1f600}'])('finds %j when it comes again, and when it is asked for', (id) => {
    const seen = new SeenIds()
    for (const other of ['x', id, 'y', 'z']) add(seen, other)
    expect(seen.maybeRepeated).toBe(false)
    expect(seen.has(id)).toBe(true)
    expect(seen.has('w')).toBe(false)
    add(seen, id)
    expect(seen.maybeRepeated).toBe(true)
  })

  it('knows nothing any more of too many', () => {
    const seen = new SeenIds()
    for (let id = 0; id < 2_200_000; id++) add(seen, String(id))
    expect(seen.maybeRepeated).toBe(true)
    expect(seen.has('none of them')).toBe(true)
  })
})

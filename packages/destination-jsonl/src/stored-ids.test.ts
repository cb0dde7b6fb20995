import { describe, expect, it } from 'vitest'
import { SeenIds } from './seen-ids.ts'
import { mayHaveAny } from './stored-ids.ts'

const linesOf = (ids: readonly string[]): Buffer =>
  Buffer.from(ids.map((id, index) => `{"_sync_load_id":${index * 7},"_sync_id":${JSON.stringify(id)},"name":"x"}\n`).join(''))

describe('mayHaveAny', () => {
  it.each(['', '1', 'a,b', 'a"b', '"', '\\', 'é\u{1f600}', 'a\nb', '\0', ':,"'.repeat(300), 'x'.repeat(2000)])(
    'finds the id %j among others, and only then [jsonl.merge.ids]',
    (id) => {
      const seen = new SeenIds()
      for (const each of ['one', id, 'two']) {
        const bytes = Buffer.from(each)
        seen.add(bytes, 0, bytes.length)
      }
      const others = ['2', '3', 'b"a', '\\\\', 'ü', '4']
      expect(mayHaveAny(seen, linesOf(others))).toBe(false)
      expect(mayHaveAny(seen, linesOf([...others, id, '5']))).toBe(true)
      expect(mayHaveAny(seen, linesOf([id, ...others]))).toBe(true)
      expect(mayHaveAny(seen, linesOf([]))).toBe(false)
    },
  )
})

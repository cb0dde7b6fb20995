import { type Texts, textAt, textsOf } from '@tributary/core'
import { expect, it } from 'vitest'
import { storableTexts } from './json-text.ts'

const CASES: readonly (readonly [value: unknown, expected: unknown])[] = [
  ['\ud800', '\ufffd'],
  ['x\udc00y', 'x\ufffdy'],
  ['\ud800\ud800', '\ufffd\ufffd'],
  ['\ude00\ud83d', '\ufffd\ufffd'],
  [{ '\udfff': ['\\\ud800'] }, { '\ufffd': ['\\\ufffd'] }],
  ['😀 é \\ud800', '😀 é \\ud800'],
  ['\\\\ud800', '\\\\ud800'],
]

const textsIn = (texts: Texts, rowCount: number): string[] => Array.from({ length: rowCount }, (_, row) => textAt(texts, row))

it.each(CASES)('puts U+FFFD for half a surrogate pair in %j, and for nothing else', (value, expected) => {
  expect(JSON.parse(textAt(storableTexts(textsOf([JSON.stringify(value)]), 1), 0))).toEqual(expected)
})

it('leaves the other texts of a column as they are, wherever they lie', () => {
  const all = CASES.flatMap(([value, expected]) => [
    [JSON.stringify(value), JSON.stringify(expected)] as const,
    ['{"é":"日本"}', '{"é":"日本"}'] as const,
    ['', ''] as const,
  ])
  for (let first = 0; first < all.length; first++) {
    for (let last = first; last < all.length; last++) {
      const { bytes, offsets } = textsOf(all.map(([text]) => text))
      const texts = { bytes, offsets: offsets.subarray(first) }
      const expected = all.slice(first, last).map(([, text]) => text)
      expect(textsIn(storableTexts(texts, last - first), last - first)).toEqual(expected)
    }
  }
})

it('makes no other column where there is nothing to replace', () => {
  const half = '"\\ud800"'
  const { bytes, offsets } = textsOf([half, '{"a":1}', half])
  const texts = { bytes, offsets: offsets.subarray(1) }
  expect(storableTexts(texts, 1)).toBe(texts)
})

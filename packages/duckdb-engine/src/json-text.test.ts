import { expect, it } from 'vitest'
import { storableJson } from './json-text.ts'

const CASES: readonly (readonly [value: unknown, expected: unknown])[] = [
  ['\ud800', '\ufffd'],
  ['x\udc00y', 'x\ufffdy'],
  ['\ud800\ud800', '\ufffd\ufffd'],
  ['\ude00\ud83d', '\ufffd\ufffd'],
  [{ '\udfff': ['\\\ud800'] }, { '\ufffd': ['\\\ufffd'] }],
  ['😀 é \\ud800', '😀 é \\ud800'],
  ['\\\\ud800', '\\\\ud800'],
]

it.each(CASES)('puts U+FFFD for half a surrogate pair in %j, and for nothing else', (value, expected) => {
  expect(JSON.parse(storableJson(JSON.stringify(value)))).toEqual(expected)
})

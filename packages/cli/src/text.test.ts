import { describe, expect, it } from 'vitest'
import { count, displayWidth, duration, plural, printable, printableLines, truncate, wrap } from './text.ts'

describe('printable', () => {
  it.each([
    ['plain', 'plain'],
    ['two\nlines\ttab', 'two\\nlines\\ttab'],
    ['\u001b[31mred', '\\u001b[31mred'],
    ['\u202eright to left', '\\u202eright to left'],
    ['nul\0', 'nul\\u0000'],
  ])('%j', (text, shown) => {
    expect(printable(text)).toBe(shown)
  })

  it('keeps line breaks where asked to', () => {
    expect(printableLines('a\nb\u0007')).toBe('a\nb\\u0007')
  })
})

it('measures what a terminal shows', () => {
  expect(['abc', 'é', 'e\u0301', '数量', '😀', ''].map(displayWidth)).toEqual([3, 1, 1, 4, 2, 0])
})

it('cuts texts to a width', () => {
  expect(truncate('abcdef', 4)).toBe('abc…')
  expect(truncate('abcd', 4)).toBe('abcd')
  expect(displayWidth(truncate('数量数量', 4))).toBeLessThanOrEqual(4)
})

it('wraps between words', () => {
  expect(wrap('one two three', 7)).toEqual(['one two', 'three'])
  expect(wrap('unbreakably', 3)).toEqual(['unbreakably'])
})

it('writes numbers and durations as people do', () => {
  expect([count(1_234_567), plural(1, 'page'), plural(0, 'page')]).toEqual(['1,234,567', '1 page', '0 pages'])
  expect([0.4213, 12.34, 200].map(duration)).toEqual(['0.42 s', '12.3 s', '3 min 20 s'])
})

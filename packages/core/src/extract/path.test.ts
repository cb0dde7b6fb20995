import { describe, expect, it } from 'vitest'
import { parseJson } from '../http/json.ts'
import { isEmptyPath, valueAt } from './path.ts'

const root = parseJson('{"a": {"b": [{"c": 1}], "": 2, "null": null}, "x.y": 3, "__proto__": {"p": 4}}')

describe('valueAt', () => {
  it.each([
    ['a.b.0.c', 1],
    ['a.', 2],
    ['a.null', null],
    ['__proto__.p', 4],
    ['a.null.x', undefined],
    ['a.b.1', undefined],
    ['x.y', undefined],
    ['none', undefined],
    ['toString', undefined],
    ['a.constructor', undefined],
    ['a.b.0.c.toFixed', undefined],
  ])('%s', (path, expected) => {
    expect(valueAt(root, path)).toBe(expected)
  })

  it.each([null, undefined, 1, 'text', true])('finds nothing in %j', (value) => {
    expect(valueAt(value, 'length')).toBeUndefined()
  })
})

describe('isEmptyPath', () => {
  it.each([
    [null, true],
    [undefined, true],
    ['', true],
    ['a', false],
  ])('%j: %s', (path, expected) => {
    expect(isEmptyPath(path)).toBe(expected)
  })
})

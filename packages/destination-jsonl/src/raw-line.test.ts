import { describe, expect, it } from 'vitest'
import { membersText, rawMembers } from './raw-line.ts'

describe('rawMembers', () => {
  it.each([
    ['nothing', '{"a":1}', []],
    [
      'digits and signs as they are',
      '{"a":1,"n":-0,"big":12345678901234567890,"d":1e999}',
      [
        ['n', '-0'],
        ['big', '12345678901234567890'],
        ['d', '1e999'],
      ],
    ],
    [
      'text with what would end it',
      String.raw`{"a":1,"t":"x\",\"y\":{","u":"\\"}`,
      [
        ['t', String.raw`"x\",\"y\":{"`],
        ['u', String.raw`"\\"`],
      ],
    ],
    [
      'nested values whole, with their spaces',
      '{"a":1,"j":{"b": [1, {"c":"]}"}]},"k":[]}',
      [
        ['j', '{"b": [1, {"c":"]}"}]}'],
        ['k', '[]'],
      ],
    ],
    [
      'names that are hostile',
      String.raw`{"a":1,"__proto__":1,"7":2,"q\"":3}`,
      [
        ['__proto__', '1'],
        ['7', '2'],
        ['q"', '3'],
      ],
    ],
  ] as const)('reads %s', (_, line, expected) => {
    expect([...rawMembers(line, line.indexOf('1') + 1)]).toEqual(expected)
  })

  it.each([
    ['empty values', { a: '', b: [], c: {} }],
    ['quotes and backslashes in every place', { '"': '\\', '\\': '"', '\\"': '\\\\"', ',"x":': '}],{[' }],
    ['lists in lists', { a: [[], [[1, 2], [{ b: '[' }]]], b: 1 }],
    ['text of other scripts', { ключ: 'значение', '\u{1f600}': '\u2028' }],
  ])('gives back %s as they were written', (_, object) => {
    const members = Object.entries(object).map(([key, value]) => `,${JSON.stringify(key)}:${JSON.stringify(value)}`)
    const line = `{"":0${members.join('')}}`
    expect(`{"":0${membersText(rawMembers(line, 5))}}`).toBe(line)
    expect([...rawMembers(line, 5).keys()]).toEqual(Object.keys(object))
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseJson } from './json.ts'
import { copyLiterals, isDoubleLiteral, type JsonContainer, keepLiterals } from './literals.ts'
import type { JsonValue } from './request.ts'

/** Whether each number of a body is written as a double, at its place: `true`, `false`, and all else as it is. */
function literalsOf(text: string): unknown {
  const body = parseJson(text) as JsonContainer
  const walk = (value: JsonValue, container: JsonContainer, key: string | number): unknown => {
    if (typeof value === 'number' || typeof value === 'bigint') return isDoubleLiteral(body, container, key)
    if (Array.isArray(value)) return value.map((item, index) => walk(item, value, index))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, walk(member, value, name)]))
  }
  return walk(body, [body], 0)
}

describe('how a number is written', () => {
  it.each<[string, unknown]>([
    ['{"a": 2.0, "b": 2}', { a: true, b: false }],
    ['[1e3, 1E+3, 10e-1, 2.50e1, -0.0, -2.00, 1000, -2]', [true, true, true, true, true, true, false, false]],
    ['{"a":{"b":[{"c":1.0},{"c":1}]},"c":1.0}', { a: { b: [{ c: true }, { c: false }] }, c: true }],
    ['[2.0]', [true]],
    ['{ "a" : 2.0 , "b" : [ 3.0 , 3 ] }', { a: true, b: [true, false] }],
    ['{"a":2.0\n}', { a: true }],
    ['{"x":"2.0, 1e3","\\"y\\\\":1.0,"1.0,":[1],"z":"\\\\"}', { x: '2.0, 1e3', '"y\\': true, '1.0,': [false], z: '\\' }],
    ['{"\\u0061":1.0,"é":2.0,"":3.0}', { a: true, é: true, '': true }],
    ['{"__proto__":1.0,"o":{"__proto__":{"a":1.0}}}', JSON.parse('{"__proto__":true,"o":{"__proto__":{"a":true}}}')],
    ['{"a":[true,false,null,"x",1.0,{},[],2.0]}', { a: [true, false, null, 'x', true, {}, [], true] }],
    ['{"long":12345678901234567890,"a":1.0}', { long: false, a: true }],
    ['{"a":9007199254740993.0,"b":1e20}', { a: true, b: true }],
  ])('is told of %s [types.double.literal]', (text, expected) => {
    expect(literalsOf(text)).toEqual(expected)
  })

  it.each<[string, unknown]>([
    ['{"a":1.0,"a":1}', { a: false }],
    ['{"a":1,"a":1.0}', { a: true }],
    ['{"a":{"b":1.0},"a":{"b":1}}', { a: { b: false } }],
    ['{"a":[1.0],"a":{"0":1}}', { a: { 0: false } }],
    ['{"a":{"b":1.0},"a":5}', { a: false }],
    ['{"a":[[1.0]],"a":[1,1.0]}', { a: [false, true] }],
  ])('is that of the last of equal keys: %s', (text, expected) => {
    expect(literalsOf(text)).toEqual(expected)
  })

  it('is told of the records that a selector found [types.double.literal]', () => {
    const body = parseJson('{"data":[{"a":1.0,"o":{"b":2.0}},{"a":1,"o":{"b":2}},3.0]}') as { data: JsonContainer[] }
    const { data } = body
    expect(isDoubleLiteral(data[0]!, data[0]!, 'a')).toBe(false)
    keepLiterals(body, data)
    const inside = data.slice(0, 2).map((each) => (each as { o: JsonContainer }).o)
    expect(
      data.slice(0, 2).map((each, index) => [isDoubleLiteral(each, each, 'a'), isDoubleLiteral(each, inside[index]!, 'b')]),
    ).toEqual([
      [true, true],
      [false, false],
    ])
    expect(isDoubleLiteral(data, data as JsonContainer, 2)).toBe(true)
  })

  it('is told of copies of the records [types.double.same]', () => {
    const body = parseJson('{"data":[{"a":1.0,"o":{"b":[2.0,3]}},4.0]}') as { data: JsonContainer[] }
    keepLiterals(body, body.data)
    const copies = structuredClone(body.data)
    expect(isDoubleLiteral(copies[0]!, copies[0]!, 'a')).toBe(false)
    copyLiterals(body.data, copies)
    const inside = (copies[0] as unknown as { o: { b: JsonContainer } }).o.b
    expect([0, 1].map((index) => isDoubleLiteral(copies[0]!, inside, index))).toEqual([true, false])
    expect(isDoubleLiteral(copies[0]!, copies[0]!, 'a')).toBe(true)
    expect(isDoubleLiteral(copies, copies as JsonContainer, 1)).toBe(true)
    // Of a body without any there is nothing to tell.
    copyLiterals([{ a: 1 }], copies)
    expect(isDoubleLiteral(copies[0]!, copies[0]!, 'a')).toBe(true)
  })

  it('is told thousands of levels deep', () => {
    const depth = 5000
    const body = parseJson(`${'{"a":['.repeat(depth)}1.0${']}'.repeat(depth)}`) as JsonContainer
    let value: JsonValue = body
    for (let level = 0; level < depth - 1; level++) value = (value as { a: JsonValue[] }).a[0]!
    const { a } = value as { a: JsonValue[] }
    expect(isDoubleLiteral(body, a, 0)).toBe(true)
  })

  /** JSON text, and what each number of it is. */
  interface Written {
    readonly text: string
    readonly is: unknown
  }
  const number = fc.constantFrom<Written>(
    ...['1.0', '-2.00', '3e2', '1E+1', '12.0e1', '0.0', '1.5', '1e-3'].map((text) => ({ text, is: true })),
    ...['1', '-2', '0', '300', '12345678901234567890'].map((text) => ({ text, is: false })),
  )
  const text = fc.oneof(fc.string(), fc.constantFrom('1.0,', ': 2.0]', '\\', '"', '{', '}', 'a', '__proto__'))
  const space = fc.constantFrom('', ' ', '\n\t')
  const { value: written } = fc.letrec<{ value: Written }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'written' },
      { weight: 2, arbitrary: number },
      text.map((each) => ({ text: JSON.stringify(each), is: each })),
      fc.tuple(fc.array(tie('value'), { maxLength: 3, depthIdentifier: 'written' }), space).map(([items, gap]) => ({
        text: `[${gap}${items.map((item) => item.text).join(`${gap},${gap}`)}${gap}]`,
        is: items.map(({ is }) => is),
      })),
      fc
        .tuple(
          fc.uniqueArray(fc.tuple(text, tie('value')), { maxLength: 3, selector: ([key]) => key, depthIdentifier: 'written' }),
          space,
        )
        .map(([members, gap]) => ({
          text: `{${members.map(([key, { text: value }]) => `${gap}${JSON.stringify(key)}${gap}:${gap}${value}${gap}`).join()}}`,
          is: Object.fromEntries(members.map(([key, { is }]) => [key, is])),
        })),
    ),
  }))

  it('is told of every number of any JSON, where one of them is an integer that is written as a double', () => {
    fc.assert(
      fc.property(written, ({ text: inside, is }) => {
        // What stands beside it makes sure that the text is kept.
        expect(literalsOf(`[1.0,${inside}]`)).toEqual([true, is])
      }),
      { numRuns: 500 },
    )
  })
})

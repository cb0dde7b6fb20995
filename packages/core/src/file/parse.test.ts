import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isTributaryError } from '../errors.ts'
import { findJsonProblem } from './json-syntax.ts'
import { parseConnectorFile } from './parse.ts'
import { readYaml } from './yaml.ts'

describe('a file', () => {
  it.each<[string, string]>([
    ['./shop.yaml', 'client: { base_url: https://api.example.com }\nresources: [items]\n'],
    ['deep/er/shop.YML', '\uFEFF# a comment\nclient:\n  base_url: https://api.example.com\nresources:\n  - items\n'],
    ['C:\\files\\shop.json', '\uFEFF{ "client": { "base_url": "https://api.example.com" }, "resources": ["items"] }'],
  ])('is read by its extension, and named by its stem: %s [file.formats]', (path, text) => {
    const { name, resources } = parseConnectorFile(text, path)({})
    expect([name, Object.keys(resources)]).toEqual(['shop', ['items']])
  })

  it('keeps all digits of a number [file.formats]', () => {
    const yaml =
      'client: { base_url: https://x.test }\nresources:\n  - { name: a, endpoint: { method: POST, json: { id: 9007199254740993, n: 7 } } }\n'
    const json =
      '{"client": {"base_url": "https://x.test"}, "resources": [{"name": "a", "endpoint": {"method": "POST", "json": {"id": 9007199254740993, "n": 7}}}]}'
    for (const [text, path] of [
      [yaml, 'x.yaml'],
      [json, 'x.json'],
    ] as const) {
      expect(parseConnectorFile(text, path)({}).resources.a!.endpoint).toMatchObject({
        json: { id: 9_007_199_254_740_993n, n: 7 },
      })
    }
  })
})

describe('YAML', () => {
  it('is that of version 1.2: no, on and dates are texts [file.yaml.core]', () => {
    expect(readYaml('[no, on, 2026-01-31, 1_000, 0o17, true, ~, "5", 5, 1e3]', 'x.yaml')).toEqual([
      'no',
      'on',
      '2026-01-31',
      '1_000',
      15,
      true,
      null,
      '5',
      5,
      1000,
    ])
  })

  it('may have anchors and aliases [file.yaml.aliases]', () => {
    expect(readYaml('a: &pages { type: offset, limit: 5 }\nb: *pages\n', 'x.yaml')).toEqual({
      a: { type: 'offset', limit: 5 },
      b: { type: 'offset', limit: 5 },
    })
  })

  it('takes in what an alias stands for by << [file.yaml.merge]', () => {
    expect(readYaml('- &all { type: offset, limit: 5 }\n- { <<: *all, limit: 9 }\n- "<<": 1\n', 'x.yaml')).toEqual([
      { type: 'offset', limit: 5 },
      { type: 'offset', limit: 9 },
      { '<<': 1 },
    ])
  })

  it('of aliases that stand for more and more is refused [file.yaml.aliases]', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]']
    for (let level = 1; level < 9; level++)
      lines.push(
        `a${level}: &a${level} [${Array(9)
          .fill(`*a${level - 1}`)
          .join(', ')}]`,
      )
    expect(() => readYaml(lines.join('\n'), './bomb.yaml')).toThrow(
      /bomb\.yaml cannot be read: its aliases stand for too much data/,
    )
  })

  it('never repeats the text around a mistake', () => {
    const secret = 's3cret-of-mine'
    for (const text of [
      `token: ${secret}: x`,
      `token: "${secret}`,
      `token: [${secret}\n`,
      `token: ${secret}\ntoken: ${secret}`,
      `token: !${secret} x`,
    ]) {
      try {
        readYaml(text, 'x.yaml')
        throw new Error('nothing was thrown')
      } catch (error) {
        if (!isTributaryError(error)) throw error
        expect(error.message).not.toContain(secret)
        expect(error.message).toMatch(/at line \d+, column \d+: /)
      }
    }
  })
})

describe('JSON', () => {
  it.each<[string, string, number, number, RegExp]>([
    ['nothing', '', 1, 1, /ends where a value/],
    ['a word', '{"a": yes}', 1, 7, /a value was expected/],
    ['a number with a plus', '[1, +2]', 1, 5, /a value was expected/],
    ['a number with a leading zero', '[01]', 1, 2, /a value was expected/],
    ['a text without its end', '{"a": "x\n}', 1, 9, /no closing quote/],
    ['a tab in a text', '["a\tb"]', 1, 4, /control character/],
    ['a wrong escape', '["a\\x"]', 1, 4, /escape/],
    ['a missing colon', '{\n  "a" 5}', 2, 7, /colon/],
    ['single quotes', "['a']", 1, 2, /double quotes/],
    ['two values', '{}\r\n{}', 2, 1, /something follows/],
    ['a list that ends early', '[1, [2', 1, 7, /the \] that belongs to the \[ in line 1/],
    ['a key twice, one of them escaped', '{"a": 1, "\\u0061": 2}', 1, 10, /twice/],
    ['far too deep', '['.repeat(600), 1, 502, /nested/],
  ])('tells where and what: %s [file.json.syntax]', (_what, text, line, column, message) => {
    expect(findJsonProblem(text)).toEqual({ line, column, text: expect.stringMatching(message) })
  })

  const accepts = (text: string): boolean => {
    try {
      JSON.parse(text)
      return true
    } catch {
      return false
    }
  }

  it('is well-formed for us as it is for the engine', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), (text) => {
        expect(findJsonProblem(text)).toBeUndefined()
      }),
    )
    const change = fc.record({
      text: fc.json({ maxDepth: 3 }),
      at: fc.nat(),
      by: fc.constantFrom('', '"', ',', '{', ']', '\\', '0', '.', 'e', 'x', '\n', '\u0001', ' '),
    })
    fc.assert(
      fc.property(change, ({ text, at, by }) => {
        const index = at % (text.length + 1)
        const changed = text.slice(0, index) + by + text.slice(index + 1)
        const problem = findJsonProblem(changed)
        // Duplicate keys are ours alone.
        if (problem?.text.includes('twice') !== true)
          expect([changed, problem === undefined]).toEqual([changed, accepts(changed)])
      }),
      { numRuns: 2000 },
    )
  })
})

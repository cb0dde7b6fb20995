import { describe, expect, it } from 'vitest'
import { readFlags } from './flags.ts'

const flags = {
  to: { type: 'string', about: '' },
  set: { type: 'string', multiple: true, value: 'key=value', about: '' },
  json: { type: 'boolean', about: '' },
  format: { type: 'string', choices: ['csv', 'json'], about: '' },
} as const

describe('readFlags', () => {
  it('reads names and flags in any order', () => {
    expect(readFlags(flags, ['a', '--to', 'x', '--json', 'b', '--set=k=v', '--set', 'l=w'])).toEqual({
      input: { flags: { to: 'x', set: ['k=v', 'l=w'], json: true, format: undefined }, positionals: ['a', 'b'] },
    })
  })

  it('takes what follows -- for names', () => {
    expect(readFlags(flags, ['--', '--to'])).toMatchObject({ input: { positionals: ['--to'] } })
  })

  it.each([
    [['--too', 'x'], { kind: 'unknown', flag: '--too' }],
    [['-t', 'x'], { kind: 'unknown', flag: '-t' }],
    [['--constructor'], { kind: 'unknown', flag: '--constructor' }],
    [['--to'], { kind: 'wrong', message: expect.stringContaining('--to needs a value') }],
    [['--to='], { kind: 'wrong', message: expect.stringContaining('--to needs a value') }],
    [['--to', '--json'], { kind: 'wrong', message: expect.stringContaining('--to=…') }],
    [['--to', 'a', '--to', 'b'], { kind: 'wrong', message: '--to is given twice.' }],
    [['--json=yes'], { kind: 'wrong', message: '--json takes no value.' }],
    [['--format', 'xml'], { kind: 'choice', flag: 'format', found: 'xml', choices: ['csv', 'json'] }],
  ])('refuses %j', (args, problem) => {
    expect(readFlags(flags, args)).toEqual({ problem })
  })

  it('never repeats a value, which may be a secret', () => {
    expect(JSON.stringify(readFlags(flags, ['--set', 'apiKey=hush', '--json=hush', '--to', 'a', '--to', 'hush']))).not.toContain(
      'hush',
    )
  })
})

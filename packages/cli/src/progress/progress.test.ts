import { describe, expect, it } from 'vitest'
import { widthOf } from '../shell.ts'
import { displayWidth } from '../text.ts'
import { barLine } from './bar.ts'
import { logProgress } from './log.ts'
import { createProgress } from './progress.ts'

const resource = 'tickets'
const tally = { name: resource, rows: 500, pages: 5, total: 2000, startedAt: 0, finished: false }

describe('the bar', () => {
  it('shows how far it is', () => {
    const line = barLine([tally], '', 80, 1000)
    for (const part of ['tickets', '█████░', '25%', '500 of 2,000 rows', '500 rows/s', '5 pages']) expect(line).toContain(part)
  })

  it.each([80, 60, 40, 20, 5])('fits %i columns', (width) => {
    expect(
      displayWidth(barLine([{ ...tally, name: 'a_resource_with_a_long_name' }], 'retry 1 of 3', width, 1000)),
    ).toBeLessThanOrEqual(width)
  })
})

describe('the log', () => {
  it('says what happens, and pages at most every two seconds', () => {
    let now = 0
    let text = ''
    const progress = logProgress({ write: (part) => (text += part) }, () => now)
    progress.onEvent({ type: 'resource-started', resource, resumed: false })
    for (now = 100; now <= 5000; now += 100) progress.onEvent({ type: 'page', resource, records: 10, total: 1000 })
    progress.onEvent({ type: 'retry', resource, attempt: 1, limit: 3, delay: 500, reason: '503\u001b' })
    progress.onEvent({ type: 'resource-finished', resource, status: 'ok' })
    const lines = text.trimEnd().split('\n')
    expect(lines[0]).toBe('tickets: started')
    expect(lines.filter((line) => line.includes('pages'))).toHaveLength(2)
    expect(lines.at(-2)).toBe('tickets: retry 1 of 3 in 0.50 s: 503\\u001b')
    expect(lines.at(-1)).toMatch(/^tickets: ok, 500 rows/)
  })

  it('leaves warnings to the summary, so that each is told once [command.warnings.once]', () => {
    let text = ''
    const progress = logProgress({ write: (part) => (text += part) })
    progress.onEvent({ type: 'resource-started', resource, resumed: false })
    progress.onEvent({ type: 'warning', resource, message: 'half of it is missing' })
    expect(text).toBe('tickets: started\n')
  })
})

it('is a bar on a terminal, lines elsewhere, and nothing where none is wanted', async () => {
  for (const [mode, isTTY, term, expected] of [
    ['auto', true, 'xterm', /\r/],
    ['auto', true, 'dumb', /started\n/],
    ['auto', false, 'xterm', /started\n/],
    ['none', true, 'xterm', /^$/],
  ] as const) {
    let text = ''
    const stderr = { isTTY, columns: 80, write: (part: string) => (text += part) }
    const progress = await createProgress(mode, { cwd: '.', env: { TERM: term, NO_COLOR: '1' }, stdout: stderr, stderr })
    progress.onEvent({ type: 'resource-started', resource, resumed: false })
    progress.onEvent({ type: 'page', resource, records: 10, total: 20 })
    await new Promise((resolve) => setTimeout(resolve, 250))
    progress.stop()
    expect(text).toMatch(expected)
  }
})

it('takes a terminal that does not tell its width for one of the usual', () => {
  const output = { write: () => true }
  expect([widthOf({ ...output, columns: 120 }, 80), widthOf({ ...output, columns: 0 }, 80), widthOf(output, 80)]).toEqual([
    120, 80, 80,
  ])
})

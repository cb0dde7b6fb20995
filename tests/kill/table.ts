import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Killed } from './kill.ts'

/** What came of all kills of one scenario in one destination. */
export interface Line {
  readonly destination: string
  readonly scenario: string
  readonly steps: readonly Killed[]
  readonly commits: readonly Killed[]
  readonly random: readonly Killed[]
}

const PAGE = join(import.meta.dirname, '../../docs/kill-table.md')

const HEAD = [
  'destination',
  'run that is killed',
  'at steps',
  'in commits',
  'at random',
  'over before',
  'in the middle of a commit',
  'lost',
  'doubled',
]

function cellsOf({ destination, scenario, steps, commits, random }: Line): (string | number)[] {
  const all = [...steps, ...commits, ...random]
  const sum = (count: (each: Killed) => number): number => all.reduce((total, each) => total + count(each), 0)
  const killed = (some: readonly Killed[]): number => some.filter(({ wasKilled }) => wasKilled).length
  return [
    destination,
    scenario,
    killed(steps),
    killed(commits),
    killed(random),
    sum(({ wasKilled }) => (wasKilled ? 0 : 1)),
    sum(({ inCommit }) => (inCommit ? 1 : 0)),
    sum(({ lost }) => lost.length),
    sum(({ doubled }) => doubled.length),
  ]
}

/** The first two columns are words, the others numbers; padded, as a formatter would have it. */
function tableOf(lines: readonly Line[]): string[] {
  const counted = lines.map(cellsOf)
  const sums = HEAD.map((_, column) => counted.reduce((sum, cells) => sum + Number(cells[column]), 0))
  const together = [lines[0]?.destination ?? '', 'together', ...sums.slice(2)]
  const rows = [HEAD, ...counted, together].map((cells) => cells.map(String))
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  const isWords = (column: number): boolean => column < 2
  const pad = (text: string, column: number): string =>
    isWords(column) ? text.padEnd(widths[column]!) : text.padStart(widths[column]!)
  const rule = widths.map((width, column) => (isWords(column) ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`))
  const [head, ...rest] = rows.map((row) => row.map(pad))
  return [head!, rule, ...rest].map((cells) => `| ${cells.join(' | ')} |`)
}

const INTRODUCTION = `# Killed, and run again

A run is killed with SIGKILL, in a process of its own, and the same is run again. What the dataset has then is compared with a dataset
in which nobody was killed: rows, children, columns, versions, rejects and cursors. _Lost_ is what it lacks, _doubled_ what it has
beyond that.

Processes are killed at each step of the protocol between the engine and the destination, while they stand still there; at random
moments between the call of a commit and its end; and at random moments between the beginning of their work and its end. Some are
over before: they count apart. [The test](../tests/kill) also kills a destination that commits rows and state one after the other,
and finds it out.

Made by \`TRIBUTARY_WRITE_KILL_TABLE=1 TRIBUTARY_TEST_KILLS=50 pnpm test tests/kill\`. Without \`TRIBUTARY_TEST_KILLS\`, there are five random
moments, and a third of the steps: nobody waits for more after each change.
`

/** Prints the table of one destination; and writes it to its place in the page, where that is asked for. */
export function report(destination: string, lines: readonly Line[]): void {
  const table = tableOf(lines)
  process.stdout.write(`\n${table.join('\n')}\n`)
  if (process.env.TRIBUTARY_WRITE_KILL_TABLE !== '1') return
  // Other destinations have their place in the same page, and other processes write them: so at one go.
  const heading = (name: string): string => `\n## ${name}\n\n`
  const known = existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : INTRODUCTION
  const sections = new Map(
    known
      .split(/^## /m)
      .slice(1)
      .map((section) => [section.slice(0, section.indexOf('\n')), section.slice(section.indexOf('\n') + 2).trimEnd()] as const),
  )
  sections.set(destination, table.join('\n'))
  const names = [...sections.keys()].sort()
  writeFileSync(PAGE, `${INTRODUCTION}${names.map((name) => `${heading(name)}${sections.get(name)}\n`).join('')}`)
}

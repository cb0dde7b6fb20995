import type { ParityCase, ParityGroup } from './parity-case.ts'

const HEADINGS = ['configuration', 'what it shows', 'result', 'why we differ']

/** The page that tells what the parity test has compared: made of its cases, which the test holds to be true. */
export function parityPage(groups: readonly ParityGroup[], versions: readonly string[]): string {
  const cases = groups.flatMap((group) => group.cases)
  const count = (result: Result): number => cases.filter((parityCase) => resultOf(parityCase) === result).length
  return [
    '# Parity with dlt',
    '',
    '<!-- Generated from tests/parity/cases by `npx vitest run tests/parity -u`. Do not edit. -->',
    '',
    `The same ${cases.length} configurations run against the same mock API through Tributary and through ${versions.join(', ')}; user`,
    'columns and their types, rows, child tables and requests are compared. Where a result is _better_, both sides are held',
    'to exactly what is written in the case; everything else is equal. How: [tests/parity](../tests/parity/README.md).',
    '',
    `${count('equal')} equal · ${count('both refuse')} refused by both · ${count('better')} better`,
    ...groups.flatMap(({ topic, cases: members }) => ['', `## ${topic}`, '', table(members)]),
    '',
  ].join('\n')
}

type Result = 'equal' | 'better' | 'both refuse'

function resultOf({ better, fails }: ParityCase): Result {
  if (better !== undefined) return 'better'
  return fails === undefined ? 'equal' : 'both refuse'
}

/** Padded, as the formatter of this repository writes tables. */
function table(cases: readonly ParityCase[]): string {
  const rows = cases.map((parityCase) => [
    parityCase.name,
    parityCase.shows,
    resultOf(parityCase),
    parityCase.better?.reason ?? '',
  ])
  const cells = [HEADINGS, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')))
  const widths = HEADINGS.map((_, column) => Math.max(3, ...cells.map((row) => row[column]!.length)))
  const [headings, ...lines] = cells.map((row) => `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`)
  return [headings, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...lines].join('\n')
}

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { groups } from './cases/index.ts'
import { declaredDifferences, differences, rowCounts, unexpected } from './compare.ts'
import { type DltEnvironment, dltEnvironment } from './dlt-environment.ts'
import { type DltProcess, startDlt } from './dlt-process.ts'
import type { Outcome, ParityCase } from './parity-case.ts'
import { parityPage } from './parity-page.ts'
import { ourOutcome, outcomeOfDlt } from './run-case.ts'

/** The first run downloads dlt. */
const INSTALL = 600_000

const cases = groups.flatMap((group) => group.cases)
const home = mkdtempSync(join(tmpdir(), 'tributary-parity-'))
let environment: DltEnvironment
let dlt: DltProcess | undefined

beforeAll(async () => {
  environment = await dltEnvironment()
  if ('python' in environment) dlt = startDlt(environment.python, home)
}, INSTALL)

afterAll(async () => {
  await dlt?.close()
  rmSync(home, { recursive: true, force: true })
})

describe.each(groups)('$topic', ({ cases: members }) => {
  it.for(members)('$name', async (parityCase, context) => {
    if ('missing' in environment) return context.skip(`not compared with dlt: ${environment.missing}`)
    const folder = mkdtempSync(join(home, `${parityCase.name}-`))
    const [theirs, ours] = await Promise.all([outcomeOfDlt(parityCase, dlt!, folder), ourOutcome(parityCase, folder)])
    compare(parityCase, ours, theirs)
  })
})

function compare(parityCase: ParityCase, ours: Outcome, theirs: Outcome): void {
  const { better, fails, rows } = parityCase
  if (fails !== undefined) {
    expect(theirs.error ?? 'none', 'the error of dlt').toMatch(fails.dlt)
    expect(ours.error ?? 'none', 'our error').toMatch(fails.ours)
  } else if (better === undefined) {
    // First, since it tells more than that there is a difference.
    expect({ ours: ours.error, dlt: theirs.error }).toEqual({ ours: null, dlt: null })
  }
  expect(better === undefined ? [] : unexpected(theirs, better.dlt), 'dlt, where it differs').toEqual([])
  expect(better === undefined ? [] : unexpected(ours, better.ours), 'ours, where it differs').toEqual([])
  if (better !== undefined) expect(differences(ours, theirs), 'a case that is better differs').not.toEqual([])
  const declared = declaredDifferences(parityCase)
  for (const aspect of differences(ours, theirs).filter((found) => !declared.includes(found)))
    expect(ours[aspect], `${aspect}: ours as dlt's`).toEqual(theirs[aspect])
  if (rows !== undefined) expect([rowCounts(ours), rowCounts(theirs)], 'rows by table').toEqual([rows, rows])
}

describe('the cases', () => {
  it('are enough, and their names are unique', () => {
    expect(cases.length).toBeGreaterThanOrEqual(75)
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length)
  })

  it('that are equal say how many rows there are', () => {
    const silent = cases.filter(({ better, fails, rows }) => better === undefined && fails === undefined && rows === undefined)
    expect(silent.map(({ name }) => name)).toEqual([])
  })

  it('are on the page of docs/', async () => {
    const versions = readFileSync(join(import.meta.dirname, 'requirements.txt'), 'utf8').match(/^dlt.*$/gm)!
    const named = versions.map((line) => line.replace(/^dlt\[\w+\]==/, 'dlt '))
    await expect(parityPage(groups, named)).toMatchFileSnapshot('../../docs/parity.md')
  })
})

// Runs every test and ends with one plain line, `N passed, N failed`, with the true totals.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from './postgres.mjs'
import { checkRules } from './rules.mjs'

const writeRules = process.argv.includes('--write-rules')
// Where everything that tests need must be there, a test that is left out is a failure.
const complete = process.env.TRIBUTARY_TEST_COMPLETE === '1'
const filters = process.argv.slice(2).filter((argument) => argument !== '--write-rules')
const folder = mkdtempSync(join(tmpdir(), 'tributary-test-'))
const report = join(folder, 'report.json')
// A server of its own, for the tests of the PostgreSQL destination; `TRIBUTARY_TEST_POSTGRES` names one that is there already.
const postgres =
  process.env.TRIBUTARY_TEST_POSTGRES === undefined ? await startPostgres() : { url: process.env.TRIBUTARY_TEST_POSTGRES }
const env = { ...process.env, ...(postgres.url !== undefined && { TRIBUTARY_TEST_POSTGRES: postgres.url }) }
const vitest = spawnSync('vitest', ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...filters], {
  stdio: 'inherit',
  env,
})
await postgres.stop?.()

let passed = 0
let failed = 0
let skipped = 0
try {
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'))
  for (const { assertionResults, status } of testResults) {
    // A file that could not even be loaded has no cases, and is a failure all the same.
    if (status === 'failed' && assertionResults.every((result) => result.status !== 'failed')) failed++
    for (const result of assertionResults) {
      if (result.status === 'passed') passed++
      else if (result.status === 'failed') failed++
      else skipped++
    }
  }
  // Of some of the tests, nothing can be told.
  for (const problem of filters.length === 0 ? checkRules(testResults, { write: writeRules, complete }) : []) {
    failed++
    process.stderr.write(`FAILED: ${problem}\n`)
  }
} catch {
  failed++
  process.stderr.write('The test run ended without a report.\n')
} finally {
  rmSync(folder, { recursive: true, force: true })
}
if (vitest.status !== 0 && failed === 0) failed++
if (complete && (skipped > 0 || postgres.reason !== undefined)) failed++
if (postgres.reason !== undefined)
  process.stdout.write(`\nWithout PostgreSQL, what loads into it was not tested: ${postgres.reason}\n`)
if (skipped > 0) process.stdout.write(`\n${skipped} skipped: what they need is not there.\n`)
process.stdout.write(`\n${passed} passed, ${failed} failed\n`)
process.exit(failed === 0 && passed > 0 ? 0 : 1)

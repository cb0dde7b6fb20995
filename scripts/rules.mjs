// The rules of REST connectors and of loading, and the tests that hold them: `tests/rules/*/*.txt` lists the rules, titles of
// tests name them in brackets, and a page of docs is the table that comes of each folder.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'

const root = join(import.meta.dirname, '..')
const PAGES = [
  { folder: 'rest', page: 'docs/rest-rules.md', title: 'What a REST resource may say, and the tests that hold it' },
  { folder: 'loading', page: 'docs/loading-rules.md', title: 'What loading promises, and the tests that hold it' },
]
const ID = /\[([a-z][a-z0-9-]*(?:\.[a-z0-9-]+)+)\]/g

/** Rules in the order of their files: `id | section | text` a line. */
function readRules(name) {
  const folder = join(root, 'tests/rules', name)
  return readdirSync(folder)
    .filter((name) => name.endsWith('.txt'))
    .sort()
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'))
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [id, section, ...text] = line.split(' | ')
      return { id, section, text: text.join(' | ') }
    })
}

/** How many tests of which files hold each rule, as a report of vitest tells. */
function holders(testResults) {
  const held = new Map()
  for (const { name, assertionResults } of testResults) {
    for (const { fullName, status } of assertionResults) {
      for (const [, id] of fullName.matchAll(ID)) {
        const rule = held.get(id) ?? { passed: 0, skipped: 0, files: new Set() }
        held.set(id, rule)
        if (status === 'passed') rule.passed++
        else if (status !== 'failed') rule.skipped++
        rule.files.add(relative(root, name))
      }
    }
  }
  return held
}

function pageOf({ folder, title }, rules, held) {
  const rows = rules.map(({ id, section, text }) => {
    const files = [...(held.get(id)?.files ?? [])].sort()
    const links = files.map((file) => `[${file.split('/').at(-1).replace('.test.ts', '')}](../${file})`).join(', ')
    return `| ${section} | ${text.replaceAll('|', '\\|')} | \`${id}\` | ${links} |`
  })
  return [
    `# ${title}`,
    '',
    `${rules.length} rules. _Better_ marks what is done otherwise than in dlt, on purpose. Made from \`tests/rules/${folder}\` and the titles of`,
    'the tests by `pnpm test --write-rules`; `pnpm test` fails where it is stale, or where a rule has no test that passes.',
    '',
    '| section | rule | id | tests |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n')
}

/** What is wrong with the rules, after a run of all tests; with `write`, the pages are made anew first. `complete`: no test may have been skipped. */
export function checkRules(testResults, { write, complete }) {
  const held = holders(testResults)
  const known = new Set()
  const problems = []
  for (const page of PAGES) {
    const rules = readRules(page.folder)
    for (const { id } of rules) {
      if (known.has(id)) problems.push(`the rule ${id} is listed twice`)
      const { passed = 0, skipped = 0 } = held.get(id) ?? {}
      if (passed === 0 && (complete || skipped === 0)) problems.push(`the rule ${id} has no test that passes`)
      known.add(id)
    }
    const file = join(root, page.page)
    const text = pageOf(page, rules, held)
    if (write) writeFileSync(file, text)
    if (!existsSync(file) || readFileSync(file, 'utf8') !== text)
      problems.push(`${page.page} is stale: run pnpm test --write-rules`)
  }
  for (const id of held.keys()) if (!known.has(id)) problems.push(`a test names the rule ${id}, which tests/rules does not list`)
  return problems
}

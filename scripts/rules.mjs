// The rules of REST connectors and the tests that hold them: `tests/rules/*.txt` lists the rules, titles of tests name them
// in brackets, and `docs/rest-rules.md` is the table that comes of it.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'

const root = join(import.meta.dirname, '..')
const page = join(root, 'docs/rest-rules.md')
const ID = /\[([a-z][a-z0-9-]*(?:\.[a-z0-9-]+)+)\]/g

/** Rules in the order of their files: `id | section | text` a line. */
function readRules() {
  const folder = join(root, 'tests/rules')
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
        const rule = held.get(id) ?? { passed: 0, files: new Set() }
        held.set(id, rule)
        if (status === 'passed') rule.passed++
        rule.files.add(relative(root, name))
      }
    }
  }
  return held
}

function pageOf(rules, held) {
  const rows = rules.map(({ id, section, text }) => {
    const files = [...(held.get(id)?.files ?? [])].sort()
    const links = files.map((file) => `[${file.split('/').at(-1).replace('.test.ts', '')}](../${file})`).join(', ')
    return `| ${section} | ${text.replaceAll('|', '\\|')} | \`${id}\` | ${links} |`
  })
  return [
    '# What a REST resource may say, and the tests that hold it',
    '',
    `${rules.length} rules. _Better_ marks what is done otherwise than in dlt, on purpose. Made from \`tests/rules\` and the titles of`,
    'the tests by `pnpm test --write-rules`; `pnpm test` fails where it is stale, or where a rule has no test that passes.',
    '',
    '| section | rule | id | tests |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n')
}

/** What is wrong with the rules, after a run of all tests; with `write`, the page is made anew first. */
export function checkRules(testResults, write) {
  const rules = readRules()
  const held = holders(testResults)
  const known = new Set(rules.map(({ id }) => id))
  const text = pageOf(rules, held)
  if (write) writeFileSync(page, text)
  let current = ''
  try {
    current = readFileSync(page, 'utf8')
  } catch {
    // Said below.
  }
  return [
    ...rules
      .filter(({ id }, index) => rules.findIndex((rule) => rule.id === id) !== index)
      .map(({ id }) => `the rule ${id} is listed twice`),
    ...rules.filter(({ id }) => !(held.get(id)?.passed > 0)).map(({ id }) => `the rule ${id} has no test that passes`),
    ...[...held.keys()]
      .filter((id) => !known.has(id))
      .map((id) => `a test names the rule ${id}, which tests/rules does not list`),
    ...(current === text ? [] : ['docs/rest-rules.md is stale: run pnpm test --write-rules']),
  ]
}

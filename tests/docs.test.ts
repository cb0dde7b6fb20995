import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { jsonResponse, offsetPages, startMockApi } from '@tributary/testkit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { tributary } from './support/process.ts'

const root = join(import.meta.dirname, '..')

const pages = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.md') && !/node_modules|dist|\.changeset|CHANGELOG|\.tmp/.test(path))
  .map((path) => join(root, path))

/** Code blocks of a page, by language. */
function blocks(page: string, language: string): string[] {
  const pattern = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm')
  return [...readFileSync(page, 'utf8').matchAll(pattern)].map((match) => match[1]!)
}

/** A folder inside the workspace, so that its packages are found, which is gone when the test is over. */
function workspaceFolder(name: string): string {
  const folder = join(import.meta.dirname, '.tmp', name)
  mkdirSync(folder, { recursive: true })
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

it('there are pages', () => {
  expect(pages.map((page) => relative(root, page))).toEqual(
    expect.arrayContaining(['README.md', 'CONTRIBUTING.md', 'docs/delivery.md']),
  )
})

it('every link leads somewhere', () => {
  const broken = pages.flatMap((page) => {
    const links = [...readFileSync(page, 'utf8').matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map((match) => match[1]!)
    return links
      .filter((link) => !/^https?:/.test(link) && !existsSync(join(dirname(page), link)))
      .map((link) => `${relative(root, page)}: ${link}`)
  })
  expect(broken).toEqual([])
})

it('every TypeScript block compiles', () => {
  const folder = workspaceFolder('blocks')
  // What only destinations of this house import shows how it is put together, not a program.
  const programs = pages.filter((page) => !/packages\/(?:duckdb-engine|file-dataset)\//.test(page))
  const found = programs.flatMap((page) =>
    blocks(page, 'ts').map((code, index) => [`${relative(root, page).replaceAll(/\W+/g, '-')}-${index}.ts`, code] as const),
  )
  expect(found.length).toBeGreaterThan(6)
  // What a block leaves to its reader.
  const mine = 'declare const mine: () => never, readMine: () => never, dropMine: () => never\n'
  const connector = "declare const connector: import('@tributary/core').Connector\n"
  for (const [name, code] of found) {
    const given = `${code.includes('readMine') ? mine : ''}${/\{ connector,/.test(code) ? connector : ''}`
    writeFileSync(join(folder, name), given + code)
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ extends: '../../../tsconfig.json', include: ['*.ts'] }))
  const { stdout } = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '--noEmit', '-p', folder], {
    encoding: 'utf8',
  })
  expect(stdout).toBe('')
})

/** YAML blocks that are a connector, or one resource of one; `docs/auth.md` and others also show smaller parts. */
const yamlBlocks = pages.flatMap((page) =>
  blocks(page, 'yaml').flatMap((code, index): [title: string, file: string][] => {
    const title = `${relative(root, page)}, ${index + 1}`
    if (/^resources:/m.test(code)) return [[title, code]]
    if (!/^name:/m.test(code) || !/^endpoint:/m.test(code)) return []
    const lines = code.split('\n').map((line) => (line === '' ? '' : `    ${line}`))
    return [[title, `client: { base_url: "https://api.example.com" }\nresources:\n  -\n${lines.join('\n')}`]]
  }),
)

it('pages show connectors as YAML', () => {
  expect(yamlBlocks.map(([title]) => title.replace(/, \d+$/, ''))).toEqual(
    expect.arrayContaining(['README.md', 'docs/files.md', 'docs/write-dispositions.md']),
  )
})

it.each(yamlBlocks)('the YAML in %s is valid', async (_title, code) => {
  const cwd = workspaceFolder('yaml')
  writeFileSync(join(cwd, 'shown.yaml'), code)
  // Whatever secrets and addresses it names.
  const names = [...code.matchAll(/\$\{(\w+)\}/g)].map((match) => match[1]!)
  const env = Object.fromEntries(names.map((name) => [name, name.endsWith('URL') ? 'https://api.example.com' : 'a-value']))
  const { code: exit, stderr } = await tributary(['check', './shown.yaml', '--offline'], { cwd, env })
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' })
})

describe('the README', () => {
  it('shows a connector that runs as it stands', async () => {
    const cwd = workspaceFolder('bookings')
    const code = blocks(join(root, 'README.md'), 'ts').find((block) => block.includes("name: 'bookings'"))
    writeFileSync(join(cwd, 'bookings.ts'), code!)
    const rooms = Array.from({ length: 120 }, (_, index) => ({ id: index, name: `Room ${index}`, booked_at: null }))
    const api = await startMockApi({
      'GET /rooms': (request) =>
        request.headers['x-api-key'] === 'my-key'
          ? offsetPages(rooms, { dataKey: 'items' })(request)
          : jsonResponse({}, { status: 401 }),
    })
    onTestFinished(() => api.close())
    const env = { BOOKINGS_BASE_URL: api.url, BOOKINGS_API_KEY: 'my-key' }
    const described = await tributary(['describe', './bookings.ts'], { cwd, env: {} })
    expect(described.stdout).toMatch(/rooms: GET \/rooms · merge by delete-insert · key id[\s\S]*BOOKINGS_API_KEY/)
    expect(await tributary(['check', './bookings.ts'], { cwd, env })).toMatchObject({ code: 0 })
    const synced = await tributary(['sync', './bookings.ts'], { cwd, env })
    expect(synced.stdout).toContain('rooms: ok · 120 rows')
    expect(existsSync(join(cwd, 'data/tributary.duckdb'))).toBe(true)
  })

  it('shows a file that runs as it stands', async () => {
    const cwd = workspaceFolder('bookings-file')
    writeFileSync(join(cwd, 'bookings.yaml'), blocks(join(root, 'README.md'), 'yaml')[0]!)
    const rooms = Array.from({ length: 120 }, (_, index) => ({ id: index, name: `Room ${index}` }))
    const api = await startMockApi({
      '/rooms': (request) =>
        request.headers['x-api-key'] === 'my-key'
          ? offsetPages(rooms, { dataKey: 'items' })(request)
          : jsonResponse({}, { status: 401 }),
      '/rooms/:room/bookings': ({ params }) => jsonResponse({ items: [{ id: `${params.room}-1` }] }),
    })
    onTestFinished(() => api.close())
    const env = { BOOKINGS_BASE_URL: api.url, BOOKINGS_API_KEY: 'my-key' }
    expect(await tributary(['check', './bookings.yaml'], { cwd, env })).toMatchObject({ code: 0 })
    const synced = await tributary(['sync', './bookings.yaml'], { cwd, env })
    expect(synced.stdout).toContain('rooms: ok · 120 rows')
    expect(synced.stdout).toContain('bookings: ok · 120 rows')
  })
})

/** `pnpm sync …` and `pnpm tributary <verb> …` in a page's shell blocks, with the flags that they have. */
const commandLines = pages
  .filter((page) => !page.includes('CONTRIBUTING'))
  .flatMap((page) => blocks(page, 'sh').flatMap((block) => block.split('\n')))
  .map((line) =>
    /^(?:pnpm|npx) (?:tributary )?(sync|list|describe|check|query|loads|state|schema|rejects|reset)\b(.*?)(?: +#.*)?$/.exec(line),
  )
  .filter((match) => match !== null)
const shownVerbs = [...new Set(commandLines.map(([, verb]) => verb!))].sort()

it('pages show all verbs', () => {
  const verbs = ['sync', 'list', 'describe', 'check', 'query', 'loads', 'state', 'schema', 'rejects', 'reset']
  expect(shownVerbs).toEqual(verbs.sort())
})

it.each(shownVerbs)('pages show flags that %s has', async (verb) => {
  const { stdout } = await tributary([verb, '--help'], { cwd: root })
  const flags = commandLines.filter(([, shown]) => shown === verb).flatMap(([, , rest]) => rest!.match(/(?<=\s)--[a-z-]+/g) ?? [])
  expect(flags.filter((flag) => !stdout.includes(`${flag} `))).toEqual([])
})

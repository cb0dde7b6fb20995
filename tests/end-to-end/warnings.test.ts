import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { json, startMockApi } from '@tributary/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { temporaryFolder } from '../support/places.ts'
import { tributary } from '../support/process.ts'

const WARNING = 'The sample takes the place of the whole table'
const KEPT = 'only a part was left out'

/** Two runs: the second one has a value too many, which a contract leaves out. */
async function shop(): Promise<{ run: (...args: string[]) => ReturnType<typeof tributary> }> {
  const cwd = temporaryFolder()
  let requests = 0
  const api = await startMockApi({ '/people': (request) => json([{ id: 1, ...(requests++ > 0 && { age: 3 }) }])(request) })
  onTestFinished(() => api.close())
  writeFileSync(
    join(cwd, 'shop.yaml'),
    `name: shop\nclient: { base_url: "${api.url}" }\nresources: [{ name: people, endpoint: { path: people } }]\n`,
  )
  const run = (...args: string[]): ReturnType<typeof tributary> => tributary([...args, '--to', 'duckdb:shop.duckdb'], { cwd })
  return { run }
}

const times = (text: string, part: string): number => text.split(part).length - 1

it.each([
  'sync ./shop.yaml --full-refresh --limit 1',
  'sync ./shop.yaml --full-refresh --limit 1 --progress none',
  'sync ./shop.yaml --full-refresh --limit 1 --json',
])('%s tells a warning once, on stdout [command.warnings.once]', async (line) => {
  const { run } = await shop()
  const { code, stdout, stderr } = await run(...line.split(' '))
  expect({ code, told: times(stdout, WARNING), aside: times(stderr, WARNING) }).toEqual({ code: 0, told: 1, aside: 0 })
})

it.each([[[]], [['--json']]])('rejects replay %s tells a warning once, on stdout [command.warnings.once]', async (flags) => {
  const { run } = await shop()
  await run('sync', './shop.yaml')
  await run('sync', './shop.yaml', '--contract', 'columns=discard_value', '--rejects')
  const { code, stdout, stderr } = await run('rejects', 'replay', './shop.yaml', ...flags)
  expect({ code, told: times(stdout, KEPT), aside: times(stderr, KEPT) }).toEqual({ code: 0, told: 1, aside: 0 })
})

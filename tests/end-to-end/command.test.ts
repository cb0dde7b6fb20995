import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { delayed, failing, offsetPages, startMockApi, withApiKey } from '@tributary/testkit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { duckdbPlace, jsonlPlace } from '../support/places.ts'
import { project, startTributary, tributary } from '../support/process.ts'
import { API_KEY, tickets } from '../support/tickets.ts'

interface JsonOutput {
  status: string
  load_ids: number[]
  resources: Record<
    string,
    { status: string; records: number; tables: Record<string, Record<string, unknown>>; error?: { code: string } }
  >
  seconds: number
  rows_per_second: number
}

const ROOT = join(import.meta.dirname, '../..')

async function serve(count: number, milliseconds = 0): Promise<Record<string, string>> {
  const pages = withApiKey(offsetPages(tickets(count)), { value: API_KEY })
  const api = await startMockApi({ '/v1/tickets': milliseconds === 0 ? pages : delayed(pages, milliseconds) })
  onTestFinished(() => api.close())
  return { TICKETING_BASE_URL: api.url, TICKETING_API_KEY: API_KEY }
}

describe('tributary sync', () => {
  it.each(['ticketing', 'service-desk'])(
    'loads the demo of %s without any configuration, and updates it the next time',
    async (name) => {
      const cwd = project()
      const first = await tributary(['sync', name, '--json'], { cwd })
      expect(first).toMatchObject({ code: 0, stderr: expect.stringContaining('the embedded demo API is used') })
      const second = await tributary(['sync', name, '--json'], { cwd })
      const [before, after] = [first, second].map(({ stdout }) => JSON.parse(stdout) as JsonOutput) as [JsonOutput, JsonOutput]
      const [resource] = Object.keys(before.resources) as [string]
      const rows = before.resources[resource]!.records
      expect(rows).toBeGreaterThan(1000)
      expect(before.resources[resource]!.tables[resource]).toMatchObject({ inserted: rows, updated: 0, deleted: 0, rejected: 0 })
      expect(after.resources[resource]!.records).toBe(rows)
      const { inserted, updated, unchanged } = after.resources[resource]!.tables[resource] as Record<string, number>
      expect(inserted).toBe(0)
      expect(updated).toBeGreaterThan(0)
      expect(updated! + unchanged!).toBe(rows)
      expect(existsSync(join(cwd, 'data/demo.duckdb'))).toBe(true)
    },
  )

  it('prints exactly one JSON object, of the documented shape', async () => {
    const cwd = project()
    const { code, stdout, stderr } = await tributary(['sync', 'ticketing', '--json'], { cwd, env: await serve(250) })
    expect(code).toBe(0)
    expect(stderr).toBe('')
    expect(JSON.parse(stdout)).toEqual({
      status: 'ok',
      load_ids: [1],
      resources: {
        ticket_data: {
          status: 'ok',
          pages: 3,
          requests: 3,
          retries: 0,
          records: 250,
          filtered: 0,
          tables: {
            ticket_data: { inserted: 250, updated: 0, deleted: 0, unchanged: 0, rejected: 0, rejected_by: {} },
            ticket_data__tags: { inserted: 375, updated: 0, deleted: 0, unchanged: 0, rejected: 0, rejected_by: {} },
          },
          warnings: [],
        },
      },
      seconds: expect.any(Number),
      rows_per_second: expect.any(Number),
    })
  })

  it('ends with a summary whose command can be copied', async () => {
    const cwd = project()
    const { code, stdout } = await tributary(['sync', 'ticketing', '--to', 'duckdb:shop.duckdb'], { cwd, env: await serve(250) })
    expect(code).toBe(0)
    expect(stdout).toMatch(/^ticket_data: ok · 250 rows read in .* · 3 pages · 0 retries$/m)
    expect(stdout).toMatch(/^ {2}ticket_data +250 +0 +0 +0$/m)
    expect(stdout).toContain('Data: shop.duckdb (dataset ticketing)')
    const copied = /^Look at it: tributary (\S+) "([^"]+)" --db (\S+)$/m.exec(stdout)
    const shown = await tributary(copied!.slice(1, 3).concat('--db', copied![3]!), { cwd })
    expect(shown.code).toBe(0)
    expect(shown.stdout).toContain('Event 1')
  })

  it('keeps stdout for the result: progress is on stderr, and can be silenced', async () => {
    const [cwd, env] = [project(), await serve(250)]
    const loud = await tributary(['sync', 'ticketing'], { cwd, env })
    expect(loud.stderr).toContain('ticket_data: started')
    expect(loud.stdout).not.toContain('started')
    const quiet = await tributary(['sync', 'ticketing', '--progress', 'none'], { cwd, env })
    expect(quiet.stderr).toBe('')
  })

  it('loads into files as well', async () => {
    const cwd = project()
    const { code, stdout } = await tributary(['sync', 'ticketing', '--to', 'jsonl:out'], { cwd, env: await serve(250) })
    expect(code).toBe(0)
    expect(stdout).toContain('head -n 3 out/ticketing/ticket_data/*.jsonl')
    expect(readdirSync(join(cwd, 'out/ticketing')).sort()).toEqual(['_sync_manifest.json', 'ticket_data', 'ticket_data__tags'])
    expect(readFileSync(join(cwd, 'out/ticketing/ticket_data/1.jsonl'), 'utf8').trim().split('\n')).toHaveLength(250)
  })

  it('syncs a module of one’s own', async () => {
    const cwd = project()
    const { TICKETING_BASE_URL } = await serve(3)
    const core = join(import.meta.dirname, '../../packages/core/src/index.ts')
    writeFileSync(
      join(cwd, 'mine.ts'),
      `import { apiKeyAuth, defineConnector, offset, resource, secret, url } from ${JSON.stringify(core)}
       import * as v from ${JSON.stringify(join(import.meta.dirname, '../../packages/core/node_modules/valibot/dist/index.mjs'))}
       export const mine = defineConnector({
         name: 'my-own',
         options: v.object({ baseUrl: url(), apiKey: secret() }),
         client: ({ baseUrl, apiKey }) => ({ baseUrl, auth: apiKeyAuth({ name: 'api_key', value: apiKey, in: 'query' }) }),
         resources: { things: resource({ endpoint: { path: '/v1/tickets', dataSelector: 'data', paginator: offset({ limit: 2 }) } }) },
       })`,
    )
    const env = { MY_OWN_BASE_URL: TICKETING_BASE_URL!, MY_OWN_API_KEY: API_KEY }
    const { code, stdout } = await tributary(['sync', './mine.ts', '--to', 'jsonl:out'], { cwd, env })
    expect(stdout).toContain('things: ok · 3 rows')
    expect(code).toBe(0)
    expect(existsSync(join(cwd, 'out/my_own/things/1.jsonl'))).toBe(true)
  })

  it.each([
    [
      'a connector that is nowhere',
      ['sync', 'crm'],
      /no connector "crm".*Installed: service-desk, ticketing.*npm install @tributary\/connector-crm/,
    ],
    ['a connector that was misspelled', ['sync', 'tickting'], /no connector "tickting".*Did you mean ticketing\?/],
    ['an unknown verb', ['snyc'], /no verb "snyc".*Did you mean sync\?/],
    ['an unknown flag', ['sync', 'ticketing', '--ful-refresh'], /no flag "--ful-refresh".*Did you mean --full-refresh\?/],
    ['an unknown resource', ['sync', 'ticketing', '--resource', 'ticket_dat'], /Did you mean ticket_data\?/],
    ['an unknown destination', ['sync', 'ticketing', '--to', 'duckb:x'], /no destination "duckb".*Did you mean duckdb\?/],
    ['an unknown option', ['sync', 'ticketing', '--set', 'baseURL=http://127.0.0.1:1'], /baseURL.*baseUrl/s],
    [
      'a missing option',
      ['sync', 'ticketing', '--set', 'baseUrl=http://127.0.0.1:1'],
      /apiKey is missing: set TICKETING_API_KEY/,
    ],
    ['a module that is not there', ['sync', './nothing.ts'], /no file \.\/nothing\.ts/],
    ['a limit that is none', ['sync', 'ticketing', '--limit', '0'], /--limit takes a whole number from 1/],
  ])('refuses %s with exit code 2, before anything is requested', async (_what, args, message) => {
    const cwd = project()
    const { code, stdout, stderr } = await tributary(args, { cwd })
    expect(stderr).toMatch(message)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(readdirSync(cwd)).toEqual(['node_modules', 'package.json'])
  })

  it('says which option and variable a wrong key is, fails with 1, and loads nothing', async () => {
    const cwd = project()
    const env = { ...(await serve(10)), TICKETING_API_KEY: 'wrong-key-of-somebody' }
    const { code, stdout, stderr } = await tributary(['sync', 'ticketing'], { cwd, env })
    expect(code).toBe(1)
    expect(stdout).toMatch(/401/)
    expect(stdout).toContain('apiKey')
    expect(stdout).toContain('TICKETING_API_KEY')
    expect(stdout + stderr).not.toContain('wrong-key-of-somebody')
  })

  it('stops cleanly on Ctrl-C: exit code 130, nothing half loaded, and the next run goes on', async () => {
    const [cwd, env] = [project(), await serve(2000, 60)]
    const running = startTributary(['sync', 'ticketing', '--to', 'duckdb:t.duckdb'], { cwd, env })
    await running.shown('ticket_data: started')
    running.child.kill('SIGINT')
    const { code, stderr } = await running.ended
    expect(code).toBe(130)
    expect(stderr).toContain('Interrupted.')
    const again = await tributary(['sync', 'ticketing', '--to', 'duckdb:t.duckdb', '--json'], { cwd, env })
    expect(again.code).toBe(0)
    const { resources } = JSON.parse(again.stdout) as JsonOutput
    expect(resources.ticket_data!.tables.ticket_data).toMatchObject({ inserted: 2000, updated: 0 })
  })

  it('ends at once on a second Ctrl-C', async () => {
    const pages = failing(offsetPages(tickets(10)), ['hang', 'hang', 'hang', 'hang'])
    const api = await startMockApi({ '/v1/tickets': pages })
    onTestFinished(() => api.close())
    const cwd = project()
    const running = startTributary(['sync', 'ticketing'], {
      cwd,
      env: { TICKETING_BASE_URL: api.url, TICKETING_API_KEY: API_KEY },
    })
    await running.shown('started')
    running.child.kill('SIGINT')
    await running.shown('Stopping')
    await new Promise((resolve) => setTimeout(resolve, 200))
    running.child.kill('SIGINT')
    expect((await running.ended).code).toBe(130)
  })

  it.each([
    ['duckdb', 'duckdb:t.duckdb'],
    ['jsonl', 'jsonl:t'],
  ])('into %s, a second process waits a bounded time and then says who holds it', async (_kind, to) => {
    const [cwd, env] = [project(), await serve(5000, 3000)]
    const first = startTributary(['sync', 'ticketing', '--to', to], { cwd, env })
    await first.shown('started')
    const second = await tributary(['sync', 'ticketing', '--to', to], { cwd, env })
    expect(second.code).toBe(1)
    expect(second.stderr).toMatch(/is in use/)
    expect(second.stderr).toContain(String(first.child.pid))
    first.child.kill('SIGKILL')
    await first.ended
    // The lock of a process that has died holds nobody up.
    const third = await tributary(['sync', 'ticketing', '--to', to, '--limit', '1', '--json'], { cwd, env })
    expect(third.code).toBe(0)
  })

  it('says that a path cannot be written', async () => {
    const [cwd, env] = [project(), await serve(10)]
    // To the superuser, nothing is forbidden; but what the kernel shows as files cannot be added to.
    const locked = process.getuid?.() === 0 ? '/sys' : join(cwd, 'locked')
    if (locked !== '/sys') {
      mkdirSync(locked)
      chmodSync(locked, 0o500)
    }
    for (const to of [`duckdb:${locked}/t.duckdb`, `duckdb:${locked}/folder/t.duckdb`, `jsonl:${locked}/t`]) {
      const { code, stderr } = await tributary(['sync', 'ticketing', '--to', to], { cwd, env })
      expect(stderr).toMatch(/^Error: .*may be written/m)
      expect(code).toBe(2)
    }
  })

  it('says that a path is no database, and leaves the file as it is', async () => {
    const [cwd, env] = [project(), await serve(10)]
    writeFileSync(join(cwd, 'notes.duckdb'), 'these are notes '.repeat(1000))
    mkdirSync(join(cwd, 'folder.duckdb'))
    writeFileSync(join(cwd, 'file'), 'x')
    for (const to of ['duckdb:notes.duckdb', 'duckdb:folder.duckdb', 'jsonl:file', 'duckdb:file/t.duckdb']) {
      const { code, stderr } = await tributary(['sync', 'ticketing', '--to', to], { cwd, env })
      expect(stderr).toMatch(/^Error: .*(no DuckDB file|may be written)/m)
      expect(stderr).not.toContain('defect')
      expect(code).toBe(2)
    }
    expect(statSync(join(cwd, 'notes.duckdb')).size).toBe(16_000)
  })
})

describe('the other verbs', () => {
  it('list, describe, check, loads and query tell what there is', async () => {
    const [cwd, env] = [ROOT, await serve(250)]
    const { to, path } = duckdbPlace()
    const run = async (...args: string[]): Promise<string> => {
      const { code, stdout, stderr } = await tributary(args, { cwd, env })
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      return stdout
    }
    const list = await run('list')
    expect(list).toMatch(/ticketing[\s\S]*ready[\s\S]*duckdb:<file>[\s\S]*jsonl:<folder>/)
    for (const name of readdirSync(join(ROOT, 'connectors'))) expect(list).toContain(`  ${name} `)
    expect(await run('describe', 'ticketing')).toMatch(/ticket_data: .*key id[\s\S]*id +bigint\n[\s\S]*TICKETING_API_KEY/)
    expect(await run('check', 'ticketing')).toMatch(
      /ticket_data: ok · 200 from .* 100 records[\s\S]*venue__name +text +nullable +inferred/,
    )
    await run('sync', 'ticketing', '--to', to, '--progress', 'none')
    expect(await run('loads', '--to', to)).toMatch(/dataset ticketing\n[\s\S]*\n +1 .* ticket_data +250/)
    expect(await run('query', 'select count(*) as n from ticketing.ticket_data', '--db', path, '--format', 'json')).toBe(
      '[\n{"n":250}\n]\n',
    )
  })

  it('loads shows those of files too', async () => {
    const [cwd, env] = [project(), await serve(50)]
    const { to } = jsonlPlace()
    await tributary(['sync', 'ticketing', '--to', to], { cwd, env })
    const { code, stdout } = await tributary(['loads', '--to', to, '--json'], { cwd, env })
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      datasets: [{ dataset: 'ticketing', loads: [{ load_id: 1, resource: 'ticket_data' }] }],
    })
  })

  it('every verb has a help text with examples', async () => {
    const cwd = project()
    for (const verb of ['sync', 'list', 'check', 'describe', 'query', 'loads']) {
      const { code, stdout } = await tributary([verb, '--help'], { cwd })
      expect(code).toBe(0)
      expect(stdout).toMatch(/Usage:[\s\S]*Flags:[\s\S]*Examples:/)
    }
  })
})

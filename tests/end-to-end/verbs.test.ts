import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { json, type MockApi, startMockApi } from '@tributary/testkit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type Place, parquetPlace, places, temporaryFolder } from '../support/places.ts'
import { type Ended, tributary } from '../support/process.ts'

const people = [
  { id: 1, name: 'Ada', at: '2026-01-01T00:00:00Z' },
  { id: 2, name: 'Bo', at: '2026-01-02T00:00:00Z' },
]
/** Of the second run: one as before, one with a column that is new, one whose name is no text, one that is new. */
const later = [people[0], { ...people[1], email: 'bo@example.com' }, { id: 3, name: { first: 'Cy' }, at: '2026-01-03T00:00:00Z' }]

interface Shop {
  readonly api: MockApi
  run(...args: string[]): Promise<Ended>
}

/** A project with a connector as data, to an API whose records change. */
async function shop(place: Place, records: () => unknown): Promise<Shop> {
  const cwd = temporaryFolder()
  const api = await startMockApi({ '/people': (request) => json(records() as never)(request) })
  onTestFinished(() => api.close())
  writeFileSync(
    join(cwd, 'shop.yaml'),
    [
      'name: shop',
      `client: { base_url: "${api.url}" }`,
      'resources:',
      '  - name: people',
      '    primary_key: id',
      '    write_disposition: merge',
      '    endpoint: { path: people, params: { since: "{incremental.start_value}" }, incremental: { cursor_path: at } }',
    ].join('\n'),
  )
  const withTo = ['sync', 'loads', 'state', 'schema', 'rejects', 'reset']
  return {
    api,
    run: (...args) => tributary([...args, ...(withTo.includes(args[0]!) ? ['--to', place.to] : [])], { cwd }),
  }
}

describe.each([...places, ['parquet', parquetPlace] as const])('the verbs that look after %s', (_kind, makePlace) => {
  it('leave out, list and put through again what a contract does not allow [command.rejects]', async () => {
    const place = makePlace()
    let records: unknown = people
    const { run, api } = await shop(place, () => records)
    expect((await run('sync', './shop.yaml')).code).toBe(0)
    records = later
    const contract = ['--contract', 'columns=discard_row,data_type=discard_row']
    const second = await run('sync', './shop.yaml', ...contract, '--rejects')
    expect(second).toMatchObject({ code: 0, stdout: expect.stringContaining('2 left out by the contract: no such column') })
    expect((await place.rows('shop', 'people')).map(({ name }) => name)).toEqual(['Ada', 'Bo'])

    const listed = await run('rejects', 'list', '--json')
    const rejects = listed.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(rejects.map(({ column, reason, kind, record }) => [column, reason, kind, record])).toEqual([
      ['email', 'columns', 'record', later[1]],
      ['name__first', 'columns', 'record', later[2]],
    ])
    expect((await run('rejects', 'list')).stdout).toContain('the record')

    const requests = api.requests.length
    const still = await run('rejects', 'replay', './shop.yaml', ...contract)
    expect(still).toMatchObject({ code: 0, stdout: expect.stringContaining('2 rejects still kept') })
    const replayed = await run('rejects', 'replay', './shop.yaml', '--json')
    expect(JSON.parse(replayed.stdout)).toMatchObject({ status: 'ok', resources: { people: { replayed: 2, kept: 0 } } })
    expect(api.requests.length, 'requests of a replay').toBe(requests)
    const rows = await place.rows('shop', 'people')
    expect(rows.map(({ email, name__first: first }) => [email, first])).toEqual([
      [undefined, undefined],
      ['bo@example.com', undefined],
      [undefined, 'Cy'],
    ])
    expect((await run('rejects', 'list')).stdout).toContain('nothing is kept')
  })

  it('show state and schemas, and make a resource forget [command.state] [command.schema.show] [command.schema.diff] [command.reset]', async () => {
    const place = makePlace()
    let records: unknown = people
    const { run, api } = await shop(place, () => records)
    expect((await run('state')).code, 'of a place that there is not').toBe(2)
    await run('sync', './shop.yaml')
    records = later
    await run('sync', './shop.yaml')
    const state = await run('state', '--json')
    expect(JSON.parse(state.stdout)).toMatchObject({
      datasets: [{ dataset: 'shop', resources: { people: { cursors: { people: { '': { value: '2026-01-03T00:00:00Z' } } } } } }],
    })
    expect((await run('state')).stdout).toMatch(/people +people +at +2026-01-03T00:00:00Z/)

    expect((await run('schema', 'show', 'people', '--version', '1')).stdout).not.toContain('email')
    expect((await run('schema', 'show')).stdout).toMatch(/email +text/)
    const diff = JSON.parse((await run('schema', 'diff', '--json')).stdout) as { datasets: { changes: { column: string }[] }[] }
    expect(diff.datasets[0]!.changes.map(({ column }) => column)).toEqual(['email', 'name__first'])
    expect((await run('schema', 'show', '--version', '9')).code).toBe(2)
    expect((await run('schema', 'diff', '--since', '0')).stdout).toMatch(/new table[\s\S]*email/)
    expect(await run('schema', 'show', 'peple')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Did you mean people?'),
    })

    expect(await run('reset', 'peple')).toMatchObject({ code: 2, stderr: expect.stringContaining('people') })
    expect(await run('reset', 'people')).toMatchObject({ code: 0, stdout: expect.stringContaining('forgotten') })
    expect((await run('state')).stdout).toContain('nothing is remembered')
    expect(await place.rows('shop', 'people')).toHaveLength(3)
    await run('sync', './shop.yaml')
    expect(api.requests.at(-1)!.query.get('since')).toBeNull()
    expect(await place.rows('shop', 'people')).toHaveLength(3)
    expect(await run('reset', 'people', '--tables')).toMatchObject({ code: 0, stdout: expect.stringContaining('Dropped') })
    expect(await place.tables('shop')).toEqual([])
    expect((await run('schema', 'show', 'people')).stdout).toContain('Dropped by load')
    await run('sync', './shop.yaml')
    expect(await place.rows('shop', 'people')).toHaveLength(3)
  })
})

/** What has run once, in files. */
async function synced(...flags: string[]): Promise<Shop> {
  const made = await shop(parquetPlace(), () => people)
  expect(await made.run('sync', './shop.yaml', ...flags)).toMatchObject({ code: 0 })
  return made
}

describe('what is asked in vain is refused, and says what there is', () => {
  it.each<[line: string, message: string]>([
    ['schema shw', 'There is no action of schema called "shw". Did you mean show?'],
    ['schema show --since 1', '--since is of schema diff'],
    ['schema diff --since 99', 'shop has no schema version 99: the last is 1.'],
    ['schema diff --since=-1', '--since takes a whole number from 0'],
    ['schema diff --since 2 --version 1', '--since 2 is not before --version 1'],
    ['schema show nothing', 'There is no table in'],
    ['loads --dataset shpo', 'Did you mean shop?'],
    ['state --dataset shpo', 'Did you mean shop?'],
    ['reset people --dataset shpo', 'Did you mean shop?'],
    ['reset peple', 'It has people.'],
  ])('%s [command.mistakes]', async (line, message) => {
    const { run } = await synced()
    const { code, stdout, stderr } = await run(...line.split(' '))
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(message)
  })

  it.each<[line: string, message: string]>([
    ['rejects', 'rejects needs to know what'],
    ['rejects lst', 'Did you mean list?'],
    ['rejects list shop', 'rejects list takes no connector'],
    ['rejects list --contract evolve', '--contract is of rejects replay'],
    ['rejects list --set a=b', '--set is of rejects replay'],
    ['rejects list --resource peple', 'Did you mean people?'],
    ['rejects list --dataset shpo', 'Did you mean shop?'],
    ['rejects replay', 'rejects replay needs the name of a connector'],
    ['rejects replay ./shop.yaml --limit 1', '--limit is of rejects list'],
    ['rejects replay ./shop.yaml --resource peple', 'There is no resource of shop called "peple". Did you mean people?'],
    ['rejects replay ./shop.yaml --dataset shpo', 'Did you mean shop?'],
    ['rejects replay ./shop.yaml --contract frieze', 'There is no contract "frieze". Did you mean freeze?'],
    ['rejects replay ./nothing.yaml', 'There is no file ./nothing.yaml'],
  ])('%s [command.rejects.mistakes]', async (line, message) => {
    const { run } = await synced()
    const { code, stdout, stderr } = await run(...line.split(' '))
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(message)
  })

  it.each(['duckdb:new.duckdb', 'jsonl:new', 'parquet:new'])(
    'rejects replay before any sync makes nothing of %s [command.rejects.before]',
    async (to) => {
      const cwd = temporaryFolder()
      writeFileSync(join(cwd, 'shop.yaml'), 'client: { base_url: "http://127.0.0.1:9" }\nresources: [people]\n')
      const replayed = await tributary(['rejects', 'replay', './shop.yaml', '--to', to, '--json'], { cwd })
      expect(replayed.code).toBe(2)
      expect(JSON.parse(replayed.stdout)).toMatchObject({ status: 'failed', error: { code: 'FILE_NOT_FOUND' } })
      expect(readdirSync(cwd)).toEqual(['shop.yaml'])
    },
  )

  it('says which datasets there are where reset does not know which one is meant [command.reset.which]', async () => {
    const { run } = await synced()
    await run('sync', './shop.yaml', '--dataset', 'two')
    expect(await run('reset', 'people')).toMatchObject({ code: 2, stderr: expect.stringContaining('--dataset shop | two') })
    const reset = await run('reset', 'people', '--dataset', 'two', '--json')
    expect(JSON.parse(reset.stdout)).toEqual({ dataset: 'two', resources: { people: { forgot: true, dropped: {} } } })
  })
})

it.each(['sync ./shop.yaml', 'loads', 'state', 'schema show', 'rejects list', 'rejects replay ./shop.yaml', 'reset people'])(
  'never shows the password of a destination: %s [command.password]',
  async (line) => {
    const cwd = temporaryFolder()
    writeFileSync(join(cwd, 'shop.yaml'), 'client: { base_url: "http://127.0.0.1:9" }\nresources: [people]\n')
    // Nobody listens on port 1; the second is no URL at all, and the third no destination.
    for (const to of [
      'postgres://me:hunter2@127.0.0.1:1/shop',
      'postgres://me:hunter2@bad host/shop',
      'postgers://me:hunter2@a/b',
    ]) {
      const { code, stdout, stderr } = await tributary([...line.split(' '), '--to', to, '--json'], { cwd })
      expect(code).not.toBe(0)
      expect(stdout + stderr).toMatch(/postgres/i)
      expect(stdout + stderr).not.toContain('hunter2')
    }
  },
)

it('lists loads and rejects in lines that fit 80 columns [command.width]', async () => {
  const { run } = await shop(parquetPlace(), () => later)
  await run('sync', './shop.yaml', '--contract', 'tables=discard_row', '--rejects')
  await run('sync', './shop.yaml')
  for (const line of [['loads'], ['rejects', 'list'], ['schema', 'show'], ['schema', 'diff']]) {
    const { code, stdout } = await run(...line)
    expect(code).toBe(0)
    // The first line names the place, which here is a long path.
    const lines = stdout.trim().split('\n').slice(1)
    expect(lines.length).toBeGreaterThan(2)
    expect(Math.max(...lines.map((text) => text.length))).toBeLessThanOrEqual(80)
  }
})

it('shows no command for a table that a contract did not let be made [command.look]', async () => {
  const cwd = temporaryFolder()
  const api = await startMockApi({ '/people': json(people as never) })
  onTestFinished(() => api.close())
  writeFileSync(join(cwd, 'shop.yaml'), `client: { base_url: "${api.url}" }\nresources: [people]\n`)
  const left = await tributary(['sync', './shop.yaml', '--contract', 'tables=discard_row'], { cwd })
  expect(left.code).toBe(0)
  expect(left.stdout).toContain('Nothing was loaded: the contract left out what came.')
  expect(left.stdout).not.toContain('Look at it')
  expect((await tributary(['sync', './shop.yaml'], { cwd })).stdout).toContain('Look at it: tributary query')
})

it('describe and check tell how a resource is loaded [command.describe.loading]', async () => {
  const cwd = temporaryFolder()
  const api = await startMockApi({ '/people': json(people as never) })
  onTestFinished(() => api.close())
  writeFileSync(
    join(cwd, 'shop.yaml'),
    [
      `client: { base_url: "${api.url}" }`,
      'resources:',
      '  - name: people',
      '    primary_key: id',
      '    write_disposition: { disposition: merge, strategy: upsert, skip_unchanged: true }',
      '    columns: { at: { data_type: timestamp, dedup_sort: desc }, gone: { data_type: bool, hard_delete: true } }',
      '    schema_contract: { columns: discard_value }',
      '    endpoint: people',
    ].join('\n'),
  )
  const facts =
    /merge by upsert · key id · keeps the largest at[\s·]+deleted by gone[\s·]+skips unchanged[\s·]+contract columns=discard_value/
  expect((await tributary(['describe', './shop.yaml'], { cwd })).stdout).toMatch(facts)
  expect((await tributary(['check', './shop.yaml'], { cwd })).stdout).toMatch(facts)
  const described = JSON.parse((await tributary(['describe', './shop.yaml', '--json'], { cwd })).stdout) as {
    resources: object[]
  }
  expect(described.resources).toMatchObject([
    {
      write_disposition: 'merge',
      merge_strategy: 'upsert',
      dedup_sort: { column: 'at', order: 'desc' },
      hard_delete: 'gone',
      skip_unchanged: true,
      schema_contract: { tables: 'evolve', columns: 'discard_value' },
    },
  ])
})

it('a frozen table fails the resource by name, and loads nothing of it [command.contract.freeze]', async () => {
  const place = parquetPlace()
  let records: unknown = people
  const { run } = await shop(place, () => records)
  await run('sync', './shop.yaml')
  records = later
  const failed = await run('sync', './shop.yaml', '--contract', 'freeze', '--json')
  expect(failed.code).toBe(1)
  const { resources } = JSON.parse(failed.stdout) as { resources: { people: { error: { code: string; message: string } } } }
  expect(resources.people.error.code).toBe('CONTRACT_BROKEN')
  expect(resources.people.error.message).toMatch(/people.*email.*id 2/)
  expect(await place.loads('shop')).toEqual([1])
})

it('writes compressed lines where asked to [command.jsonl-gz]', async () => {
  const folder = temporaryFolder()
  const { run } = await shop({ to: `jsonl.gz:${folder}/out` } as Place, () => people)
  const { code, stdout } = await run('sync', './shop.yaml')
  expect(code).toBe(0)
  expect(stdout).toContain('gzip -dc')
  expect(existsSync(join(folder, 'out/shop/people/1.jsonl.gz'))).toBe(true)
  expect(readFileSync(join(folder, 'out/shop/people/1.jsonl.gz')).subarray(0, 2)).toEqual(Buffer.from([0x1f, 0x8b]))
})

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
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

  it('show state and schemas, and make a resource forget [command.state] [command.reset]', async () => {
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

    expect(await run('reset', 'peple')).toMatchObject({ code: 2, stderr: expect.stringContaining('people') })
    expect(await run('reset', 'people')).toMatchObject({ code: 0, stdout: expect.stringContaining('forgotten') })
    expect((await run('state')).stdout).toContain('nothing is remembered')
    expect(await place.rows('shop', 'people')).toHaveLength(3)
    await run('sync', './shop.yaml')
    expect(api.requests.at(-1)!.query.get('since')).toBeNull()
    expect(await place.rows('shop', 'people')).toHaveLength(3)
    expect(await run('reset', 'people', '--tables')).toMatchObject({ code: 0, stdout: expect.stringContaining('Dropped') })
    expect(await place.tables('shop')).toEqual([])
    await run('sync', './shop.yaml')
    expect(await place.rows('shop', 'people')).toHaveLength(3)
  })
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

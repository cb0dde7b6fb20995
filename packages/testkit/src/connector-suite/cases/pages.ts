import assert from 'node:assert/strict'
import { answeringAt, late } from '../answers.ts'
import { withApi } from '../api.ts'
import { firstReason, type ResourceCase, type Subject } from '../case.ts'
import type { RecordsByResource } from '../options.ts'
import { contentOf, expectOk, resultOf, rowsOf, tablesOf } from '../outcome.ts'
import { type ResourceFacts, requestLine } from '../survey.ts'

/** Milliseconds that a slow page takes: long for an API, short for a test. */
const SLOW = 400

const cannotVary = ({ name }: ResourceFacts, { options }: Subject): string | undefined =>
  firstReason(
    options.records === undefined && 'the answers of its API are fixed',
    options.records?.[name] === undefined && 'it has no records of its own',
  )

const isDependent = ({ parent }: ResourceFacts): string | undefined =>
  firstReason(parent !== undefined && `it has a listing for each record of ${parent}`)

const hasOnePage = ({ pages }: ResourceFacts): string | undefined => firstReason(pages.length < 2 && 'it has one page')

export const pageCases: readonly ResourceCase[] = [
  {
    name: 'its pages end, and there is something in them [suite.connector.pages.end]',
    run: async ({ name, records }, { survey }) => {
      const last = survey.run.requests.at(-1)
      assert.ok(
        !survey.run.isEndless,
        `the run had to be stopped after ${survey.run.requests.length} requests, the last of them to ${last?.path}`,
      )
      expectOk(survey.run)
      assert.ok(records > 0, `not one record of ${name} came: there is nothing to look at`)
    },
  },
  {
    name: 'all its records come, each once [suite.connector.pages.all]',
    applies: cannotVary,
    run: ({ name, description: { table } }, { options }) =>
      withApi(options, async (api) => {
        const run = await api.run({ writeDisposition: 'append' })
        expectOk(run)
        assert.equal((await rowsOf(run, table)).length, options.records![name]!.length)
      }),
  },
  {
    name: 'a page holds no more records than were asked for [suite.connector.pages.size]',
    applies: (resource) =>
      isDependent(resource) ?? firstReason(sizesAsked(resource).length === 0 && 'no request says how large a page is to be'),
    run: async (resource) => {
      const asked = Math.max(...sizesAsked(resource))
      assert.deepEqual(
        resource.pages.filter((records) => records > asked),
        [],
        `pages of more than ${asked} records`,
      )
    },
  },
  {
    name: 'it asks for no page twice, and for no more pages than there are [suite.connector.pages.requests]',
    applies: isDependent,
    run: ({ name, pages }, { options }) =>
      withApi(options, async (api) => {
        const run = await api.run({ resources: [name] })
        expectOk(run)
        const lines = run.requests.map(requestLine)
        assert.deepEqual(
          lines.filter((line, index) => lines.indexOf(line) !== index),
          [],
          'requests that were made twice',
        )
        // The last page may have to be asked for to know that it is empty.
        const needed = Math.ceil(resultOf(run, name).records / Math.max(...pages, 1)) + 1
        assert.ok(pages.length <= needed, `${pages.length} pages were asked for, and ${needed} are enough`)
      }),
  },
  {
    name: 'an empty listing is no error, and leaves an empty table [suite.connector.pages.empty]',
    applies: cannotVary,
    run: (resource, subject) => loadsAll(resource, subject, () => 0),
  },
  {
    name: 'a single record is loaded [suite.connector.pages.one]',
    applies: (resource, subject) => cannotVary(resource, subject) ?? isDependent(resource),
    run: (resource, subject) => loadsAll(resource, subject, () => 1),
  },
  {
    name: 'records that fill a page exactly are loaded [suite.connector.pages.full]',
    applies: (resource, subject) => cannotVary(resource, subject) ?? isDependent(resource) ?? hasOnePage(resource),
    run: (resource, subject) => loadsAll(resource, subject, ({ pages }) => pages[0]!),
  },
  {
    name: 'a slow page comes between the others, where it belongs [suite.connector.pages.slow]',
    run: async ({ name, pages }, { options }) =>
      withApi(options, async (api) => {
        const whole = await api.run()
        expectOk(whole)
        api.intercept(answeringAt({ [pages.length > 1 ? 1 : 0]: late(SLOW) }))
        const run = await api.run()
        expectOk(run)
        assert.deepEqual(await contentOf(run, name), await contentOf(whole, name))
      }),
  },
  {
    name: 'a run that was interrupted goes on from its last checkpoint, to the same rows [suite.connector.pages.resume]',
    applies: (resource) =>
      firstReason(resource.description.writeDisposition === 'replace' && 'it is replaced as a whole', hasOnePage(resource)),
    run: ({ name }, { options }) =>
      withApi(options, async (api) => {
        const whole = await api.run({ resources: [name] })
        expectOk(whole)
        const stop = new AbortController()
        const first = await api.run({
          resources: [name],
          checkpoint: { rows: 1 },
          signal: stop.signal,
          onEvent: ({ type }) => type === 'committed' && stop.abort(),
        })
        assert.notEqual(first.result?.status, 'failed', first.result?.resources[name]?.error?.message)
        const second = await api.run({ resources: [name], destination: first.destination })
        expectOk(second)
        assert.deepEqual(await contentOf(second, name), await contentOf(whole, name))
      }),
  },
]

/** Loads some of a resource's records, and rejects unless exactly these came. */
function loadsAll(resource: ResourceFacts, { options }: Subject, count: (resource: ResourceFacts) => number): Promise<void> {
  const { name, description } = resource
  const records = options.records as RecordsByResource
  return withApi(options, async (api) => {
    const some = records[name]!.slice(0, count(resource))
    api.serve({ ...records, [name]: some })
    const run = await api.run({ writeDisposition: 'replace', resources: [name] })
    expectOk(run)
    const tables = await tablesOf(run, name)
    assert.ok(
      tables.some(({ name: table }) => table === description.table),
      `there is no table ${description.table}`,
    )
    assert.equal((await rowsOf(run, description.table)).length, some.length)
  })
}

/** How APIs call the size of a page. */
const SIZE =
  /^\$?(?:limit|top|first|take|count|size|rows|per[-_]?page|page[-_]?size|page\[(?:size|limit)\]|max[-_]?results|pagelen)$/i

function sizesAsked({ requests }: ResourceFacts): number[] {
  return requests.flatMap(({ query }) =>
    [...query].filter(([name, value]) => SIZE.test(name) && /^\d+$/.test(value)).map(([, value]) => Number(value)),
  )
}

import assert from 'node:assert/strict'
import type { JsonValue } from '@tributary/core'
import { type Run, withApi } from '../api.ts'
import { firstReason, type ResourceCase } from '../case.ts'
import { byCursor, cursorOf, cursorPath, withCursor } from '../cursor-values.ts'
import type { ConnectorSuiteOptions, RecordsByResource } from '../options.ts'
import { expectOk, rowsOf } from '../outcome.ts'
import { type ResourceFacts, requestLine } from '../survey.ts'

const withoutCursor = ({ description, isIncremental }: ResourceFacts): string | undefined =>
  firstReason(
    description.cursor === undefined && 'it has no cursor',
    !isIncremental && 'its endpoint is not asked for what changed alone',
  )

/** Why a later run cannot be given other records of this resource. */
function cannotVary({ name }: ResourceFacts, { records }: ConnectorSuiteOptions): string | undefined {
  return firstReason(
    records === undefined && 'the answers of its API are fixed',
    (records?.[name] ?? []).length < 2 && 'it has too few records to hold one back',
  )
}

export const cursorCases: readonly ResourceCase[] = [
  {
    name: 'its cursor moves with what was loaded [suite.connector.cursor.moves]',
    applies: (resource, { options }) => withoutCursor(resource) ?? cannotVary(resource, options),
    run: ({ name }, { options, survey }) =>
      withApi(options, async (api) => {
        const records = options.records as RecordsByResource
        const sorted = byCursor(survey.run.connector, name, records)
        const path = cursorPath(survey.run.connector, name)
        const last = cursorOf(sorted.at(-1)!, path)
        const earlier = sorted.filter((record) => cursorOf(record, path) !== last)
        assert.ok(earlier.length > 0, `all records of ${name} have the same cursor, ${String(last)}: it never moves`)
        api.serve({ ...records, [name]: earlier })
        const first = await api.run()
        expectOk(first)
        const before = await markOf(first, name)
        assert.ok(before !== '{}', 'the first run remembers no cursor')
        api.serve(records)
        const second = await api.run({ destination: first.destination })
        expectOk(second)
        assert.notEqual(await markOf(second, name), before, 'the cursor stayed where it was when later records came')
      }),
  },
  {
    name: 'a second run asks from the cursor [suite.connector.cursor.asks]',
    applies: withoutCursor,
    run: ({ name }, { options }) =>
      withApi(options, async (api) => {
        const first = await api.run({ resources: [name] })
        expectOk(first)
        const second = await api.run({ resources: [name], destination: first.destination })
        expectOk(second)
        const before = new Set(first.requests.map(requestLine))
        const changed = second.requests.map(requestLine).filter((line) => !before.has(line))
        assert.ok(changed.length > 0, 'the second run asked for nothing but what the first one did')
      }),
  },
  {
    name: 'a record that comes later with the same cursor is not lost [suite.connector.cursor.boundary]',
    applies: (resource, { options }) => withoutCursor(resource) ?? cannotVary(resource, options),
    run: ({ name, description: { table } }, { options, survey }) =>
      withApi(options, async (api) => {
        const records = options.records as RecordsByResource
        const path = cursorPath(survey.run.connector, name)
        const sorted = byCursor(survey.run.connector, name, records)
        const known = sorted.slice(0, -1)
        const late: JsonValue = withCursor(sorted.at(-1)!, path, cursorOf(known.at(-1)!, path)!)
        api.serve({ ...records, [name]: known })
        const first = await api.run()
        expectOk(first)
        const before = (await rowsOf(first, table)).length
        api.serve({ ...records, [name]: [...known, late] })
        const second = await api.run({ destination: first.destination })
        expectOk(second)
        assert.equal((await rowsOf(second, table)).length, before + 1)
      }),
  },
]

async function markOf({ destination }: Run, name: string): Promise<string> {
  const [dataset] = await destination.datasets()
  const reader = await destination.inspect(dataset!)
  const { state } = await reader.read()
  await reader.close()
  const marks = Object.values(state.resources[name]?.cursors?.[name] ?? {})
  return JSON.stringify(Object.fromEntries(marks.map(({ value }, index) => [index, String(value)])))
}

import assert from 'node:assert/strict'
import { withApi } from '../api.ts'
import { firstReason, type ResourceCase } from '../case.ts'
import { contentOf, expectOk, rowsOf } from '../outcome.ts'

export const keyCases: readonly ResourceCase[] = [
  {
    name: 'every record has its primary key, and no other record has it [suite.connector.keys.unique]',
    applies: ({ description }) => firstReason(description.primaryKey.length === 0 && 'it has no primary key'),
    run: ({ description: { table, primaryKey } }, { options }) =>
      withApi(options, async (api) => {
        const run = await api.run({ writeDisposition: 'append' })
        expectOk(run)
        const seen = new Set<string>()
        const wrong = new Set<string>()
        for (const row of await rowsOf(run, table)) {
          const values = primaryKey.map((name) => row[name] ?? null)
          const key = values.map(String).join(', ')
          if (values.includes(null)) wrong.add(`${primaryKey.join(', ')} is missing: ${key}`)
          else if (seen.has(key)) wrong.add(`${primaryKey.join(', ')} comes twice: ${key}`)
          seen.add(key)
        }
        assert.deepEqual([...wrong].slice(0, 10), [])
      }),
  },
  {
    name: 'a second run over the same records leaves the tables as they are [suite.connector.again]',
    applies: ({ description: { writeDisposition }, isIncremental }) =>
      firstReason(writeDisposition === 'append' && !isIncremental && 'it appends all that there is'),
    run: ({ name }, { options }) =>
      withApi(options, async (api) => {
        const first = await api.run()
        expectOk(first)
        const before = await contentOf(first, name)
        assert.ok(before.length > 0, 'nothing was loaded')
        const second = await api.run({ destination: first.destination })
        expectOk(second)
        assert.deepEqual(await contentOf(second, name), before)
      }),
  },
]

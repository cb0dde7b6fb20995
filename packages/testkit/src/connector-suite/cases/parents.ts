import assert from 'node:assert/strict'
import { withApi } from '../api.ts'
import { firstReason, type ResourceCase } from '../case.ts'
import { contentOf, expectOk } from '../outcome.ts'

export const parentCases: readonly ResourceCase[] = [
  {
    name: 'asked for by itself, it gets its parents and has the same rows [suite.connector.parents]',
    applies: ({ parent }) => firstReason(parent === undefined && 'it depends on no other'),
    run: ({ name }, { options }) =>
      withApi(options, async (api) => {
        const whole = await api.run()
        expectOk(whole)
        const alone = await api.run({ resources: [name] })
        expectOk(alone)
        const rows = await contentOf(alone, name)
        assert.ok(rows.length > 0, 'nothing was loaded')
        assert.deepEqual(rows, await contentOf(whole, name))
      }),
  },
]

import assert from 'node:assert/strict'
import { type JsonValue, parseJson, stringifyJson, type TableSchema } from '@tributary/core'
import { schemaOf } from '../../build/schema-of.ts'
import type { DestinationCase } from '../case.ts'
import { load, withDataset } from '../load.ts'
import { readRows } from '../look.ts'

/** A text column cannot have it: batches are UTF-8. JSON can, as an escape. */
const HALF = '\ud800'
const plain = schemaOf('halves', { id: 'bigint', any: 'json' })
/** Columns are found again by the keys that they are of. */
const table: TableSchema = { ...plain, columns: plain.columns.map((column) => ({ ...column, path: [`${HALF}${column.name}`] })) }
const value = { [HALF]: ['a\\', HALF, { b: `x${HALF}y`, c: 12345678901234567890n }] }
const cursor = { path: 'id', value: HALF }

export const halfPairCases: readonly DestinationCase[] = [
  {
    name: 'types: half of a surrogate pair, in JSON, a key or a cursor, fails no load [types.half-pairs]',
    async run(fixture) {
      const state = { cursors: { halves: { '': cursor } } }
      const records = [{ id: 1, any: stringifyJson(value) }]
      await load(fixture, { id: 1, tables: [table], records, state })
      const [row] = await readRows(fixture, 'halves')
      const any = typeof row?.any === 'string' ? parseJson(row.any) : (row?.any as JsonValue)
      assert.equal(shown(any), shown(value))
      await withDataset(fixture, async (dataset) => {
        const { state: read } = await dataset.read()
        assert.deepEqual(read.tables.halves, table)
        assert.deepEqual(read.resources.halves, state)
      })
    },
  },
]

/** As JSON, with U+FFFD in the place of half a pair, as a destination may have it. */
const shown = (found: JsonValue): string => stringifyJson(found).replaceAll('\\ud800', '\ufffd')

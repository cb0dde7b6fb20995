import assert from 'node:assert/strict'
import { schemaOf } from '../../build/schema-of.ts'
import type { DestinationCase } from '../case.ts'
import { load } from '../load.ts'
import { readRows } from '../look.ts'

const table = schemaOf('forms', {
  id: 'bigint',
  large: 'bigint',
  double: 'double',
  bool: 'bool',
  text: 'text',
  timestamp: 'timestamp',
  date: 'date',
  time: 'time',
  decimal: { type: 'decimal', precision: 10, scale: 2 },
  json: 'json',
  uuid: 'uuid',
  binary: 'binary',
})
const record = {
  id: 7,
  large: 2n ** 63n - 1n,
  double: 2.5,
  bool: true,
  text: '12',
  timestamp: '2026-01-02T03:04:05.5Z',
  date: '2026-01-02',
  time: '03:04:05.5',
  decimal: '12.5',
  json: '"text"',
  uuid: 'f47ac10b-58cc-4372-a567-0e02b2c3d479',
  binary: Uint8Array.of(0, 255),
}

/** What a value must look like; undefined: it is looked at elsewhere. */
const FORMS: Readonly<Record<string, (value: unknown) => boolean>> = {
  id: (value) => value === 7,
  _sync_load_id: (value) => value === 1,
  _sync_id: (value) => value === '1.1',
  large: (value) => value === 2n ** 63n - 1n,
  double: (value) => value === 2.5,
  bool: (value) => value === true,
  text: (value) => value === '12',
  timestamp: (value) => /^2026-01-02[T ]03:04:05\.50*(Z|\+00(:?00)?)$/.test(String(value)),
  date: (value) => value === '2026-01-02',
  time: (value) => /^03:04:05\.50*$/.test(String(value)),
  decimal: (value) => typeof value === 'string' && /^12\.50?$/.test(value),
  json: (value) => value === '"text"',
  uuid: (value) => value === record.uuid,
  binary: (value) => value === 'AP8=',
}

export const formCases: readonly DestinationCase[] = [
  {
    name: 'looking: values have the forms that are told of [suite.looking.forms]',
    async run(fixture) {
      await load(fixture, { id: 1, tables: [table], records: [record, {}] })
      const rows = await readRows(fixture, 'forms')
      const found = rows.find(({ _sync_id }) => _sync_id === '1.1')!
      for (const [name, isRight] of Object.entries(FORMS)) {
        assert.ok(isRight(found[name]), `${name} is ${typeof found[name]} ${String(found[name])}`)
      }
      const empty = rows.find(({ _sync_id }) => _sync_id === '1.2')!
      const values = Object.entries(empty).filter(([name]) => Object.hasOwn(record, name))
      assert.ok(
        values.every(([, value]) => value === null || value === undefined),
        'columns without a value are missing or null',
      )
    },
  },
]

import type { Column } from '@tributary/core'
import { schemaOf } from '../../build/schema-of.ts'
import type { DestinationCase } from '../case.ts'
import { expectChanges, expectRecords, loaded } from '../expect.ts'
import { load } from '../load.ts'

type Spec = Partial<Column> & Pick<Column, 'type'>

/** Values that must come back as they went in. Each kind is also loaded a second time, where nothing may seem changed. */
const VALUES: readonly (readonly [what: string, column: Spec, values: readonly unknown[]])[] = [
  ['bigint: to the ends of 64 bits', { type: 'bigint' }, [0, 1, -1, 2 ** 53 - 1, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n)]],
  [
    'double: large, small and in between',
    { type: 'double' },
    [0, 1, -1.5, 0.1, 1 / 3, 5e-324, -1.7976931348623157e308, 1e21, 2 ** 53, 1e15],
  ],
  ['double: minus zero and infinities', { type: 'double' }, [-0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]],
  ['bool', { type: 'bool' }, [true, false]],
  [
    'timestamp: microseconds, before 1970, and the years 1 to 9999',
    { type: 'timestamp' },
    [
      '1970-01-01T00:00:00Z',
      '2026-07-02T03:04:05.000001Z',
      '2026-07-02T03:04:05.678Z',
      '1969-12-31T23:59:59.999999Z',
      '1883-11-18T12:03:58.000001Z',
      '0001-01-01T00:00:00Z',
      '9999-12-31T23:59:59.999999Z',
    ],
  ],
  [
    'date: before 1970, and the years 1 to 9999',
    { type: 'date' },
    ['1970-01-01', '1969-12-31', '2024-02-29', '0001-01-01', '9999-12-31'],
  ],
  ['time: microseconds', { type: 'time' }, ['00:00:00', '00:00:00.000001', '12:30:00.5', '23:59:59.999999']],
  ['decimal: 38 digits', { type: 'decimal', precision: 38, scale: 0 }, ['0', '-1', '9'.repeat(38), `-${'9'.repeat(38)}`]],
  [
    'decimal: with a scale',
    { type: 'decimal', precision: 20, scale: 4 },
    ['0', '0.0001', '-0.1', '12.5', '9999999999999999.9999', '-9999999999999999.9999'],
  ],
  [
    'decimal: all digits after the point',
    { type: 'decimal', precision: 38, scale: 38 },
    [`0.${'9'.repeat(38)}`, `-0.${'0'.repeat(37)}1`],
  ],
  [
    'json: kept whole, with all digits',
    { type: 'json' },
    [
      '{"a":[1,{"b":null}],"c":"d"}',
      '[]',
      '{}',
      '[9007199254740993,1.5,-0.25,true,"x"]',
      '{"":"","\\"q\\"":"\\n\\u0001","東":"京"}',
    ],
  ],
  [
    'uuid',
    { type: 'uuid' },
    ['00000000-0000-0000-0000-000000000000', 'f47ac10b-58cc-4372-a567-0e02b2c3d479', 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
  ],
  [
    'binary: every byte, and none',
    { type: 'binary' },
    [new Uint8Array(), Uint8Array.of(0), Uint8Array.from({ length: 256 }, (_, byte) => byte), new Uint8Array(70_000).fill(255)],
  ],
  [
    'text: empty, quotes, line ends and other scripts',
    { type: 'text' },
    [
      '',
      ' ',
      'null',
      'NULL',
      '\\N',
      '"double" \'single\' `back` \\ %_$1',
      "'; DROP TABLE texts; --",
      'line\nline\r\nline\rtab\t\u2028\u2029',
      'Grüße, 東京, Здравствуйте, مرحبا',
      'e\u0301 and \u00e9, 👩‍👩‍👧, 𝄞',
      '\u0001\u001f\u007f\u0080\ufffe\uffff',
    ],
  ],
  ['text: of every length about the sizes that engines store apart', { type: 'text' }, lengths()],
  ['text: with a byte order mark', { type: 'text' }, ['\ufeff', '\ufeffmark', '\ufeffa longer text with a mark', 'mark\ufeff']],
  ['text: with NUL', { type: 'text' }, ['\u0000', 'a\u0000b', 'a long enough text\u0000with one in its middle\u0000']],
  ['text: 1 MB', { type: 'text' }, ['x'.repeat(1_000_000), '京'.repeat(350_000), 'short']],
]

function lengths(): string[] {
  const letters = ['a', 'é', '東', '𝄞']
  return [3, 4, 5, 6, 11, 12, 13, 14, 255, 256, 257, 4096].flatMap((length) => letters.map((letter) => letter.repeat(length)))
}

export const typeCases: readonly DestinationCase[] = VALUES.map(([what, column, values]) => ({
  name: `types: ${what} [types.keep]`,
  async run(fixture) {
    const tables = [schemaOf('typed', { id: 'bigint', value: column })]
    const primaryKey = ['id']
    const records = [undefined, ...values, null].map((value, id) => ({ id, value }))
    await load(fixture, { id: 1, tables, records, primaryKey, disposition: 'merge' })
    await expectRecords(fixture, tables, loaded(1, records), primaryKey)
    const again = await load(fixture, { id: 2, tables, records, primaryKey, disposition: 'merge', skipUnchanged: true })
    expectChanges(again, tables[0]!, { unchanged: records.length })
    await expectRecords(fixture, tables, loaded(1, records), primaryKey)
  },
}))

import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { parseJson } from '../http/json.ts'
import type { JsonValue } from '../http/request.ts'
import { errorOf, type Setup, setUp } from '../normalize/testing/load-records.ts'
import { idsOf, valuesOf } from '../normalize/testing/values-of.ts'

const USUAL =
  '{"data":[{"id":1,"name":"a","n":1,"x":1.5,"ok":true,"at":"2026-01-02T03:04:05Z","venue":{"city":"b"},"tags":["c"],"items":[{"sku":"d"}]}]}'

const dataOf = (text: string): JsonValue[] => (parseJson(text) as { data: JsonValue[] }).data

/** A normalizer that has seen a page, so that it knows the keys. */
function seen(setup: Setup = {}, first = USUAL) {
  const warnings: string[] = []
  const normalizer = setUp({ primaryKey: 'id', ...setup }, warnings)
  normalizer.write(dataOf(first), 0, false)
  normalizer.take()
  const scan = (text: string, path: readonly string[] = ['data']) => normalizer.scan(Buffer.from(text), path)
  return { normalizer, scan, warnings }
}

/** A page with one record that is like the usual one but for this. */
const withMember = (member: string): string => `{"data":[{"id":2,${member}}]}`

describe('a page is scanned', () => {
  it.each([
    ['with all that is known', USUAL],
    ['with nothing in it', '{"data":[]}'],
    [
      'with white space wherever it may be',
      ' {\n"data" : [ { "id" : 2 ,\t"tags" : [ "x" , "y" ] , "venue" : { "city" : "z" } } ]\r\n} ',
    ],
    ['with keys in another order', withMember('"tags":[],"at":null,"name":"z","n":5')],
    ['with keys that are missing', '{"data":[{"id":2},{"id":3,"ok":false}]}'],
    ['with a key that is new and null', withMember('"new":null')],
    ['with empty objects and lists', withMember('"venue":{},"tags":[],"items":[]')],
    ['with texts that have escapes', withMember('"name":"\\u00e9\\n\\"\\\\ \\ud83d\\ude00"')],
    ['with numbers as text columns take them', withMember('"name":5')],
    ['with long numbers', withMember('"n":9007199254740993,"x":18014398509481984')],
    ['with exponents', withMember('"x":1.5e-7,"n":1e3')],
    ['with items that are null', withMember('"tags":["a",null],"items":[null,{"sku":null}]')],
    ['with something behind its records', '{"data":[{"id":2}],"next":{"data":"]","x":[1,"}"]}}'],
  ])('%s [scan.reads]', (_what, text) => {
    const { normalizer, scan } = seen()
    const body = scan(text)
    expect(body?.around).toEqual({ ...(parseJson(text) as object), data: [] })
    expect(normalizer.append(body!.rows, undefined, 0, false, text.length)).toBe(true)
    const other = seen()
    other.normalizer.write(dataOf(text), 0, false)
    const contents = [normalizer, other.normalizer].map((each) =>
      each
        .take()
        .map((batch) => [batch.table.name, idsOf(batch), batch.columns.map((column) => valuesOf(column, batch.rowCount))]),
    )
    expect(contents[0]).toEqual(contents[1])
  })

  it.each<[string, string, readonly string[]]>([
    ['a list', '[{"id":2},{"id":3}]', []],
    ['a list further down', '{"a":{"b":1,"list":[{"id":2},{"id":3}]},"c":[{"id":4}]}', ['a', 'list']],
  ])('where its records are %s [scan.reads]', (_what, text, path) => {
    const body = seen().scan(text, path)
    expect([body?.rows.count, body?.rows.recordAt(1)]).toEqual([2, { id: 3 }])
  })
})

describe('a page is left to be parsed', () => {
  it.each([
    ['where a key is new', withMember('"new":1')],
    ['where a key is new and has something empty', withMember('"new":[]')],
    ['where a key comes twice', withMember('"name":"a","name":null')],
    ['where a nested key comes twice', withMember('"venue":{"city":"a","city":"b"}')],
    ['where a list comes twice', withMember('"tags":["a"],"tags":["b"]')],
    ['where a key is written with an escape', withMember('"n\\u0061me":null')],
    ['where a value does not fit its column', withMember('"n":"many"')],
    ['where a number is too large for its column', withMember('"n":99999999999999999999')],
    ['where an object is a text', withMember('"venue":"here"')],
    ['where a text is an object', withMember('"name":{"first":"a"}')],
    ['where a list is an object', withMember('"tags":{"a":1}')],
    ['where a record is no object', '{"data":[{"id":2},5]}'],
    ['where a record is null', '{"data":[null]}'],
    ['where a key of a record is missing', '{"data":[{"name":"a"}]}'],
    ['where a key of a record is null', '{"data":[{"id":null}]}'],
    ['where there are no records', '{"total":1}'],
    ['where the records are null', '{"data":null}'],
    ['where the records are an object', '{"data":{"id":2}}'],
    ['where the records come twice', '{"data":[{"id":2}],"data":[]}'],
    ['where the records may come twice', '{"d\\u0061ta":1,"data":[{"id":2}]}'],
    ['of a list, where an object is looked for', '[{"id":2}]'],
    ['that has nothing', ''],
    ['that is cut off in a text', '{"data":[{"id":2,"name":"a'],
    ['that is cut off in a number', '{"data":[{"id":2,"n":5'],
    ['that is cut off in a key', '{"data":[{"id":2,"na'],
    ['that is cut off behind its records', '{"data":[{"id":2}]'],
    ['with something behind its end', '{"data":[{"id":2}]}}'],
    ['with a record that begins with no brace', '{"data":[x"id":2}]}'],
    ['with a comma too many', '{"data":[{"id":2},]}'],
    ['with a comma too many in a record', '{"data":[{"id":2,}]}'],
    ['with a comma too many in a list', withMember('"tags":["a",]')],
    ['with a comma too few', withMember('"n":1"x":2')],
    ['with a colon too few', withMember('"n"1')],
    ['with a control character in a text', withMember('"name":"a\u0001b"')],
    ['with a control character in a key that is new', withMember('"a\u0001b":null')],
    ['with an escape that there is not', withMember('"name":"\\x"')],
    ['with a number that begins with a zero', withMember('"n":01')],
    ['with a number that begins with a zero, and a point', withMember('"x":01.5')],
    ['with a number that ends in a point', withMember('"x":1.')],
    ['with a number that begins with a point', withMember('"x":.5')],
    ['with a number that is a sign', withMember('"n":-')],
    ['with a word that there is not', withMember('"ok":truth')],
    ['with a word that is cut short', withMember('"ok":nul')],
    ['with something behind it that is no JSON', '{"data":[{"id":2}],"x":01}'],
    ['with something before it that is no JSON', '{"x":[1,,2],"data":[{"id":2}]}'],
  ])('%s [scan.gives-up]', (_what, text) => {
    expect(seen().scan(text)).toBeUndefined()
  })

  it.each<[string, Setup, string?]>([
    ['a contract', { schemaContract: { dataType: 'discard_value' } }],
    ['versions', { writeDisposition: 'merge', shape: { strategy: 'scd2' } }],
    ['what did not come', { writeDisposition: 'merge', shape: { strategy: 'upsert' } }],
    ['a key that is an instant', { primaryKey: 'at' }],
    [
      'a column with a rule',
      { schema: v.object({ id: v.pipe(v.number(), v.integer(), v.minValue(1)), name: v.pipe(v.string(), v.maxLength(3)) }) },
    ],
  ])('for %s [scan.gives-up]', (_what, setup) => {
    const { scan } = seen(setup)
    const page = withMember('"name":"abcd","at":"2026-01-02T03:04:05Z"')
    expect([seen().scan(page)?.rows.count, scan(page)]).toEqual([1, undefined])
  })

  it('where an object must be there and is not [scan.gives-up]', () => {
    const schema = v.object({ id: v.number(), venue: v.object({ city: v.string() }) })
    const { scan } = seen({ schema })
    expect(scan(withMember('"venue":{"city":"x"}'))?.rows.count).toBe(1)
    expect(scan(withMember('"venue":null'))).toBeUndefined()
    expect(scan(withMember('"name":"x"'))).toBeUndefined()
  })

  it('where half of a surrogate pair is in a key, which fails [scan.gives-up]', () => {
    const { scan, normalizer } = seen({ primaryKey: 'name' })
    const text = '{"data":[{"id":2,"name":"a\\ud800"}]}'
    expect(scan(text)).toBeUndefined()
    const error = errorOf(() => normalizer.write(dataOf(text), 0, false))
    expect([error.code, error.message]).toEqual(['KEY_INVALID', expect.stringContaining('half of a surrogate pair')])
  })
})

describe('rows that were scanned', () => {
  it('are not taken where a column has become another one [scan.stale]', () => {
    const { normalizer, scan } = seen()
    const body = scan(withMember('"n":5'))!
    normalizer.write(dataOf(withMember('"n":1.5')), 0, false)
    expect(normalizer.append(body.rows, undefined, 0, false, 0)).toBe(false)
  })

  it('are taken where there is a column more [scan.stale]', () => {
    const { normalizer, scan } = seen()
    const body = scan(withMember('"n":5'))!
    normalizer.write(dataOf('{"data":[{"id":9,"new":1}]}'), 0, false)
    expect(normalizer.append(body.rows, undefined, 0, false, 0)).toBe(true)
    expect(normalizer.take().map(idsOf)[0]).toEqual(['9', '2'])
  })

  it('are told of half a surrogate pair [scan.half-pairs]', () => {
    const { normalizer, scan, warnings } = seen()
    normalizer.append(scan(withMember('"name":"a\\udc00"'))!.rows, undefined, 0, false, 0)
    const [batch] = normalizer.take()
    expect(valuesOf(batch!.columns[1]!, 1)).toEqual(['a\ufffd'])
    expect(warnings).toEqual([expect.stringMatching(/^things\.name: texts came with half of a surrogate pair/)])
  })

  it('answer the cursors of their records [scan.cursors]', () => {
    const normalizer = setUp({ primaryKey: 'id' }, [], 'venue.at')
    const text =
      '{"data":[{"id":1,"venue":{"at":"2026-01-02T03:04:05+01:00"}},{"id":2,"venue":{}},{"id":3,"venue":{"at":null}},{"id":4}]}'
    normalizer.write(dataOf(text), 0, false)
    const { rows } = normalizer.scan(Buffer.from(text), ['data'])!
    expect([0, 1, 2, 3].map(rows.cursorAt)).toEqual(['2026-01-02T03:04:05+01:00', undefined, undefined, undefined])
  })

  it('give their room to the next page, and are not touched by it before [scan.room]', () => {
    const { scan, normalizer } = seen()
    const first = scan('{"data":[{"id":2,"name":"x","tags":["p","q"]}]}')!
    const second = scan('{"data":[{"id":3,"name":"y","tags":["r"]}]}')!
    for (const { rows } of [first, second]) {
      normalizer.append(rows, undefined, 0, false, 0)
      rows.release()
    }
    expect(() => first.rows.recordAt(0)).toThrow('released')
    expect(() => first.whole()).toThrow('released')
    const third = scan('{"data":[{"id":4}]}')!
    normalizer.append(third.rows, undefined, 0, false, 0)
    const batches = normalizer.take().filter((batch) => batch.rowCount > 0)
    expect(batches.map((batch) => [batch.table.name, idsOf(batch)])).toEqual([
      ['things', ['2', '3', '4']],
      ['things__tags', ['2.things__tags.0', '2.things__tags.1', '3.things__tags.0']],
    ])
    expect(valuesOf(batches[1]!.columns[0]!, 3)).toEqual(['p', 'q', 'r'])
    expect(valuesOf(batches[0]!.columns[1]!, 3)).toEqual(['x', 'y', null])
  })
})

it('no page is scanned any more once many were in vain [scan.in-vain]', () => {
  const { scan } = seen()
  for (let page = 0; page < 20; page++) scan(withMember('"n":"many"'))
  expect(scan(USUAL)).toBeUndefined()
})

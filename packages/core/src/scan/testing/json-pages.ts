import fc from 'fast-check'

// Pages as an API may write them: with white space, escapes, numbers in every form, and keys that come twice. Texts, for a value says less.

const space = fc.constantFrom('', '', '', '', ' ', '\n  ', '\t', '\r\n')

const number = fc.oneof(
  fc.integer().map(String),
  fc.integer({ min: -50, max: 50 }).map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.integer({ min: -99_999, max: 99_999 }).map((value) => (value / 100).toFixed(2)),
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(String),
  fc.constantFrom(
    '0',
    '-0',
    '0.0',
    '-0.0',
    '2.0',
    '1e3',
    '1E-2',
    '123456789012345',
    '1234567890123456',
    '12.345678901234567',
    '1.5e300',
  ),
)

const characters = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...'abc xyz0123456789-:./') },
    fc.constantFrom('\\"', '\\\\', '\\/', '\\n', '\\u0041', '\\u00e9', '\\ud83d\\ude00', '\\ud800', '\\udc00', '\\u0000'),
    fc.constantFrom('é', 'ß', '日本', '😀', '\u2028', '\ufeff', '"}]'.slice(1), '\u007f'),
  ),
  { maxLength: 20 },
)

const text = fc.oneof(
  characters.map((parts) => parts.join('')),
  fc.constantFrom(
    '2026-01-02T03:04:05Z',
    '2026-01-02T03:04:05.678Z',
    '2026-02-30T03:04:05Z',
    '1600-01-02T03:04:05Z',
    '2026-01-02T03:04:05+02:00',
  ),
  fc.constantFrom('5', '5.5', 'true', 'null', '2026-01-02', ''),
)

const scalar = fc.oneof(
  { weight: 3, arbitrary: text.map((inside) => `"${inside}"`) },
  { weight: 3, arbitrary: number },
  fc.constantFrom('true', 'false', 'null', 'null'),
)

/** Joins members with white space between them. */
const joined = (open: string, close: string, members: fc.Arbitrary<string[]>): fc.Arbitrary<string> =>
  fc
    .tuple(members, space, space)
    .map(([all, before, after]) => `${open}${before}${all.join(`${after},${before}`)}${after}${close}`)

const member = (key: string, value: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(space, value).map(([gap, written]) => `${key}${gap}:${gap}${written}`)

/** An object of some of the keys, in one order or another. */
const object = (fields: Readonly<Record<string, fc.Arbitrary<string>>>, always: readonly string[] = []): fc.Arbitrary<string> => {
  const keys = Object.keys(fields)
  const order = fc.oneof(
    { weight: 6, arbitrary: fc.constant(keys) },
    { weight: 2, arbitrary: fc.subarray(keys) },
    fc.shuffledSubarray(keys),
    fc.shuffledSubarray(keys).chain((some) => fc.subarray(some).map((twice) => [...some, ...twice])),
  )
  return joined(
    '{',
    '}',
    order.chain((some) =>
      fc.tuple(...[...always.filter((key) => !some.includes(key)), ...some].map((key) => member(key, fields[key]!))),
    ) as fc.Arbitrary<string[]>,
  )
}

const list = (item: fc.Arbitrary<string>): fc.Arbitrary<string> => joined('[', ']', fc.array(item, { maxLength: 3 }))

const mostly = (usual: fc.Arbitrary<string>, other: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.oneof({ weight: 30, arbitrary: usual }, { weight: 1, arbitrary: other })

const anything = fc.oneof(scalar, list(scalar), object({ '"x"': scalar }), list(object({ '"x"': scalar })))
const quoted = text.map((inside) => `"${inside}"`)
const instant = fc.constantFrom('"2026-01-02T03:04:05Z"', '"2026-01-02T03:04:05.678Z"', '"1999-12-31T23:59:59Z"', 'null')

/** A record that mostly looks like those before it. */
const record = object(
  {
    '"id"': mostly(
      fc.oneof(
        fc.integer({ min: 0, max: 1000 }).map(String),
        fc.integer({ min: 0, max: 1000 }).map((id) => `"k|${id}"`),
      ),
      anything,
    ),
    '"name"': mostly(quoted, anything),
    '"count"': mostly(fc.integer().map(String), anything),
    '"price"': mostly(number, anything),
    '"open"': mostly(fc.constantFrom('true', 'false', 'null'), anything),
    '"at"': mostly(instant, anything),
    '"venue"': mostly(
      fc.oneof(
        object({ '"name"': mostly(quoted, anything), '"a\\"b"': mostly(number, anything), '"deep"': object({ '"x"': scalar }) }),
        fc.constant('null'),
      ),
      anything,
    ),
    '"tags"': mostly(list(quoted), anything),
    '"items"': mostly(list(mostly(object({ '"sku"': quoted, '"sizes"': list(mostly(number, anything)) }), anything)), anything),
    '"größe"': mostly(number, anything),
    '"more"': fc.constantFrom('null', '[]', '{}', '[ ]'),
    '"__proto__"': mostly(fc.constant('null'), scalar),
  },
  ['"id"'],
)

const around = fc.constantFrom<[string, string]>(
  ['{"data":', '}'],
  ['{ "total" : 7 , "data" : ', ', "next": null }\n'],
  ['{"meta":{"data":[1]},"data":', ',"b":"\\"data\\":["}'],
  ['{"data":', ',"data":null}'],
  ['{"d\\u0061ta":1,"data":', '}'],
  ['{"data":', ''],
  ['{"data":', '} x'],
  ['{"data":', ',"x":01}'],
)

/** The text of a page; most are JSON. */
export const page: fc.Arbitrary<string> = fc
  .tuple(
    fc.oneof({ weight: 12, arbitrary: fc.constant<[string, string]>(['{"data":', ',"total":5}']) }, around),
    joined('[', ']', fc.array(record, { maxLength: 5 })),
  )
  .map(([[before, after], records]) => before + records + after)

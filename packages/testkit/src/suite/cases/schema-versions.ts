import assert from 'node:assert/strict'
import type { SchemaVersion, TableSchema } from '@tributary/core'
import { schemaOf } from '../../build/schema-of.ts'
import type { DestinationCase, DestinationFixture } from '../case.ts'
import { items, marks, tables, tags, versionedTables } from '../items.ts'
import { type LoadSpec, load, stage, withDataset } from '../load.ts'
import { look, readVersions } from '../look.ts'

const other = schemaOf('other', { id: { type: 'bigint', nullable: false, declared: true, description: 'It\'s "the" key; 東京' } })
const wider: TableSchema = { ...items, columns: [...items.columns, ...schemaOf('items', { more: 'text' }).columns] }

function version(number: number, loadId: number, schema: TableSchema): SchemaVersion {
  return { version: number, loadId, table: schema.name, resource: schema.resource, schema }
}

/** Rejects unless these versions are there, and loads say after which of them they are. */
async function expectVersions(
  fixture: DestinationFixture,
  expected: readonly SchemaVersion[],
  ofLoads: readonly number[],
): Promise<void> {
  const inOrder = (versions: readonly SchemaVersion[]): SchemaVersion[] =>
    [...versions].sort((a, b) => a.version - b.version || (a.table < b.table ? -1 : 1))
  const found = await readVersions(fixture)
  assert.deepEqual(
    found.map(({ version }) => version),
    inOrder(found).map(({ version }) => version),
    'earlier ones first',
  )
  assert.deepEqual(inOrder(found), inOrder(expected))
  const loads = [
    (await look(fixture, (reader) => reader.read())).loads,
    (await withDataset(fixture, (dataset) => dataset.read())).loads,
  ]
  for (const read of loads)
    assert.deepEqual(
      read.map(({ schemaVersion }) => schemaVersion),
      ofLoads,
      'versions of the loads',
    )
}

const HOSTILE = ['__proto__', 'x"; DROP TABLE canary; --', '東京'].map((name) => schemaOf(name, { [name]: 'text' }))

/** Loads, and what is known after them. */
const CASES: readonly (readonly [
  name: string,
  loads: readonly LoadSpec[],
  expected: readonly SchemaVersion[],
  ofLoads: readonly number[],
])[] = [
  [
    'the tables of a first load share the first version [schema.versions.shared]',
    [{ id: 1, tables }],
    [items, tags, marks].map((table) => version(1, 1, table)),
    [1],
  ],
  [
    'a load that changes no schema adds none [schema.versions.unchanged]',
    [
      { id: 1, tables: [items] },
      { id: 2, tables: [items], records: [{ id: 1 }] },
      { id: 5, tables: [items], disposition: 'replace' },
    ],
    [version(1, 1, items)],
    [1, 1, 1],
  ],
  [
    'each change of a load is in one version more, whatever the resource [schema.versions]',
    [
      { id: 1, tables: [items] },
      { id: 2, tables: [other] },
      { id: 3, tables: [wider, tags] },
      { id: 4, tables: [other] },
    ],
    [version(1, 1, items), version(2, 2, other), version(3, 3, wider), version(3, 3, tags)],
    [1, 2, 3, 3],
  ],
  [
    'a column that widens, takes null, or is told more of is a change [schema.versions]',
    [
      { id: 1, tables: [schemaOf('items', { id: { type: 'bigint', nullable: false } })] },
      { id: 2, tables: [schemaOf('items', { id: { type: 'bigint', exceedsDouble: true } })] },
      { id: 3, tables: [schemaOf('items', { id: 'text' })] },
    ],
    [
      version(1, 1, schemaOf('items', { id: { type: 'bigint', nullable: false } })),
      version(2, 2, schemaOf('items', { id: { type: 'bigint', exceedsDouble: true } })),
      version(3, 3, schemaOf('items', { id: 'text' })),
    ],
    [1, 2, 3],
  ],
  [
    'a table that a full refresh drops has a version without a schema [schema.versions.dropped]',
    [
      { id: 1, tables },
      { id: 2, tables: [other] },
      { id: 3, tables: [wider], disposition: 'replace', recreate: true },
      { id: 4, tables: [wider, tags] },
    ],
    [
      ...[items, tags, marks].map((table) => version(1, 1, table)),
      version(2, 2, other),
      version(3, 3, wider),
      { version: 3, loadId: 3, table: tags.name, resource: 'items' },
      { version: 3, loadId: 3, table: marks.name, resource: 'items' },
      version(4, 4, tags),
    ],
    [1, 2, 3, 4],
  ],
  [
    'of tables that are called anything [names.quoted]',
    HOSTILE.map((table, index) => ({ id: index + 1, tables: [table], records: [{}] })),
    HOSTILE.map((table, index) => version(index + 1, index + 1, table)),
    HOSTILE.map((_, index) => index + 1),
  ],
  [
    'a table of versions says so [schema.versions]',
    [{ id: 1, tables: versionedTables.slice(0, 1) }],
    [version(1, 1, versionedTables[0]!)],
    [1],
  ],
]

export const schemaVersionCases: readonly DestinationCase[] = [
  ...CASES.map(
    ([name, loads, expected, ofLoads]): DestinationCase => ({
      name: `schema versions: ${name}`,
      async run(fixture) {
        for (const spec of loads) await load(fixture, spec)
        await expectVersions(fixture, expected, ofLoads)
      },
    }),
  ),
  {
    name: 'schema versions: a load that is aborted adds none [schema.versions.atomic]',
    async run(fixture) {
      await load(fixture, { id: 1, tables: [items] })
      await withDataset(fixture, async (dataset) =>
        (await stage(dataset, { id: 2, tables: [wider, tags], records: [{ id: 1 }] })).abort(),
      )
      await load(fixture, { id: 3, tables: [items, tags] })
      await expectVersions(fixture, [version(1, 1, items), version(2, 3, tags)], [1, 2])
    },
  },
]

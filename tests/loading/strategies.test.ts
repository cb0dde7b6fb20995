import type { Destination } from '@tributary/core'
import { memoryDestination } from '@tributary/testkit'
import { describe, expect, it } from 'vitest'
import { places } from '../support/places.ts'
import { type Settings, type Thing, things } from './things.ts'

const destinations: [string, () => Destination][] = [
  ['memory', () => memoryDestination()],
  ...places.map(([kind, make]): [string, () => Destination] => [kind, () => make().destination]),
]

const merge = { writeDisposition: 'merge', primaryKey: 'id' } as const
const first = [
  { id: 1, name: 'one', size: 1, tags: ['a', 'b'] },
  { id: 2, name: 'two', size: 2, tags: ['c'] },
]
const second = [
  { id: 2, name: 'two again', tags: [] },
  { id: 3, name: 'three', size: 3 },
]

interface Case {
  readonly settings: Settings
  readonly loads: readonly (readonly Thing[])[]
  readonly rows: readonly Thing[]
  readonly tags?: readonly string[]
}

const cases: [title: string, Case][] = [
  [
    'append adds [dispositions.run.append]',
    {
      settings: {},
      loads: [first, second],
      rows: [one(), two(), { id: 2, name: 'two again' }, { id: 3, name: 'three', size: 3 }],
      tags: ['a', 'b', 'c'],
    },
  ],
  [
    'replace keeps the last load alone [dispositions.run.replace]',
    {
      settings: { writeDisposition: 'replace' },
      loads: [first, second],
      rows: [{ id: 2, name: 'two again' }, three()],
      tags: [],
    },
  ],
  [
    'replace by nothing leaves an empty table [dispositions.run.replace]',
    { settings: { writeDisposition: 'replace' }, loads: [first, []], rows: [], tags: [] },
  ],
  [
    'delete-insert replaces whole rows [dispositions.run.delete-insert]',
    { settings: merge, loads: [first, second], rows: [one(), { id: 2, name: 'two again' }, three()], tags: ['a', 'b'] },
  ],
  [
    'delete-insert by a merge key replaces partitions [dispositions.run.merge-key]',
    {
      settings: { writeDisposition: 'merge', mergeKey: 'day' },
      loads: [
        [
          { day: 'mon', n: 1 },
          { day: 'mon', n: 2 },
          { day: 'tue', n: 3 },
        ],
        [{ day: 'mon', n: 4 }],
      ],
      rows: [
        { day: 'mon', n: 4 },
        { day: 'tue', n: 3 },
      ],
    },
  ],
  [
    'upsert changes what came [dispositions.run.upsert]',
    {
      settings: { ...merge, mergeStrategy: 'upsert' },
      loads: [first, [...second, { id: 1, name: null }]],
      rows: [{ id: 1, size: 1 }, { id: 2, name: 'two again', size: 2 }, three()],
      tags: ['a', 'b'],
    },
  ],
  [
    'insert-only keeps what is there [dispositions.run.insert-only]',
    {
      settings: { ...merge, mergeStrategy: 'insert-only' },
      loads: [first, second],
      rows: [one(), two(), three()],
      tags: ['a', 'b', 'c'],
    },
  ],
  [
    'scd2 keeps versions [dispositions.run.scd2]',
    {
      settings: { ...merge, mergeStrategy: 'scd2' },
      loads: [first, second, [{ tags: [], name: 'two again', id: 2 }, ...first.slice(0, 1)]],
      rows: [
        one(),
        { ...one(), ended: true },
        { ...two(), ended: true },
        { id: 2, name: 'two again' },
        { ...three(), ended: true },
      ],
      tags: ['a', 'a', 'b', 'b', 'c'],
    },
  ],
  [
    'mirror deletes what is absent [dispositions.run.mirror]',
    {
      settings: { ...merge, mergeStrategy: 'mirror' },
      loads: [first, second],
      rows: [{ id: 2, name: 'two again', size: 2 }, three()],
      tags: [],
    },
  ],
  [
    'mirror empties tables where nothing came [dispositions.run.mirror]',
    { settings: { ...merge, mergeStrategy: 'mirror' }, loads: [first, []], rows: [], tags: [] },
  ],
  [
    'hard_delete removes rows and children [dispositions.run.hard-delete]',
    {
      settings: { ...merge, hardDelete: 'gone' },
      loads: [
        first,
        [
          { id: 1, gone: true },
          { id: 2, gone: false, name: 'two' },
        ],
      ],
      rows: [{ id: 2, gone: false, name: 'two' }],
      tags: [],
    },
  ],
  [
    'dedup_sort never lets an older version overwrite a newer one [dispositions.run.dedup-sort]',
    {
      settings: { ...merge, dedupSort: { field: 'meta.version', order: 'desc' } },
      loads: [
        [
          { id: 1, meta: { version: 2 } },
          { id: 1, meta: { version: 1 } },
        ],
        [{ id: 1, meta: { version: 1 } }],
        [{ id: 1, meta: { version: 3 } }, { id: 1 }],
        [{ id: 1, meta: { version: 2 } }],
      ],
      rows: [{ id: 1, meta__version: 3 }],
    },
  ],
]

function one(): Thing {
  return { id: 1, name: 'one', size: 1 }
}
function two(): Thing {
  return { id: 2, name: 'two', size: 2 }
}
function three(): Thing {
  return { id: 3, name: 'three', size: 3 }
}

const inOrder = (rows: readonly Thing[]): string[] =>
  rows.map((row) => JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)))).sort()

describe.each(destinations)('into %s', (_, make) => {
  it.each(cases)('%s', async (__, { settings, loads, rows, tags }) => {
    const api = await things(make())
    for (const records of loads) {
      api.has(...records)
      expect(await api.run(settings)).toMatchObject({ status: 'ok', warnings: [] })
    }
    expect(inOrder(await api.rows())).toEqual(inOrder(rows))
    if (tags !== undefined) expect((await api.rows('things__tags')).map(({ value }) => value)).toEqual(tags)
  })
})

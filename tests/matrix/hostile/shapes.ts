import type { JsonValue } from '@tributary/core'
import { type Handler, text } from '@tributary/testkit'
import { type Item, lists, type Scenario } from './scenario.ts'

const merges = { primaryKey: 'id', writeDisposition: 'merge' } as const

/** A value inside of so many objects and lists in turn. */
function nested(depth: number, bottom: string): string {
  const half = Math.floor(depth / 2)
  return `${'{"down":['.repeat(half)}${bottom}${']}'.repeat(half)}`
}

const body = (...items: readonly string[]): Handler =>
  text(`{"data":[${items.join()}],"total":${items.length}}`, { contentType: 'application/json' })

const deep = (id: number, depth: number, bottom: string): string => `{"id":${id},"deep":${nested(depth, bottom)}}`

const wide = (id: number, from: number, count: number): Item => ({
  id,
  ...Object.fromEntries(Array.from({ length: count }, (_, index) => [`key ${from + index}`, index])),
})

const SHAPES: readonly JsonValue[] = [1, { a: 1, b: { c: 'x' } }, [1, 2], null, 'text', [{ a: 1 }, 2, null, [3]], true, {}, []]
const turned = (by: number): Item[] =>
  SHAPES.map((_, index) => ({
    id: index + 1,
    shape: SHAPES[(index + by) % SHAPES.length]!,
    list: [SHAPES[(index + by) % SHAPES.length]!],
  }))

const tree = (id: number, mark: string): Item => ({
  id,
  orders: [
    {
      no: `${mark}1`,
      lines: [
        { sku: 'a', lots: [{ lot: 1 }, { lot: 2 }] },
        { sku: 'b', lots: [] },
      ],
    },
    { no: `${mark}2`, lines: [] },
  ],
})

export const shapeScenarios: readonly Scenario[] = [
  {
    name: 'shapes_that_change',
    rules: ['shape.matrix.changes'],
    settings: merges,
    limit: 1,
    runs: lists(turned(0), turned(4), turned(7)),
  },
  {
    name: 'shapes_that_change_in_one_batch',
    rules: ['shape.matrix.batch'],
    settings: { primaryKey: 'id', writeDisposition: 'replace' },
    limit: 100,
    runs: lists([...turned(0), ...turned(3)], turned(5), [...turned(1)].reverse()),
  },
  {
    name: 'empty_everywhere',
    rules: ['shape.matrix.empty'],
    settings: merges,
    runs: lists(
      [
        {
          id: 1,
          none: null,
          object: {},
          list: [],
          nulls: [null, null],
          lists: [[], [[]], [null]],
          deep: { a: { b: {} }, c: [{}, { d: null }] },
        },
        { id: 2 },
      ],
      [
        {
          id: 1,
          none: 5,
          object: { a: null },
          list: [[]],
          nulls: [],
          lists: [[1], [[2, [3, []]]], null],
          deep: { a: { b: { c: 1 } }, c: [] },
        },
      ],
      [
        { id: 1, none: null, object: null, list: null, nulls: null, lists: null, deep: null },
        { id: 3, none: [], object: [{}], list: {} },
      ],
    ),
  },
  {
    name: 'lists_of_all_kinds',
    rules: ['shape.matrix.lists'],
    settings: merges,
    runs: lists(
      [
        {
          id: 1,
          list: [[1, [2, 3]], [], [null, { deep: [{ er: 1 }] }]],
          mixed: [1, 'two', { three: 3 }, null, [4], 2n ** 70n, 1.5],
        },
      ],
      [{ id: 2, list: ['a', { value: 'b' }, { list: ['c'] }, ['d', ['e']]], mixed: [{ value: { value: 1 } }, [[[[5]]]]] }],
      [{ id: 1, list: [], mixed: Array.from({ length: 500 }, (_, index) => (index % 3 === 0 ? index : [index, { at: index }])) }],
    ),
  },
  {
    name: 'records_that_are_no_objects',
    rules: ['shape.matrix.scalars'],
    settings: { writeDisposition: 'append' },
    runs: lists([1, 'two', null, [3], { four: 4 }], [[[5]], [], {}, true], [1.5, { value: 'six' }, 2n ** 70n]),
  },
  {
    name: 'nested_deep',
    rules: ['shape.matrix.deep'],
    settings: merges,
    runs: () => [
      body(deep(1, 50, '"bottom"'), deep(2, 5000, '1'), deep(3, 18, '{"a":[1,{"b":2}]}')),
      body(deep(2, 50, 'null'), deep(4, 5000, '[[]]')),
      body(deep(1, 5000, '"z"'), deep(5, 10, 'true')),
    ],
  },
  {
    name: 'nested_more_than_is_wanted',
    rules: ['shape.matrix.nesting'],
    settings: { ...merges, maxTableNesting: 1 },
    runs: lists(
      [{ id: 1, object: { a: { b: 1 }, list: [1] }, list: [{ a: { b: 1 } }, [2], 3] }],
      [
        { id: 1, object: { a: 5 }, list: ['x', { a: 6, c: 2n ** 70n }] },
        { id: 2, object: [1], list: { a: 1.0 } },
      ],
      [{ id: 3, object: { a: { z: 1, y: 1e21, x: '\u2028' } }, list: null }],
    ),
  },
  {
    name: 'very_many_keys',
    rules: ['shape.matrix.wide'],
    settings: { ...merges, schemaContract: 'evolve' },
    runs: lists([wide(1, 0, 500)], [wide(1, 200, 500), wide(2, 0, 10)], [wide(3, 0, 5)]),
  },
  {
    name: 'five_thousand_keys',
    rules: ['shape.matrix.widest'],
    settings: merges,
    runs: lists([wide(1, 0, 5000)], [wide(1, 4980, 40)], [wide(2, 0, 20)]),
  },
  {
    name: 'five_thousand_keys_in_json',
    rules: ['shape.matrix.wide-json'],
    settings: { ...merges, maxTableNesting: 0 },
    runs: lists(
      [{ id: 1, all: wide(1, 0, 5000) }],
      [{ id: 1, all: wide(2, 3000, 5000), lists: [[[1]]] }],
      [{ id: 2, all: null }],
    ),
  },
  {
    name: 'columns_that_vanish_and_return',
    rules: ['shape.matrix.returns'],
    settings: merges,
    runs: lists(
      [
        { id: 1, a: 1, b: 'x', c: [1] },
        { id: 2, a: 2, b: 'y', c: [2] },
      ],
      [
        { id: 1, a: 1 },
        { id: 3, b: 5 },
      ],
      [
        { id: 1, b: 'z', c: [3], a: 1.5 },
        { id: 2, a: null, c: [{ d: 1 }] },
      ],
    ),
  },
  {
    name: 'tables_that_come_late',
    rules: ['shape.matrix.late'],
    settings: merges,
    runs: lists([], [{ id: 1 }, { id: 2, orders: [] }], [tree(1, 'late'), tree(3, 'new')]),
  },
  {
    name: 'children_of_one_name',
    rules: ['shape.matrix.same-name'],
    settings: merges,
    runs: lists(
      [{ id: 1, a: { b: [1], 'b ': [5] }, a__b: [2], 'a.b': [3], A: { B: [4] } }],
      [{ id: 2, A: { b: [{ c: [6] }] }, a__b: [[7]], a: [{ b: [8] }] }],
      [{ id: 1, a__b: null, a: { b: [] } }],
    ),
  },
]

import type { JsonValue } from '@tributary/core'
import type { ParityCase, ParityGroup } from '../parity-case.ts'
import { type Item, items } from '../routes.ts'
import { twice } from '../twice.ts'

const MODES = ['evolve', 'freeze', 'discard_row', 'discard_value'] as const

/** Before the contract means anything, there is a table. */
const first: Item[] = [{ id: 1, name: 'item 1', n: 1 }]
const columns = { id: { data_type: 'bigint' } }

const second: Readonly<Record<string, JsonValue>> = {
  tables: [
    { id: 2, name: 'x', n: 2, list: [1, 2] },
    { id: 3, name: 'y', n: 3 },
  ],
  columns: [
    { id: 2, name: 'x', n: 2, extra: 1 },
    { id: 3, name: 'y', n: 3 },
  ],
  data_type: [
    { id: 2, name: 'x', n: 'two' },
    { id: 3, name: 'y', n: 3 },
  ],
}

/** Of the new child table, nothing is loaded. */
const withoutLists = [...first, { id: 2, name: 'x', n: 2 }, { id: 3, name: 'y', n: 3 }]
const COLUMNS = { items: { id: 'BIGINT', n: 'BIGINT', name: 'VARCHAR' } }

const TWO_REQUESTS = ['GET /items', 'run 2', 'GET /items']
const NOTHING = { tables: {}, columns: {} }
/** There is no second run after one that failed. */
const REFUSED = { ...NOTHING, error: /frozen/, requests: ['GET /items', 'run 2'] }

const DECLARED =
  'A table whose columns are declared is no new table: a first run makes it. dlt counts it as one, and never loads anything.'

const tables = (mode: (typeof MODES)[number]): Partial<ParityCase> => {
  if (mode === 'evolve') return { rows: { items: 3, items__list: 2 } }
  if (mode === 'freeze')
    return {
      better: {
        reason: DECLARED,
        ours: { error: /list/, requests: TWO_REQUESTS, tables: { items: first }, columns: COLUMNS },
        dlt: REFUSED,
      },
    }
  return { better: { reason: DECLARED, ours: { tables: { items: withoutLists }, columns: COLUMNS }, dlt: NOTHING } }
}

const FAILS = { ours: /freeze|frozen/, dlt: /frozen/ }

const columnsOrTypes = (mode: (typeof MODES)[number]): Partial<ParityCase> => {
  if (mode === 'freeze') return { fails: FAILS, rows: { items: 1 } }
  return { rows: { items: mode === 'discard_row' ? 2 : 3 } }
}

const named = (part: string, mode: string): string => `contract-${part}-${mode}`.replaceAll('_', '-')

const matrix: ParityCase[] = MODES.flatMap((mode) => [
  twice(
    named('tables', mode),
    `${mode} of tables`,
    { columns, schema_contract: { tables: mode } },
    first,
    second.tables!,
    undefined,
    tables(mode),
  ),
  ...(['columns', 'data_type'] as const).map((part) =>
    twice(
      named(part, mode),
      `${mode} of ${part}`,
      { columns, schema_contract: { [part]: mode } },
      first,
      second[part]!,
      undefined,
      columnsOrTypes(mode),
    ),
  ),
])

const whole: ParityCase[] = [
  twice('contract-evolve', 'evolve for all', { columns, schema_contract: 'evolve' }, first, second.columns!, { items: 3 }),
  twice('contract-freeze', 'freeze for all', { columns, schema_contract: 'freeze' }, first, second.columns!, undefined, {
    better: {
      reason: DECLARED,
      ours: { error: /extra/, requests: TWO_REQUESTS, tables: { items: first }, columns: COLUMNS },
      dlt: REFUSED,
    },
  }),
  twice(
    'contract-discard-row',
    'discard_row for all',
    { columns, schema_contract: 'discard_row' },
    first,
    second.columns!,
    undefined,
    {
      better: {
        reason: DECLARED,
        ours: { tables: { items: [...first, { id: 3, name: 'y', n: 3 }] }, columns: COLUMNS },
        dlt: NOTHING,
      },
    },
  ),
  twice(
    'contract-discard-value',
    'discard_value for all',
    { columns, schema_contract: 'discard_value' },
    first,
    second.columns!,
    undefined,
    {
      better: { reason: DECLARED, ours: { tables: { items: withoutLists }, columns: COLUMNS }, dlt: NOTHING },
    },
  ),
  twice(
    'contract-undeclared-freeze',
    'freeze for all, and no table is declared',
    { schema_contract: 'freeze' },
    first,
    first,
    {},
    { fails: FAILS },
  ),
  ...(['discard_row', 'discard_value'] as const).map((mode) =>
    twice(named('undeclared', mode), `${mode} for all, and no table is declared`, { schema_contract: mode }, first, first, {}),
  ),
  twice(
    'contract-columns-discard-row-children',
    'columns: discard_row, of a child table',
    { columns, schema_contract: { columns: 'discard_row' } },
    [{ id: 1, parts: [{ a: 1 }] }],
    [{ id: 2, parts: [{ a: 2 }, { a: 3, b: 4 }] }],
    { items: 2, items__parts: 2 },
  ),
  twice(
    'contract-merge',
    'A row that is left out of a merge',
    { columns, primary_key: 'id', write_disposition: 'merge', schema_contract: { columns: 'discard_row' } },
    items(2),
    [
      { id: 1, name: 'new', extra: 1 },
      { id: 2, name: 'new' },
    ],
    { items: 2 },
  ),
]

export const contracts: ParityGroup = { topic: 'Contracts', cases: [...matrix, ...whole] }

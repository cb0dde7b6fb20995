import type { ContractMode } from '@tributary/core'
import { type Item, lists, type Scenario } from './scenario.ts'

const FIRST: readonly Item[] = [
  { id: 1, n: 1, list: [{ a: 1 }, { a: 2 }], object: { x: true } },
  { id: 2, n: 2, list: [] },
]
/** A new column, a new column of a child and of an object, a new table, values that do not fit, all of them at once. */
const SECOND: readonly Item[] = [
  { id: 3, n: 3, fresh: 'column' },
  { id: 1, n: 4, list: [{ a: 3, b: 'column' }, { a: 4 }] },
  { id: 4, object: { x: false, y: [1, 2] } },
  { id: 5, n: 'no number', list: [{ a: 'none' }, { a: 5 }] },
  { id: 6, n: 2n ** 70n, more: { keys: 1 }, tables: [[1], [2]], list: [6] },
]
const THIRD: readonly Item[] = [
  { id: 6, n: 6 },
  { id: 2, n: 1.5, list: [{ a: { deep: 1 } }] },
  { id: 7, object: 'scalar', n: [1] },
]

const MODES: readonly ContractMode[] = ['evolve', 'freeze', 'discard_row', 'discard_value']

const merges = { primaryKey: 'id', writeDisposition: 'merge' } as const

export const contractScenarios: readonly Scenario[] = [
  // The first run makes the tables, whatever is said of the later ones.
  ...MODES.flatMap((mode) =>
    (['tables', 'columns', 'dataType', 'all'] as const).map(
      (part): Scenario => ({
        name: `contract_${mode}_${part.toLowerCase()}`,
        rules: ['contracts.matrix'],
        settings: {
          ...merges,
          columns: { n: { type: 'bigint' } },
          schemaContract: part === 'all' ? mode : { dataType: 'evolve', [part]: mode },
        },
        options: { keepRejects: true },
        runs: lists(FIRST, SECOND, THIRD),
      }),
    ),
  ),
  {
    name: 'contract_of_a_table_that_nobody_declared',
    rules: ['contracts.matrix'],
    settings: { ...merges, schemaContract: 'discard_row' },
    options: { keepRejects: true },
    runs: lists(FIRST, SECOND, THIRD),
  },
]

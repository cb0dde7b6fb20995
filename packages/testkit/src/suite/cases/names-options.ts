import type { LoadPlan, MergeStrategy } from '@tributary/core'
import { planOf } from '../../build/plan-of.ts'
import { schemaOf } from '../../build/schema-of.ts'
import type { DestinationCase } from '../case.ts'
import { expectChanges, expectRecords, loaded } from '../expect.ts'
import { type LoadSpec, load, loadInto, withDataset } from '../load.ts'
import { createModel } from '../model.ts'

const NAMES = [
  'select',
  'quote"d',
  "x'; DROP TABLE canary; --",
  'x"; DROP TABLE canary; --',
  'back\\slash',
  '$1',
  'line\nend',
  '東京',
  '__proto__',
]
const STRATEGIES: readonly MergeStrategy[] = ['delete-insert', 'upsert', 'insert-only', 'mirror', 'scd2']
const canary = schemaOf('canary', { id: 'bigint' })

/** Two loads of tables and columns that are all called so, and all that a plan can say of columns. */
function loadsOf(name: string, strategy: MergeStrategy): LoadSpec[] {
  const [key, part, order, gone, list] = [name, `${name} m`, `${name} s`, `${name} d`, `${name} l`]
  const columns = { [key]: 'bigint', [part]: 'text', [order]: 'bigint', [gone]: 'bool' } as const
  const root = schemaOf(name, columns, strategy === 'scd2' ? { versioned: true } : {})
  const tables = [root, schemaOf(list, { [name]: 'text' }, { parent: root })]
  const record = (id: number, place: string, version: number, ...items: string[]): Record<string, unknown> => ({
    [key]: id,
    [part]: place,
    [order]: version,
    [list]: items.map((item) => ({ [name]: item })),
  })
  const { [list]: _list, ...withoutList } = record(2, 'a', 6)
  const plan: Partial<LoadPlan> = {
    primaryKey: [key],
    mergeKey: strategy === 'delete-insert' || strategy === 'scd2' ? [part] : [],
    dedupSort: { column: order, order: 'desc' },
    hardDelete: gone,
    removesAbsent: strategy === 'mirror' || strategy === 'scd2',
    disposition: 'merge',
    strategy,
    skipUnchanged: true,
  }
  const first = [
    record(1, 'a', 5, 'x'),
    record(2, 'a', 5, 'y', 'z'),
    record(3, 'a', 5, 'w'),
    record(4, 'a', 5),
    record(5, 'b', 5),
  ]
  const second = [record(1, 'a', 4, 'older'), withoutList, { ...record(3, 'a', 9), [gone]: true }, record(6, 'a', 1, 'new')]
  return [
    { id: 1, tables, records: first, ...plan },
    { id: 2, tables, records: second, ...plan },
  ]
}

export const nameOptionCases: readonly DestinationCase[] = STRATEGIES.map((strategy) => ({
  name: `names: with ${strategy}, tables and all that a plan names can be called anything [names.quoted]`,
  async run(fixture) {
    await load(fixture, { id: 1, tables: [canary], records: [{ id: 1 }] }, 'conformance')
    let id = 1
    for (const name of NAMES) {
      const model = createModel()
      const specs = loadsOf(name, strategy).map((spec) => ({ ...spec, id: ++id }))
      await withDataset(fixture, async (dataset) => {
        for (const spec of specs) {
          const result = await loadInto(dataset, spec)
          expectChanges(result, spec.tables[0]!, model.apply(planOf({ ...spec, table: name }), spec.records!))
        }
      })
      await expectRecords(fixture, specs[0]!.tables, model.records(), [name])
    }
    await expectRecords(fixture, [canary], loaded(1, [{ id: 1 }]))
  },
}))

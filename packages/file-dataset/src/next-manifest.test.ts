import type { ColumnType, LoadPlan, PipelineState, TableSchema } from '@tributary/core'
import { planOf, schemaOf, stateOf } from '@tributary/testkit'
import { describe, expect, it } from 'vitest'
import type { Manifest } from './manifest.ts'
import { nextManifest } from './next-manifest.ts'

const EMPTY: Manifest = {
  format: 2,
  kind: 'jsonl',
  dataset: 'shop',
  loads: [],
  resources: {},
  tables: {},
  schemaVersions: [],
  rejects: [],
}

const items = (type: ColumnType = 'bigint'): TableSchema => schemaOf('items', { id: type })
const tags = schemaOf('tags', { value: 'text' }, { parent: items() })

interface Step extends Partial<LoadPlan> {
  readonly schemas: readonly TableSchema[]
}

/** The manifest after loads of the resource `items`, whose files all stay. */
function after(...steps: readonly Step[]): Manifest {
  return steps.reduce((before, { schemas, ...rest }, index) => {
    const id = index + 1
    const plan = planOf({ id, table: 'items', disposition: 'merge', primaryKey: ['id'], ...rest })
    const files = new Map(schemas.map(({ name }) => [name, [{ name: `${id}.jsonl`, rows: 1 }]]))
    const state: PipelineState = stateOf(schemas)
    return nextManifest(before, plan, state, { schemas, files, rejects: [], changes: {} })
  }, EMPTY)
}

const versionsOf = ({ schemaVersions }: Manifest): unknown[] =>
  schemaVersions.map(({ version, loadId, table, schema }) => [version, loadId, table, schema?.columns.length])

describe('schema versions', () => {
  it('are one for each table that a load makes, and the same number for all of them [jsonl.schema.versions]', () => {
    expect(versionsOf(after({ schemas: [items(), tags] }))).toEqual([
      [1, 1, 'items', 1],
      [1, 1, 'items__tags', 1],
    ])
  })

  it('are added only by loads that change a table, and only of that table', () => {
    const wider = schemaOf('items', { id: 'bigint', name: 'text' })
    const manifest = after({ schemas: [items(), tags] }, { schemas: [items(), tags] }, { schemas: [wider, tags] })
    expect(versionsOf(manifest).slice(2)).toEqual([[2, 3, 'items', 2]])
    expect(manifest.loads.map(({ schemaVersion }) => schemaVersion)).toEqual([1, 1, 2])
  })

  it('say that a table was dropped', () => {
    const manifest = after({ schemas: [items(), tags] }, { schemas: [items()] })
    expect(versionsOf(manifest).slice(2)).toEqual([[2, 2, 'items__tags', undefined]])
    expect(Object.keys(manifest.tables)).toEqual(['items'])
  })

  it('begin with the first load after a manifest that had none', () => {
    const [first] = [after({ schemas: [items()] })]
    const old: Manifest = { ...first, schemaVersions: [] }
    const plan = planOf({ id: 2, table: 'items' })
    const next = nextManifest(old, plan, stateOf([items()]), { schemas: [items()], files: new Map(), rejects: [], changes: {} })
    expect(versionsOf(next)).toEqual([[1, 2, 'items', 1]])
  })
})

describe('the key that the ids of a table are made of', () => {
  it.each<[string, Step[], string[]]>([
    ['that of its loads', [{ schemas: [items()] }, { schemas: [items()] }], ['id']],
    ['none where rows of another one are left', [{ schemas: [items()], primaryKey: [] }, { schemas: [items()] }], []],
    ['none from then on', [{ schemas: [items()], primaryKey: [] }, { schemas: [items()] }, { schemas: [items()] }], []],
    ['none where its type has changed', [{ schemas: [items()] }, { schemas: [items('text')] }], []],
    [
      'the new one after a replace',
      [
        { schemas: [items()], primaryKey: [] },
        { schemas: [items()], disposition: 'replace' },
      ],
      ['id'],
    ],
  ])('is %s', (_, steps, key) => {
    expect(after(...steps).tables.items?.primaryKey).toEqual(key)
  })
})

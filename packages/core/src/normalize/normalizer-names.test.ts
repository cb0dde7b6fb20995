import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { resolveShape } from '../connector/resolve.ts'
import { type RowSchema, resource } from '../connector/resource.ts'
import type { JsonValue } from '../http/request.ts'
import type { TableSchema } from '../load/schema.ts'
import { createNormalizer } from './normalizer.ts'

/** Column names by key path and table names by list path, after the records were written. */
function namesOf(
  records: readonly JsonValue[],
  stored: readonly TableSchema[] = [],
  owners: ReadonlyMap<string, string> = new Map(),
  schema?: RowSchema,
) {
  const warnings: string[] = []
  const normalizer = createNormalizer({
    shape: resolveShape('api', 'things', resource({ endpoint: { path: '' }, ...(schema && { schema }) }), {}),
    stored,
    tableOwners: new Map(owners),
    identifierLimit: 63,
    warn: (message) => void warnings.push(message),
  })
  normalizer.startLoad(1)
  normalizer.write(records, 0, false)
  normalizer.take()
  const schemas = normalizer.schemas()
  const columns = schemas.flatMap(({ path, columns: list }) =>
    list.map((column) => [[...path, '|', ...column.path, column.variant ?? ''].join('/'), column.name] as const),
  )
  const tables = schemas.map(({ path, name }) => [path.join('/'), name] as const)
  return { columns: Object.fromEntries(columns), tables: Object.fromEntries(tables), warnings, schemas }
}

describe('the table of a resource', () => {
  it('stays with the resource that made it: another one that wants its name fails [names.tables.owner]', () => {
    const owners = new Map([['things', 'venues']])
    expect(() => namesOf([{ id: 1 }], [], owners)).toThrow(
      /^things: its table things belongs to the resource venues, .*Give things another tableName/,
    )
  })
})

describe('keys that meet in one column', () => {
  it.each<[string, JsonValue, [string, string]]>([
    ['in two spellings', { userName: 1, user_name: 2 }, ['userName', 'user_name']],
    ['nested and flat', { a: { b: 1 }, a__b: 2 }, ['a.b', 'a__b']],
    ['nested in two ways', { a: { b__c: 1, b: { c: 2 } } }, ['a.b__c', 'a.b.c']],
    ['with an accent', { été: 1, ete: 2 }, ['été', 'ete']],
    ['without letters', { '!': 1, '?': 2 }, ['!', '?']],
  ])('both stay, and a warning names both: %s [names.collisions]', (_what, record, [first, second]) => {
    const { columns, warnings } = namesOf([record])
    const [one, two] = Object.values(columns)
    expect(two).toMatch(new RegExp(`^${one}_[\\da-f]{6}$`))
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toContain(
      `the key ${JSON.stringify(second)} would share the column ${one} with the key ${JSON.stringify(first)}`,
    )
    expect(warnings[0]).toContain(`column ${two}`)
  })

  it.each(['_sync_id', '_sync_load_id', '_sync_parent_id', '_sync_root_id', '_sync_index', '_SYNC_ID'])(
    '%s gives way to our own column [names.system]',
    (key) => {
      const { columns, warnings } = namesOf([{ [key]: 1 }])
      expect(Object.values(columns)).toEqual([expect.stringMatching(new RegExp(`^${key.toLowerCase()}_[\\da-f]{6}$`, 'i'))])
      expect(warnings).toEqual([expect.stringContaining('a system column')])
    },
  )

  const record = { userName: 1, user_name: 2, 'user-name': 3, a: { b: [1] }, a__b: [2], list: [{ xY: 1, x_y: 2 }] }
  const reversed = { list: [{ x_y: 2, xY: 1 }], a__b: [2], a: { b: [1] }, 'user-name': 3, user_name: 2, userName: 1 }

  it('keep their columns and tables in later runs, whatever the order of keys [settled.suffixes]', () => {
    const first = namesOf([record])
    const second = namesOf([reversed], first.schemas)
    expect(second.columns).toEqual(first.columns)
    expect(second.tables).toEqual(first.tables)
    const byName = (schemas: readonly TableSchema[]) => schemas.toSorted((a, b) => (a.name < b.name ? -1 : 1))
    expect(byName(second.schemas)).toEqual(byName(first.schemas))
    expect(second.warnings).toEqual([])
  })

  it('have the same suffix in every dataset [names.collisions]', () => {
    const [one, two] = [namesOf([record]), namesOf([{ userName: 9, 'user-name': 3, user_name: 2 }])]
    expect(two.columns['|/user-name/']).toBe(one.columns['|/user-name/'])
    expect(two.columns['|/user_name/']).toBe(one.columns['|/user_name/'])
  })

  it('keep variants apart, too', () => {
    const mixed = [{ a: 1, a__v_text: 'x' }, { a: 'y' }]
    const first = namesOf(mixed)
    expect(first.columns['|/a/text']).toMatch(/^a__v_text_[\da-f]{6}$/)
    expect(namesOf([...mixed].reverse(), first.schemas).columns).toEqual(first.columns)
  })
})

describe('child tables', () => {
  it('that meet in one name both stay [names.collisions]', () => {
    const { tables, warnings } = namesOf([{ tagList: [1], tag_list: [2] }])
    expect(tables).toEqual({
      '': 'things',
      tagList: 'things__tag_list',
      tag_list: expect.stringMatching(/^things__tag_list_[\da-f]{6}$/),
    })
    expect(warnings).toEqual([expect.stringMatching(/The list at tag_list has the table .* because things__tag_list is taken/)])
  })

  it('give way to the tables of other resources', () => {
    const { tables } = namesOf([{ tags: [1] }], [], new Map([['things__tags', 'other']]))
    expect(tables.tags).toMatch(/^things__tags_[\da-f]{6}$/)
  })

  it('of a key that is now a list and now an object stay apart in the next run [settled.suffixes]', () => {
    const records = [{ a: [{ b: [1] }] }, { a: { b: [2] } }]
    const tablesOf = ({ schemas }: ReturnType<typeof namesOf>) => schemas.map(({ name, parent }) => [name, parent]).sort()
    const first = namesOf(records)
    expect(tablesOf(first)).toHaveLength(4)
    expect(tablesOf(namesOf(records, first.schemas))).toEqual(tablesOf(first))
  })

  it('exist from the start where they are declared, with their columns [types.declared.from-the-start]', () => {
    const schema = v.object({ id: v.number(), tags: v.array(v.string()), parts: v.array(v.object({ name: v.string() })) })
    const { tables, columns } = namesOf([], [], new Map(), schema as unknown as RowSchema)
    expect(tables).toEqual({ '': 'things', tags: 'things__tags', parts: 'things__parts' })
    expect(columns).toEqual({ '|/id/': 'id', 'tags/|/': 'value', 'parts/|/name/': 'name' })
  })
})

import type { WriteDisposition } from '../load/plan.ts'
import { type ColumnDeclaration, columnsWith } from './column.ts'
import type { ResolvedLoading } from './resolve-loading.ts'
import type { ResourceDefaults } from './resource.ts'

const MERGE_SETTINGS = ['mergeStrategy', 'mergeKey', 'dedupSort', 'hardDelete'] as const
const MERGE_HINTS = ['mergeKey', 'dedupSort', 'hardDelete'] as const

/** Settings of a merge. */
export type MergeSettings = Pick<ResourceDefaults, (typeof MERGE_SETTINGS)[number]>

type Columns = Readonly<Record<string, ColumnDeclaration>>

/** Something that a resource says of its loading and that cannot be. */
export interface LoadingProblem {
  readonly setting: 'primaryKey' | (typeof MERGE_SETTINGS)[number]
  /** The column that has the setting, where the resource itself has not. */
  readonly column?: string
  /** Goes on after the name of the setting; without a full stop. */
  readonly text: string
}

/** What of a resource's own settings means nothing without a merge. */
export function misplacedSettings(own: MergeSettings, columns: Columns, disposition: WriteDisposition): LoadingProblem[] {
  if (disposition === 'merge') return []
  const text = `is for a merge, but the writeDisposition is ${disposition}. Write merge, or take it out`
  const isEmpty = (value: unknown): boolean => value === undefined || (Array.isArray(value) && value.length === 0)
  return [
    ...MERGE_SETTINGS.filter((setting) => !isEmpty(own[setting])).map((setting) => ({ setting, text })),
    ...MERGE_HINTS.flatMap((setting) => columnsWith(columns, setting).map((column) => ({ setting, column, text }))),
  ]
}

/** What a merge lacks, or has that its strategy does not take. `columns`: with those of the defaults. */
export function mergeProblems(
  { strategy, primaryKey, mergeKey, dedupSort }: Pick<ResolvedLoading, 'strategy' | 'primaryKey' | 'mergeKey' | 'dedupSort'>,
  given: MergeSettings,
  columns: Columns,
): LoadingProblem[] {
  const takesMergeKey = strategy === 'delete-insert' || strategy === 'scd2'
  const problems: LoadingProblem[] = []
  if (!takesMergeKey && primaryKey.length === 0)
    problems.push({
      setting: 'primaryKey',
      text: `is missing. To merge by ${strategy}, give the field, or the fields, that tell records apart`,
    })
  if (takesMergeKey && primaryKey.length === 0 && mergeKey.length === 0)
    problems.push({
      setting: 'primaryKey',
      text: 'is missing. To merge, give the field, or the fields, that tell records apart, or a mergeKey: those of what is replaced as a whole',
    })
  if (!takesMergeKey && mergeKey.length > 0)
    problems.push({
      setting: 'mergeKey',
      ...(given.mergeKey === undefined && { column: columnsWith(columns, 'mergeKey')[0]! }),
      text: `is for delete-insert and scd2, but the mergeStrategy is ${strategy}. Take one of the two out`,
    })
  if (dedupSort !== undefined && primaryKey.length === 0)
    problems.push({
      setting: 'dedupSort',
      ...(given.dedupSort === undefined && { column: columnsWith(columns, 'dedupSort')[0]! }),
      text: 'decides between records of one primaryKey, which is missing. Add one, or take it out',
    })
  for (const setting of ['dedupSort', 'hardDelete'] as const) {
    const [first, second] = given[setting] === undefined ? columnsWith(columns, setting) : []
    if (second !== undefined)
      problems.push({ setting, column: second, text: `is on ${first} too, but one column decides. Take one of them out` })
  }
  return problems
}

import type { ColumnDeclaration } from '../connector/column.ts'
import { type LoadingProblem, mergeProblems, misplacedSettings } from '../connector/loading-problems.ts'
import { loadingOf } from '../connector/resolve-loading.ts'
import type { ResourceDefaults } from '../connector/resource.ts'
import type { MergeStrategy, WriteDisposition } from '../load/plan.ts'
import type { ColumnData, DispositionData, ResourceData } from './data.ts'
import type { MergedResource } from './merge.ts'
import { camelKeys, inFileWords } from './names.ts'
import type { Place, Report } from './place.ts'

type Loading = Omit<ResourceDefaults, 'endpoint'>
type Columns = Readonly<Record<string, ColumnDeclaration>>

/** How the rows of a resource are loaded. `columns`: as the file has them. Reports what a merge lacks, and what only a merge has. */
export function loadingOfFile({ data, own, place }: MergedResource, columns: Columns, report: Report): Loading {
  const { write_disposition: given, primary_key: primaryKey, schema_contract: contract } = data
  const { disposition, strategy, skip_unchanged: skip, skip_unchanged_rows: skipRows } = dispositionOf(given)
  const tell = (problem: LoadingProblem): void => report(placeOf(place, problem), `${inFileWords(problem.text)}.`)
  const loading: Loading = {
    writeDisposition: disposition,
    ...(isThere(skip ?? skipRows) && { skipUnchanged: (skip ?? skipRows)! }),
    ...(isThere(primaryKey) && { primaryKey }),
    ...(isThere(contract) && ({ schemaContract: typeof contract === 'string' ? contract : camelKeys(contract!) } as Loading)),
    ...(Object.keys(columns).length > 0 && { columns }),
  }
  if (disposition === 'merge') {
    const merge: Loading = { ...loading, ...mergeSettings(strategy, data.merge_key) }
    mergeProblems(loadingOf(merge, columns), merge, columns).forEach(tell)
    return merge
  }
  const ownColumns = Object.fromEntries(Object.entries(columns).filter(([name]) => Object.hasOwn(own.columns, name)))
  // A strategy stands beside the disposition that it does not go with, wherever that is.
  misplacedSettings(mergeSettings(strategy, own.data.merge_key), ownColumns, disposition).forEach(tell)
  return { ...loading, ...(loading.columns && { columns: withoutMergeHints(columns) }) }
}

function dispositionOf(given: ResourceData['write_disposition']): DispositionData & { readonly disposition: WriteDisposition } {
  const data: DispositionData = typeof given === 'string' ? { disposition: given } : (given ?? {})
  return { ...data, disposition: (data.disposition ?? 'append') as WriteDisposition }
}

const mergeSettings = (strategy: DispositionData['strategy'], mergeKey: ResourceData['merge_key']): Loading => ({
  ...(isThere(strategy) && { mergeStrategy: (strategy === 'cdc' ? 'mirror' : strategy) as MergeStrategy }),
  ...(isThere(mergeKey) && { mergeKey }),
})

/** Hints of the defaults that mean nothing here, which the engine would take for the resource's own. */
const withoutMergeHints = (columns: Columns): Record<string, ColumnDeclaration> =>
  Object.fromEntries(
    Object.entries(columns).map(([name, { mergeKey: _key, hardDelete: _deletes, dedupSort: _sort, ...column }]) => [
      name,
      column,
    ]),
  )

const PLACES = {
  primaryKey: 'primary_key',
  mergeKey: 'merge_key',
  dedupSort: 'dedup_sort',
  hardDelete: 'hard_delete',
} as const satisfies Record<string, keyof ResourceData | keyof ColumnData>

function placeOf(place: Place, { setting, column }: LoadingProblem): Place {
  if (setting === 'mergeStrategy') return [...place, 'write_disposition', 'strategy']
  return [...place, ...(column === undefined ? [] : ['columns', column]), PLACES[setting]]
}

const isThere = <T>(value: T | undefined | null): value is T => value !== undefined && value !== null

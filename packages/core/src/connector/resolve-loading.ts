import type { TributaryError } from '../errors.ts'
import type { DedupSort, MergeStrategy, WriteDisposition } from '../load/plan.ts'
import { normalizeName } from '../normalize/names.ts'
import { type ColumnDeclaration, columnsWith } from './column.ts'
import { type ResolvedContract, resolveContract, type SchemaContract } from './contract.ts'
import { contractProblem } from './contract-words.ts'
import { type LoadingProblem, mergeProblems, misplacedSettings } from './loading-problems.ts'
import type { ResourceDefaults } from './resource.ts'

/** What a load of a resource is to do, with its defaults filled in. */
export interface ResolvedLoading {
  /** Dotted paths into the record, or names of columns. */
  readonly primaryKey: readonly string[]
  readonly disposition: WriteDisposition
  readonly strategy: MergeStrategy
  /** Dotted paths into the record, or names of columns. */
  readonly mergeKey: readonly string[]
  /** A dotted path into the record, or the name of a column. */
  readonly dedupSort?: { readonly path: string; readonly order: DedupSort['order'] }
  /** A dotted path into the record, or the name of a column. */
  readonly hardDelete?: string
  readonly contract: ResolvedContract
  readonly skipUnchanged: boolean
}

/** What a run says over what its resources say. */
export interface RunLoading {
  readonly disposition?: WriteDisposition | undefined
  readonly contract?: SchemaContract | undefined
}

const DISPOSITIONS: readonly WriteDisposition[] = ['append', 'replace', 'merge']
const STRATEGIES: readonly MergeStrategy[] = ['delete-insert', 'upsert', 'insert-only', 'scd2', 'mirror']
const ORDERS: readonly DedupSort['order'][] = ['asc', 'desc']

type Columns = Readonly<Record<string, ColumnDeclaration>>
type Settings = Omit<ResourceDefaults, 'endpoint'>

/** Fills in the defaults, and throws what `fail` makes of the first thing that cannot be. */
export function resolveLoading(
  own: Settings,
  defaults: Settings,
  run: RunLoading,
  fail: (why: string) => TributaryError,
): ResolvedLoading {
  const columns = { ...defaults.columns, ...own.columns }
  const given = { ...defaults, ...ownSettings(own) }
  const loading: ResolvedLoading = {
    ...loadingOf(given, columns),
    disposition: run.disposition ?? given.writeDisposition ?? 'append',
    contract: resolveContract(run.contract, own.schemaContract, defaults.schemaContract),
    skipUnchanged: given.skipUnchanged ?? false,
  }
  const wrong = wrongWord(loading, [own.schemaContract, defaults.schemaContract])
  if (wrong !== undefined) throw fail(wrong)
  const [problem] = [
    // Those of the defaults are for the resources that merge, and a run may do otherwise for once.
    ...misplacedSettings(own, own.columns ?? {}, given.writeDisposition ?? 'append'),
    ...(loading.disposition === 'merge' ? mergeProblems(loading, given, columns) : []),
  ]
  if (problem !== undefined) throw fail(sentence(problem))
  return loading
}

const ownSettings = (own: Settings): Settings =>
  Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined))

/** Keys and strategy of a merge as they are said, whether they can be or not. `columns`: what says it where no setting does. */
export function loadingOf(
  given: Settings,
  columns: Columns,
): Pick<ResolvedLoading, 'primaryKey' | 'strategy' | 'mergeKey' | 'dedupSort' | 'hardDelete'> {
  const hinted = (hint: Parameters<typeof columnsWith>[1]): string[] => columnsWith(columns, hint).map(normalizeName)
  const dedupSort = given.dedupSort ?? hintedSort(columns)
  const hardDelete = given.hardDelete ?? hinted('hardDelete')[0]
  return {
    primaryKey: listOf(given.primaryKey ?? hinted('primaryKey')),
    strategy: given.mergeStrategy ?? 'delete-insert',
    mergeKey: listOf(given.mergeKey ?? hinted('mergeKey')),
    ...(dedupSort !== undefined && { dedupSort: { path: dedupSort.field, order: dedupSort.order } }),
    ...(hardDelete !== undefined && { hardDelete }),
  }
}

const listOf = (key: string | readonly string[]): readonly string[] => (typeof key === 'string' ? [key] : [...key])

function hintedSort(columns: Columns): Settings['dedupSort'] {
  const [name] = columnsWith(columns, 'dedupSort')
  return name === undefined ? undefined : { field: normalizeName(name), order: columns[name]!.dedupSort! }
}

/** For callers that no compiler has checked. */
function wrongWord({ disposition, strategy, dedupSort }: ResolvedLoading, contracts: readonly unknown[]): string | undefined {
  const contract = contracts.map(contractProblem).find((problem) => problem !== undefined)
  return (
    oneOf('its write disposition', DISPOSITIONS, disposition) ??
    oneOf('its mergeStrategy', STRATEGIES, strategy) ??
    (dedupSort && oneOf('the order of its dedupSort', ORDERS, dedupSort.order)) ??
    (contract && `its schemaContract ${contract}`)
  )
}

function oneOf(what: string, words: readonly string[], word: unknown): string | undefined {
  if (words.some((each) => each === word)) return undefined
  return `${what} is ${JSON.stringify(word)}; there are ${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}

const sentence = ({ setting, column, text }: LoadingProblem): string =>
  column === undefined ? `its ${setting} ${text}` : `the ${setting} of its column ${column} ${text}`

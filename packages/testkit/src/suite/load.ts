import {
  type Dataset,
  type LoadPlan,
  type LoadResult,
  type LoadSession,
  ownValue,
  type PipelineState,
  type Reject,
  type ResourceState,
  type TableSchema,
} from '@tributary/core'
import { planOf } from '../build/plan-of.ts'
import { batchesOf, type RecordValues } from '../build/rows-of.ts'
import type { DestinationFixture } from './case.ts'

/** The dataset that cases load into, unless they say otherwise. */
export const DATASET = 'conformance'

/** A load of one resource: its tables, root first, and records. What the plan does not say is as in `planOf`. */
export interface LoadSpec extends Partial<LoadPlan> {
  readonly id: number
  readonly tables: readonly TableSchema[]
  readonly records?: readonly RecordValues[]
  /** Records whose batches are written one after the other, instead of `records`. */
  readonly batches?: readonly (readonly RecordValues[])[]
  /** Tables as the batches have them, where they do not have all columns yet: of each of `batches`, in their order. */
  readonly tablesOfBatches?: readonly (readonly TableSchema[])[]
  readonly mayRepeat?: boolean
  readonly rejects?: readonly Reject[]
  /** What the resource remembers. Default: what it did. */
  readonly state?: ResourceState
}

/** Opens the dataset, does one load and closes it. */
export async function load(fixture: DestinationFixture, spec: LoadSpec, dataset: string = DATASET): Promise<LoadResult> {
  return withDataset(fixture, (opened) => loadInto(opened, spec), dataset)
}

export async function withDataset<T>(
  { destination }: DestinationFixture,
  use: (dataset: Dataset) => Promise<T>,
  dataset: string = DATASET,
): Promise<T> {
  const opened = await destination.open(dataset)
  try {
    return await use(opened)
  } finally {
    await opened.close()
  }
}

/** Begins, writes and commits a load. */
export async function loadInto(dataset: Dataset, spec: LoadSpec): Promise<LoadResult> {
  const session = await stage(dataset, spec)
  return session.commit(await nextState(dataset, spec))
}

/** Begins a load, writes its records and stages its rejects. */
export async function stage(dataset: Dataset, spec: LoadSpec): Promise<LoadSession> {
  const { records = [], batches = [records], mayRepeat = false, rejects = [] } = spec
  const plan = planFor(spec)
  const { strategy, primaryKey } = plan
  // Also where the load is no merge, such as a full refresh: then it means nothing.
  const came = strategy === 'upsert' || strategy === 'mirror'
  const session = await dataset.begin(plan)
  let firstSequence = 1
  for (const [index, part] of batches.entries()) {
    const tables = spec.tablesOfBatches?.[index] ?? spec.tables
    const options = { loadId: spec.id, firstSequence, mayRepeat, primaryKey, came }
    for (const batch of batchesOf(tables, part, options)) await session.write(batch)
    firstSequence += part.length
  }
  if (rejects.length > 0) await session.reject(rejects)
  return session
}

function planFor({
  tables,
  records: _records,
  batches: _batches,
  tablesOfBatches: _tablesOfBatches,
  mayRepeat: _mayRepeat,
  rejects: _rejects,
  state: _state,
  ...plan
}: LoadSpec): LoadPlan {
  return planOf({ table: tables[0]!.name, resource: tables[0]!.resource, ...plan })
}

/** The committed state, with the tables of this load and what its resource remembers. */
export async function nextState(dataset: Dataset, spec: LoadSpec): Promise<PipelineState> {
  const { state } = await dataset.read()
  const { resource } = planFor(spec)
  const others = Object.entries(state.tables).filter(([, table]) => spec.recreate !== true || table.resource !== resource)
  return {
    resources: { ...state.resources, [resource]: spec.state ?? ownValue(state.resources, resource) ?? {} },
    tables: Object.fromEntries([...others, ...spec.tables.map((table) => [table.name, table] as const)]),
  }
}

import type { ResolvedResource } from '../connector/resolve.ts'
import type { Normalizer, Rejected } from '../normalize/normalizer.ts'
import { hasVersions } from '../normalize/tree.ts'
import { type Batch, isValid } from './batch.ts'
import type { Dataset } from './destination.ts'
import type { LoadPlan } from './plan.ts'
import type { Reject, RejectPlace } from './reject.ts'
import { textAt } from './texts.ts'

/**
 * The rejects of a resource that are kept, as far as its loads must know of them: so that none is kept which would bring back what is
 * older, or gone.
 *
 * - With `merge` by primary key, a record makes those of earlier loads outdated that have its key, be it loaded, deleted or left
 *   out itself; and those that came before it in its load, where it is loaded or deleted. With `dedupSort`, in its load only a
 *   deletion does: the sort tells which of the others counts.
 * - A load that has all there is makes those of earlier loads outdated, with `mirror` and, without a merge key, `scd2`.
 * - With `append` by primary key, what may have come before is not kept again where its run has kept it.
 */
export interface KeptRejects {
  /** Reads them, once. To be called before a load begins. */
  read(): Promise<void>
  /** Answers those that are to be kept. To be called before `meet`, with what was taken together. */
  add(rejected: Rejected, loadId: number): Promise<readonly Reject[]>
  /** To be called for each batch. */
  meet(batch: Batch, plan: LoadPlan): void
  /** All that the load `id` makes outdated, as far as is known. */
  outdated(removesAbsent: boolean, id: number): readonly RejectPlace[]
  /** Those are gone; the next load begins. */
  committed(): void
}

/** `firstLoadId`: of the run. `replays`: the load whose rejects are put through again; of others nothing needs to be known. */
export function createKeptRejects(
  resource: ResolvedResource,
  dataset: Dataset,
  { keyOf, firstLoadId, replays }: Pick<Normalizer, 'keyOf'> & { readonly firstLoadId: number; readonly replays?: number },
): KeptRejects {
  const { name, disposition, strategy, mergeKey } = resource
  const hasKey = resource.primaryKey.length > 0
  const merges = disposition === 'merge' && hasKey
  const isVersioned = hasVersions(resource)
  const removesAll = strategy === 'mirror' || (strategy === 'scd2' && mergeKey.length === 0)
  const byKey = new Map<string, RejectPlace[]>()
  /** Those without a key: they go with all others only. */
  const keyless: RejectPlace[] = []
  let outdated: RejectPlace[] = []
  /** A replace takes all of before away; without a key, nothing tells which is which. */
  const isNeeded = hasKey && disposition !== 'replace'
  let isRead = replays !== undefined || !isNeeded

  const keep = (key: string | undefined, place: RejectPlace): void => {
    const places = key === undefined ? keyless : byKey.get(key)
    if (places === undefined) byKey.set(key!, [place])
    else places.push(place)
  }
  const read = async (): Promise<void> => {
    if (isRead) return
    isRead = true
    for await (const { loadId, sequence, record, key = keyOf(record) } of dataset.rejects(name)) {
      // What was left out when the resource had no key has one by now.
      if (merges || loadId >= firstLoadId) keep(key, { loadId, sequence })
    }
  }
  const drop = (key: string, isOld: (place: RejectPlace) => boolean): void => {
    const places = byKey.get(key)
    if (places === undefined) return
    const left = places.filter((place) => !isOld(place))
    outdated.push(...places.filter(isOld))
    if (left.length === 0) byKey.delete(key)
    else byKey.set(key, left)
  }

  return {
    read,
    async add({ rejects, mayRepeat }, loadId) {
      if (rejects.length === 0 || !isNeeded) return rejects
      await read()
      const repeats = mayRepeat && disposition === 'append'
      const kept = rejects.filter(({ key }) => !(repeats && key !== undefined && byKey.has(key)))
      for (const { key, sequence } of kept) {
        if (key !== undefined && merges) drop(key, (place) => place.loadId < loadId)
        keep(key, { loadId, sequence })
      }
      return kept
    },
    meet(batch, plan) {
      if (!merges || batch.table.parent !== undefined || byKey.size === 0) return
      const isDeletion = deletionIn(batch, plan)
      const current = replays ?? plan.id
      for (let row = 0; row < batch.rowCount; row++) {
        const id = textAt(batch.ids, row)
        const key = isVersioned ? id.slice(0, id.lastIndexOf('@')) : id
        const counts = plan.dedupSort === undefined || isDeletion(row)
        drop(key, ({ loadId, sequence }) => loadId < current || (counts && sequence < batch.sequence[row]!))
      }
    },
    outdated(removesAbsent, id) {
      const isOld = ({ loadId }: RejectPlace): boolean => loadId < id
      const absent = removesAbsent && removesAll ? [...byKey.values(), keyless].flat().filter(isOld) : []
      return [...outdated, ...absent]
    },
    committed() {
      outdated = []
    },
  }
}

/** Whether a row of a root table says that its record is deleted. */
function deletionIn({ table, columns }: Batch, { hardDelete }: LoadPlan): (row: number) => boolean {
  const index = table.columns.findIndex((column) => column.name === hardDelete)
  const vector = columns[index]
  if (vector === undefined) return () => false
  return (row) => isValid(vector.valid, row) && (vector.kind !== 'bool' || vector.values[row] === 1)
}

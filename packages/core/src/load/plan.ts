import type { RejectPlace } from './reject.ts'

export type WriteDisposition = 'append' | 'replace' | 'merge'

/** How a merge treats rows whose key is stored already. */
export type MergeStrategy =
  /** The stored row and its children go; the row of the load takes their place as a whole. */
  | 'delete-insert'
  /** Only what came is changed: columns and lists that the record did not have stay as they are. */
  | 'upsert'
  /** The stored row stays, and the row of the load is left out. */
  | 'insert-only'
  /** The stored row stays as a version that has ended, and the row of the load is the active one. */
  | 'scd2'
  /** As `upsert`; and rows whose key did not come are gone. */
  | 'mirror'

/** Which of several rows of one key counts: the one with the smallest or the largest value. */
export interface DedupSort {
  /** Name of a column of the root table. */
  readonly column: string
  readonly order: 'asc' | 'desc'
}

/**
 * What a load is to do. Some of it is only known when all rows were staged, so members may be getters: a destination reads them at the
 * commit, not before. It goes about it in this order:
 *
 * 1. **Rows of one key.** Where `keep` is not `all`, or batches may repeat, one row of each `_sync_id` is kept, with its
 *    children: by `dedupSort` the better one, where a row without the value is worse than any with it; of equals the last
 *    or, with `keep: 'first'`, the first. Of a versioned table, so with rows of one hash too. With `upsert` and `mirror`, and
 *    without `dedupSort`, the last row is completed from those before it, as if each had been loaded by itself: it has the
 *    columns and lists that it did not come with as the last of them that came with them. Of those before a deletion nothing is
 *    taken, and then nothing of stored rows either.
 * 2. **Repeats.** With `append`, rows of batches that may repeat are left out where a load from `firstLoadId` on has them.
 * 3. **Deletions.** Rows whose `hardDelete` column is true, or of a type other than `bool` and not null, are never written;
 *    with `merge`, stored rows of their key go with their children (`delete-insert`, `upsert`, `mirror`), end (`scd2`), or
 *    stay (`insert-only`). They count only as what they delete or end, but for those that lose in step 4.
 * 4. **Stored rows that win.** With `merge`, a row of the load is left out, and counts as unchanged, where a stored row of its
 *    key (of a versioned table: the active one) is better by `dedupSort`. This holds for deletions too.
 * 5. **The disposition**, as `MergeStrategy` says, by `primaryKey` (compared by value, whatever the stored `_sync_id` is). With
 *    `delete-insert`, stored rows that have the `mergeKey` of any row of the load, deletions among them, go as well,
 *    but for those that won in step 4 and, with `skipUnchanged`, those that did not change. With `scd2`, a row whose hash an
 *    active row of the same key has is left out, as unchanged, and other active rows of its key end.
 *    Stored rows of one key, which an `append` has doubled, are one to every step: they win, stay, go or end together, but
 *    a `mergeKey` takes each by its own value. What did not come is taken, columns and lists, from the one that was loaded
 *    last; of one load, from any. A row in their place counts as one updated, never as unchanged; where there is none, each
 *    of them counts. So it is with children of one `_sync_id`. Children are of the stored rows that have their
 *    `_sync_root_id` and `_sync_load_id`, and go when the last of these goes.
 * 6. **What is absent**, where `removesAbsent`: with `mirror`, stored rows whose key no row of the load has (those left out
 *    count as being there) go with their children; with `scd2`, active rows whose hash no row of the load has end: without
 *    a `mergeKey` all of them, with one those whose `mergeKey` a row of the load has.
 * 7. **Writing**: rows get `_sync_load_id` = `id`, and in a versioned table `_sync_valid_from` = `startedAt` and
 *    `_sync_valid_to` = null; versions that end get `_sync_valid_to` = `startedAt`, and keep all else, children too.
 *    `replace` empties the resource's tables, and its rejects, first.
 * 8. **Rejects** come beside those of before; then the `outdatedRejects` go.
 */
export interface LoadPlan {
  /** Larger than that of every load before. */
  readonly id: number
  readonly connector: string
  readonly connectorVersion: string
  readonly resource: string
  /** Later than that of every load before. */
  readonly startedAt: Date
  /** The resource's root table. */
  readonly table: string
  readonly disposition: WriteDisposition
  /** Of `merge`. For `replace`, as a full refresh of what merges, it tells how rows of one key become one. */
  readonly strategy: MergeStrategy
  /** Column names. Empty for a `merge` only where there is a `mergeKey`. */
  readonly primaryKey: readonly string[]
  /** Column names of what `delete-insert` replaces, and `scd2` ends, as a whole. Empty: none. */
  readonly mergeKey: readonly string[]
  /** Which of several rows of one primary key in this load are kept. For `merge` never `all`, unless it has no primary key. */
  readonly keep: 'all' | 'first' | 'last'
  readonly dedupSort?: DedupSort | undefined
  /** Column name. */
  readonly hardDelete?: string | undefined
  /** The load has all that there is: what it does not have is gone. Of `mirror` and `scd2`. Known at the commit. */
  readonly removesAbsent: boolean
  /** With `merge`: rows that did not change keep their `_sync_load_id`. */
  readonly skipUnchanged: boolean
  /** With `replace`: drop the resource's tables, with columns that no longer come, and make them anew. */
  readonly recreate: boolean
  /** First load of the run: with rows that may repeat, loads from here on count as this one for `append`. */
  readonly firstLoadId: number
  /** The rows are what contracts left out of that load of the resource: its rejects go at the commit, but for those that are staged again. */
  readonly replays?: number | undefined
  /** Rejects of the resource, of this load or earlier ones, that mean nothing any more: at the commit they go. Default: none. */
  readonly outdatedRejects?: readonly RejectPlace[]
}

/** Step 1: whether rows of one key are completed from one another, rather than one of them counting as it is. */
export const completesRepeats = ({ strategy, keep, dedupSort }: LoadPlan): boolean =>
  (strategy === 'upsert' || strategy === 'mirror') && keep === 'last' && dedupSort === undefined

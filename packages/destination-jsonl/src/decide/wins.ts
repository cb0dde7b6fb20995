import type { Head } from '../lines.ts'
import { isBetter, type LoadedRecord } from './unique.ts'
import { orderReader } from './values.ts'
import type { Work } from './work.ts'

/** Step 4: tells whether a stored row wins over the record of its key. */
export function winsOver({ plan, root }: Work): (line: string, head: Head, record: LoadedRecord) => boolean {
  const { dedupSort, replays = Number.POSITIVE_INFINITY, replayedBefore = [] } = plan
  const orderOf = dedupSort && orderReader(dedupSort, root.schema)
  return (line, { loadId }, { order }) =>
    (loadId > replays && !replayedBefore.includes(loadId)) || (orderOf !== undefined && isBetter(dedupSort, orderOf(line), order))
}

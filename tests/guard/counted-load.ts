// A process that loads tickets and tells what that took, in counts that are no times: `<baseUrl> <kind> <path>`.
import { existsSync, readFileSync } from 'node:fs'
import { GCProfiler, getHeapStatistics } from 'node:v8'
import { offset, resource, sync } from '@tributary/core'
import { duckdb } from '@tributary/destination-duckdb'
import { jsonl } from '@tributary/destination-jsonl'
import { crm } from '../support/connector.ts'

/** What one load took. */
export interface Counted {
  readonly records: number
  /** Bytes of the JavaScript heap that were given out, however soon they were free again. */
  readonly allocated: number
  /** Bytes that were handed to the system to write, and in how many calls. Undefined where the system does not tell. */
  readonly written: { readonly bytes: number; readonly calls: number } | undefined
}

const IO = '/proc/self/io'
/** What the runtime does by itself comes on top, now and then: the least of several loads is what a load takes. */
const LOADS = 3
const [baseUrl, kind, path] = process.argv.slice(2) as [string, 'duckdb' | 'jsonl', string]
const destination = { duckdb, jsonl }[kind]({ path })
const connector = crm(baseUrl, {
  resources: {
    tickets: resource({
      primaryKey: 'id',
      writeDisposition: 'merge',
      endpoint: { path: 'tickets', dataSelector: 'data', paginator: offset({ limit: 1000 }) },
    }),
  },
})

async function main(): Promise<void> {
  // What happens once in a process is not counted.
  await sync({ connector, destination, dataset: 'before', limit: 2 })
  const loads: Counted[] = []
  for (let nth = 1; nth <= LOADS; nth++) loads.push(await countedLoad(`load_${nth}`))
  const least = (count: (load: Counted) => number): number => Math.min(...loads.map(count))
  const isTold = loads.every(({ written }) => written !== undefined)
  const counted: Counted = {
    records: least(({ records }) => records),
    allocated: least(({ allocated }) => allocated),
    written: isTold
      ? { bytes: least(({ written }) => written!.bytes), calls: least(({ written }) => written!.calls) }
      : undefined,
  }
  process.stdout.write(JSON.stringify(counted))
}

async function countedLoad(dataset: string): Promise<Counted> {
  const before = writes()
  const stop = countAllocations()
  const { status, resources } = await sync({ connector, destination, dataset })
  const allocated = stop()
  const after = writes()
  if (status !== 'ok') throw new Error(resources.tickets?.error?.message)
  const written = before && after && { bytes: after.bytes - before.bytes, calls: after.calls - before.calls }
  return { records: resources.tickets!.records, allocated, written }
}

/** Between two collections the heap only grows: what it grows by is what was allocated. */
function countAllocations(): () => number {
  const profiler = new GCProfiler()
  let used = getHeapStatistics().used_heap_size
  profiler.start()
  return () => {
    const atEnd = getHeapStatistics().used_heap_size
    let allocated = 0
    for (const { beforeGC, afterGC } of profiler.stop().statistics) {
      allocated += beforeGC.heapStatistics.usedHeapSize - used
      used = afterGC.heapStatistics.usedHeapSize
    }
    return allocated + atEnd - used
  }
}

function writes(): Counted['written'] {
  if (!existsSync(IO)) return undefined
  const text = readFileSync(IO, 'utf8')
  const count = (name: string): number => Number(new RegExp(`^${name}: (\\d+)`, 'm').exec(text)?.[1])
  return { bytes: count('wchar'), calls: count('syscw') }
}

void main()

import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Reject } from '@tributary/core'
import { planOf } from '@tributary/testkit'
import { describe, expect, it } from 'vitest'
import { collect, DATASET, temporaryFolder, testLoad } from '../testing/loads.ts'
import { jsonl } from './destination.ts'

const rejectOf = (loadId: number, sequence: number, resource = 'items'): Reject => ({
  loadId,
  resource,
  sequence,
  table: resource,
  reason: 'columns',
  kind: 'record',
  message: `No column for the key "new" was expected, but record ${sequence} has it.`,
  record: { id: 9_007_199_254_740_993n, text: 'a\nb "c" \u2028' },
})

describe('rejects', () => {
  it('lie in a file of their load, and are read in the order of load and record [jsonl.rejects]', async () => {
    const path = await temporaryFolder()
    const destination = jsonl({ path })
    await testLoad(destination, { id: 1, records: [], rejects: [rejectOf(1, 1), rejectOf(1, 7)] })
    await testLoad(destination, { id: 2, table: 'others', records: [], rejects: [rejectOf(2, 3, 'others')] })
    await testLoad(destination, { id: 3, records: [], rejects: [rejectOf(3, 2)] })
    expect((await readdir(join(path, DATASET, '_sync_rejects'))).sort()).toEqual(['1.jsonl', '2.jsonl', '3.jsonl'])
    const reader = await destination.inspect(DATASET)
    expect(await collect(reader.rejects())).toEqual([rejectOf(1, 1), rejectOf(1, 7), rejectOf(2, 3, 'others'), rejectOf(3, 2)])
    const dataset = await destination.open(DATASET)
    expect(await collect(dataset.rejects('items'))).toEqual([rejectOf(1, 1), rejectOf(1, 7), rejectOf(3, 2)])
    await dataset.close()
  })

  it('of a load that is put through again go, but for those that are left out again [jsonl.rejects.replay]', async () => {
    const path = await temporaryFolder()
    const destination = jsonl({ path })
    await testLoad(destination, { id: 1, records: [], rejects: [rejectOf(1, 1), rejectOf(1, 2)] })
    await testLoad(destination, { id: 2, records: [], rejects: [rejectOf(2, 1)] })
    await testLoad(destination, { id: 3, replays: 1, records: [{ id: 1 }], rejects: [rejectOf(1, 2)] })
    const reader = await destination.inspect(DATASET)
    expect(await collect(reader.rejects())).toEqual([rejectOf(1, 2), rejectOf(2, 1)])
    await testLoad(destination, { id: 4, replays: 1, records: [{ id: 2 }] })
    expect(await collect(reader.rejects())).toEqual([rejectOf(2, 1)])
    expect(await readdir(join(path, DATASET, '_sync_rejects'))).toEqual(['2.jsonl'])
  })

  it('of a resource go when it is replaced, and their folder with the last of them [jsonl.rejects.replace]', async () => {
    const path = await temporaryFolder()
    const destination = jsonl({ path })
    await testLoad(destination, { id: 1, records: [], rejects: [rejectOf(1, 1)] })
    await testLoad(destination, { id: 2, disposition: 'replace', records: [{ id: 1 }] })
    expect(await readdir(join(path, DATASET))).not.toContain('_sync_rejects')
  })

  it('that were staged out of order are read in the order of their records', async () => {
    const destination = jsonl({ path: await temporaryFolder() })
    await testLoad(destination, { id: 1, records: [], rejects: [rejectOf(1, 5), rejectOf(1, 2)] })
    const sequences = (await collect((await destination.inspect(DATASET)).rejects())).map(({ sequence }) => sequence)
    expect(sequences).toEqual([2, 5])
  })

  it('are not there where the load was given up', async () => {
    const path = await temporaryFolder()
    const destination = jsonl({ path })
    await testLoad(destination, { id: 1, records: [{ id: 1 }] })
    const dataset = await destination.open(DATASET)
    const session = await dataset.begin(planOf({ id: 2, table: 'items' }))
    await session.reject([rejectOf(2, 1)])
    await session.abort()
    expect(await collect(dataset.rejects('items'))).toEqual([])
    await dataset.close()
    expect((await readdir(join(path, DATASET))).sort()).not.toContain('_sync_rejects')
  })
})

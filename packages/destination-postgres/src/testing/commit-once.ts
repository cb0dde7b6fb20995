// A process that stages a load and commits it, to be killed: `<url>`.
import { schemaOf } from '@tributary/testkit'
import { postgres } from '../destination.ts'
import { DATASET, loadInto } from './load.ts'

const dataset = await postgres({ url: process.argv[2]!, lockTimeout: 60_000 }).open(DATASET)
process.stdout.write('opened\n')
const tables = [schemaOf('items', { id: 'bigint', name: 'text' })]
const records = [1, 2, 3].map((id) => ({ id, name: 'of the second' }))
await loadInto(dataset, { id: 2, tables, records, disposition: 'merge', primaryKey: ['id'] })
await dataset.close()

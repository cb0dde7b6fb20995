import { destinationSuite, inFolder } from '@tributary/testkit'
import { jsonl } from './destination.ts'
import { readTable } from './read-table.ts'

const create = inFolder((path) => ({
  destination: jsonl({ path, lockTimeout: 300 }),
  readTable: (dataset, table) => readTable(path, dataset, table),
}))

destinationSuite('jsonl', { create })

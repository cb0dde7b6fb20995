import { destinationSuite, inFolder } from '@tributary/testkit'
import { duckdb } from './destination.ts'
import { readTable } from './read-table.ts'

const create = inFolder((folder) => ({
  destination: duckdb({ path: `${folder}/test.duckdb`, lockTimeout: 300 }),
  readTable: (dataset, table) => readTable(`${folder}/test.duckdb`, dataset, table),
}))

destinationSuite('duckdb', {
  create,
  waivers: { 'types: text: with a byte order mark': "DuckDB's library leaves a leading one out as it reads; in the file it is" },
})

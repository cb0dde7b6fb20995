import { destinationSuite, inFolder } from '@tributary/testkit'
import { duckdb } from './destination.ts'

destinationSuite('duckdb', {
  create: inFolder((folder) => duckdb({ path: `${folder}/test.duckdb`, lockTimeout: 300 })),
  waivers: {
    'types: text: with a byte order mark [types.keep]':
      "DuckDB's library leaves a leading one out as it reads; in the file it is",
  },
})

import { destinationSuite, inFolder } from '@tributary/testkit'
import { parquet } from './destination.ts'

destinationSuite('parquet', { create: inFolder((path) => parquet({ path, lockTimeout: 300 })) })

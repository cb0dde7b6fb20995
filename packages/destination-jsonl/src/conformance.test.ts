import { destinationSuite, inFolder } from '@tributary/testkit'
import { jsonl } from './destination.ts'

destinationSuite('jsonl', { create: inFolder((path) => jsonl({ path, lockTimeout: 300 })) })

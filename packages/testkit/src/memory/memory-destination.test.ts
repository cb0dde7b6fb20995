import { destinationSuite, memoryDestination } from '../index.ts'

destinationSuite('memory', { create: async () => ({ destination: memoryDestination({ lockTimeout: 250 }) }) })

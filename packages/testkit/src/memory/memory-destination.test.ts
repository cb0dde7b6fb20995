import { destinationSuite, memoryDestination } from '../index.ts'

destinationSuite('memory', {
  create: async () => {
    const destination = memoryDestination({ lockTimeout: 250 })
    return { destination, readTable: destination.readTable }
  },
})

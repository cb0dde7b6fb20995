import { destinationSuite } from '@tributary/testkit'
import { describe } from 'vitest'
import { postgres } from './destination.ts'
import { testServer } from './testing/server.ts'

const server = await testServer()

async function create(): Promise<{ destination: ReturnType<typeof postgres>; dispose(): Promise<void> }> {
  const { url, drop } = await server.database()
  return { destination: postgres({ url, lockTimeout: 300 }), dispose: drop }
}

const waivers = {
  'types: text: with NUL [types.keep]':
    'PostgreSQL cannot store U+0000: ␀ stands in its place, and a warning counts it, see values.test.ts',
}

describe.skipIf(server.missing !== undefined)(`with a server${server.missing === undefined ? '' : `: ${server.missing}`}`, () => {
  destinationSuite('postgres', { create, waivers })
})

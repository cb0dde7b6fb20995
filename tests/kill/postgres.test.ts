import { describe, it } from 'vitest'
import { testServer } from '../support/postgres.ts'
import { killSuite } from './suite.ts'
import { postgresTarget } from './target.ts'

const server = await testServer()

if (server.missing === undefined) await killSuite(await postgresTarget(server))
else
  describe('postgres', () =>
    void it.skip('a run that is killed, and run again, equals one that was not [state.kill.dispositions]', () => {}))

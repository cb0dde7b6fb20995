import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { dirname, join } from 'node:path'
import { ticketing } from '@tributary/connector-ticketing'
import { sync } from '@tributary/core'
import { offsetPages, startMockApi, withApiKey } from '@tributary/testkit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { parquetPlace, places } from '../support/places.ts'
import { start } from '../support/process.ts'
import { API_KEY, tickets } from '../support/tickets.ts'

const SCRIPT = join(import.meta.dirname, '../support/sync-limited.ts')
const hasLimits = spawnSync('bash', ['-c', 'ulimit -f 64']).status === 0

/** Some 1 800 characters of which a compressed file, too, can save few. */
const incompressible = (seed: string): string =>
  Array.from({ length: 20 }, (_, part) => createHash('sha512').update(`${seed} ${part}`).digest('base64')).join('')

/** A file that may not grow any further is to a destination what a full disk is. */
describe.each([...places, ['parquet', parquetPlace] as const])('%s: when nothing more can be written', (_kind, makePlace) => {
  it.runIf(hasLimits)('fails by name, and what was committed is intact', async () => {
    let records = tickets(200)
    const api = await startMockApi({
      '/v1/tickets': withApiKey(
        offsetPages(() => records),
        { value: API_KEY },
      ),
    })
    onTestFinished(() => api.close())
    const place = makePlace()
    await sync({ connector: ticketing({ baseUrl: api.url, apiKey: API_KEY }), destination: place.destination })
    const before = await place.rows('ticketing', 'ticket_data')

    records = tickets(6000).map((record) => ({ ...record, filler: incompressible(String(record.id)) }))
    const script = [SCRIPT, api.url, API_KEY, place.to]
    const { stdout } = await start(script, { cwd: dirname(place.path), fileLimit: 2048 }).ended
    const { status, error } = JSON.parse(stdout) as { status: string; error: { code: string; message: string } }
    expect(status).toBe('failed')
    expect(error.code).toBe('DISK_FULL')
    expect(error.message).toContain('The last committed data is intact.')
    expect(await place.rows('ticketing', 'ticket_data')).toEqual(before)

    // With room again, the same sync goes through.
    const again = await sync({ connector: ticketing({ baseUrl: api.url, apiKey: API_KEY }), destination: place.destination })
    expect(again.status).toBe('ok')
    expect(await place.rows('ticketing', 'ticket_data')).toHaveLength(6000)
  })
})

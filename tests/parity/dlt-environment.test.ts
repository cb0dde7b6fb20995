import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { temporaryFolder } from '../support/places.ts'
import { dltEnvironment } from './dlt-environment.ts'

afterEach(() => vi.unstubAllEnvs())

describe('where there is no Python', () => {
  it('says so, and makes nothing', async () => {
    const cache = temporaryFolder()
    vi.stubEnv('CI', '')
    vi.stubEnv('PATH', join(cache, 'nowhere'))
    expect(await dltEnvironment(cache)).toEqual({ missing: expect.stringContaining('no python3') })
    expect(readdirSync(cache)).toEqual([])
  })

  it('is a failure in CI', async () => {
    const cache = temporaryFolder()
    mkdirSync(cache, { recursive: true })
    vi.stubEnv('CI', 'true')
    vi.stubEnv('PATH', join(cache, 'nowhere'))
    await expect(dltEnvironment(cache)).rejects.toThrow(/CI never skips it: there is no python3/)
  })
})

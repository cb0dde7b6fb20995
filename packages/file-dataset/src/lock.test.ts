import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { takeLock } from './lock.ts'

const WAIT = 250

async function lockOf(holder: { pid: number; host: string; token?: string }): Promise<string> {
  const folder = join(await temporaryFolder(), 'shop')
  await mkdir(folder)
  await writeFile(join(folder, '_sync_lock'), JSON.stringify({ token: 'other', since: '2026-01-01T00:00:00Z', ...holder }))
  return folder
}

describe('the lock of a dataset', () => {
  it('is refused after a bounded wait, naming the holder [settled.two-runs]', async () => {
    const folder = await temporaryFolder()
    const release = await takeLock(folder, WAIT)
    await expect(takeLock(folder, WAIT)).rejects.toMatchObject({
      code: 'DATASET_IN_USE',
      recovery: 'retry',
      message: expect.stringContaining('another sync in this process'),
    })
    await release()
    await (await takeLock(folder, WAIT))()
  })

  it('names a holder that has only just taken it, and not yet said who it is [settled.two-runs]', async () => {
    const folder = await lockOf({ pid: 1, host: hostname() })
    const path = join(folder, '_sync_lock')
    const holder = await readFile(path, 'utf8')
    await writeFile(path, '')
    const refused = expect(takeLock(folder, 5)).rejects.toMatchObject({ message: expect.stringContaining('process 1 on') })
    await sleep(100)
    await writeFile(path, holder)
    await refused
  })

  it('of a process that has died is taken over at once', async () => {
    const dead = spawn(process.execPath, ['-e', ''])
    await once(dead, 'exit')
    const folder = await lockOf({ pid: dead.pid!, host: hostname() })
    const release = await takeLock(folder, 0)
    expect(JSON.parse(await readFile(join(folder, '_sync_lock'), 'utf8'))).toMatchObject({ pid: process.pid })
    await release()
  })

  it('of a process that had our number, before we were started, is taken over', async () => {
    const folder = await lockOf({ pid: process.pid, host: hostname() })
    await (await takeLock(folder, 0))()
  })

  it.each(['', '{"token":"oth'])('that its maker did not live to write is taken over: %j [state.kill.lock]', async (text) => {
    const folder = await lockOf({ pid: 1, host: hostname() })
    await writeFile(join(folder, '_sync_lock'), text)
    const [first, second] = [takeLock(folder, 20_000), takeLock(folder, 20_000)]
    const release = await Promise.race([first, second])
    expect(JSON.parse(await readFile(join(folder, '_sync_lock'), 'utf8'))).toMatchObject({ pid: process.pid })
    await release()
    for (const each of await Promise.all([first, second])) await each()
    expect(await readdir(folder)).toEqual([])
  })

  it.each([
    ['a process that lives', { pid: process.ppid, host: hostname() }],
    ['another machine, whose processes cannot be seen', { pid: 1, host: 'elsewhere.example' }],
  ])('of %s is respected', async (_, holder) => {
    const folder = await lockOf(holder)
    const message = expect.stringContaining(`process ${holder.pid} on ${holder.host}, since 2026-01-01T00:00:00Z`)
    await expect(takeLock(folder, WAIT)).rejects.toMatchObject({ code: 'DATASET_IN_USE', message })
  })

  it('is had by one of many that ask at once, and then by the next', async () => {
    const folder = await temporaryFolder()
    let holders = 0
    const turns = Array.from({ length: 8 }, async () => {
      const release = await takeLock(folder, 20_000)
      expect(++holders).toBe(1)
      await new Promise((resolve) => setImmediate(resolve))
      holders--
      await release()
    })
    await Promise.all(turns)
    expect(holders).toBe(0)
  })

  it('leaves no trace where it made the folder and nothing was loaded', async () => {
    const path = await temporaryFolder()
    await (await takeLock(join(path, 'shop'), WAIT))()
    expect(await readdir(path)).toEqual([])
  })

  it('says so where the place is no folder', async () => {
    const path = join(await temporaryFolder(), 'file')
    await writeFile(path, '')
    await expect(takeLock(join(path, 'shop'), WAIT)).rejects.toMatchObject({ code: 'NOT_WRITABLE', recovery: 'fix-config' })
  })
})

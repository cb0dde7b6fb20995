import { setTimeout as sleep } from 'node:timers/promises'

/** Resolves when `happened` answers true; rejects after half a minute. */
export async function until(what: string, happened: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 30_000
  while (!(await happened())) {
    if (Date.now() > deadline) throw new Error(`waited in vain: ${what}`)
    await sleep(20)
  }
}

import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { offsetPages, startMockApi } from '@tributary/testkit'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Ticket, tickets } from '../support/tickets.ts'
import type { Counted } from './counted-load.ts'

// In one thread V8 collects and compiles at the same moments each time, and wakes nobody up, which would be a call that writes.
const FLAGS = ['--single-threaded', '--conditions=@tributary/source', '--import', 'tsx']
const PROGRAM = [...FLAGS, join(import.meta.dirname, 'counted-load.ts')]
const COUNT = 40_000
const UNTOLD = 'this system does not tell what a process writes'

/**
 * What a first load of tickets takes at most, with requests and parsing. Measured when the bounds were set, with Node 20, and how far
 * runs differ:
 *
 *   bytes of the heap for a record            DuckDB 368, JSON Lines 328; by 3 %
 *   bytes written for a byte of the records   DuckDB 1.642, JSON Lines 1.699; by less than 1 %. Both stage rows in files first
 *   calls that write, for a record            DuckDB 0.0071, JSON Lines 0.0042; by 2 %. A request is one too
 */
const MOST = {
  duckdb: { allocated: 420, bytes: 1.75, calls: 0.009 },
  jsonl: { allocated: 375, bytes: 1.8, calls: 0.0055 },
}

describe.each(['duckdb', 'jsonl'] as const)(`%s: a load of ${COUNT} tickets`, (kind) => {
  let load: Counted
  /** Bytes of the records as JSON. */
  let bytes: number

  beforeAll(async () => {
    const records = tickets(COUNT)
    bytes = records.reduce((sum, record) => sum + Buffer.byteLength(JSON.stringify(record)), 0)
    load = await countedLoad(kind, records)
    expect(load.records).toBe(COUNT)
  })

  it('allocates no more of the heap for a record than it did [guard.heap]', () => {
    // Something was counted.
    expect(load.allocated / COUNT).toBeGreaterThan(10)
    expect(load.allocated / COUNT).toBeLessThan(MOST[kind].allocated)
  })

  it('writes no more bytes for a byte of the records than it did [guard.disk]', ({ skip }) => {
    if (load.written === undefined) return skip(UNTOLD)
    expect(load.written.bytes / bytes).toBeGreaterThan(0.1)
    expect(load.written.bytes / bytes).toBeLessThan(MOST[kind].bytes)
  })

  it('writes in no more calls than it did [guard.calls]', ({ skip }) => {
    if (load.written === undefined) return skip(UNTOLD)
    expect(load.written.calls).toBeGreaterThan(0)
    expect(load.written.calls / COUNT).toBeLessThan(MOST[kind].calls)
  })
})

/** Loads records into a place of their own, in a process of its own. */
async function countedLoad(kind: string, records: readonly Ticket[]): Promise<Counted> {
  const folder = await mkdtemp(join(tmpdir(), 'tributary-guard-'))
  await using api = await startMockApi({ '/tickets': offsetPages(records) })
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [...PROGRAM, api.url, kind, join(folder, 'place')])
    return JSON.parse(stdout) as Counted
  } finally {
    await rm(folder, { recursive: true })
  }
}

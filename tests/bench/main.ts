/**
 * `pnpm bench`: loads tickets from a fast API on loopback, beside the floor (fetching and parsing the same pages) and dlt, each in a process
 * of its own, from its start to its exit. Medians; the ratios to the floor are what to compare, for machines differ.
 *
 *   --rows 100000,1000000   --pages 1000,100   --to duckdb,jsonl,parquet,postgres   --loads first,again,changed   --runs 3
 *   --concurrency 4 (requests in flight, of the floor and of the loads)
 *   --latency 20 (milliseconds that each response waits: a reader that makes one request after the other is measured too;
 *     then by default --rows 100000 --pages 100 --loads first --concurrency 8)
 *   --dlt none|default|fastest|both (needs Python; some minutes for a million rows)
 *   --save file.json   --compare file.json
 *
 * The loads, all of them merges by key:
 *   first     all records into a new place, without a cursor
 *   again     the same records once more, without a cursor: each row meets the one that is there
 *   changed   with a cursor, one record of a hundred, which has changed. Before the first of these, one load that is not measured
 *             reads all records with the cursor, so that there is a last value to ask from. Its floor is to fetch and parse
 *             these records alone, and its overhead, the seconds to the exit beyond that, is what any small load costs.
 * Each of them is checked to have been that: how many rows were new, and how many met one of their key.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { dltEnvironment } from '../parity/dlt-environment.ts'
import type { Figures, Measured } from './figures.ts'
import { measure, startServer } from './processes.ts'
import { header, row } from './table.ts'

const { values } = parseArgs({
  options: {
    rows: { type: 'string' },
    pages: { type: 'string' },
    to: { type: 'string', default: 'duckdb,jsonl,parquet,postgres' },
    loads: { type: 'string' },
    runs: { type: 'string', default: '3' },
    concurrency: { type: 'string' },
    latency: { type: 'string', default: '0' },
    dlt: { type: 'string', default: 'none' },
    save: { type: 'string' },
    compare: { type: 'string' },
  },
})
const list = (text: string): string[] => text.split(',')
const latency = Number(values.latency)
const defaults =
  latency > 0
    ? { rows: '100000', pages: '100', loads: 'first', concurrency: '8' }
    : { rows: '100000,1000000', pages: '1000,100', loads: 'first,again,changed', concurrency: '4' }
const runs = Number(values.runs)
const loads = list(values.loads ?? defaults.loads)
const concurrency = Number(values.concurrency ?? defaults.concurrency)
const before = values.compare === undefined ? undefined : (JSON.parse(readFileSync(values.compare, 'utf8')) as Measured[])
const comparisons = { before, withSequential: latency > 0 }
const folder = mkdtempSync(join(tmpdir(), 'tributary-bench-'))
const program = join(import.meta.dirname, 'measured.mjs')
const all: Measured[] = []
const kinds = list(values.to)
// A script of the repository, which no package may import.
const { startPostgres } = (await import(new URL('../../scripts/postgres.mjs', import.meta.url).href)) as {
  startPostgres(): Promise<{ readonly url?: string; readonly reason?: string; stop?(): void }>
}
const postgres = kinds.includes('postgres') ? await startPostgres() : undefined
if (postgres?.reason !== undefined) throw new Error(`Without PostgreSQL: ${postgres.reason}`)
const DLT: Readonly<Record<string, readonly string[]>> = {
  none: [],
  default: ['default'],
  fastest: ['fastest'],
  both: ['default', 'fastest'],
}
const dlt = DLT[values.dlt] ?? []
if (!Object.hasOwn(DLT, values.dlt)) throw new Error('--dlt is none, default, fastest or both')
const python = dlt.length > 0 ? await pythonWithDlt() : undefined

try {
  console.log(header(comparisons))
  for (const rows of list(values.rows ?? defaults.rows).map(Number)) {
    const server = await startServer('server.ts', rows, latency)
    try {
      for (const pageSize of list(values.pages ?? defaults.pages).map(Number)) await benchPages(server.url, rows, pageSize)
    } finally {
      server.stop()
    }
  }
  if (values.save !== undefined) writeFileSync(values.save, `${JSON.stringify(all, null, 2)}\n`)
} finally {
  postgres?.stop?.()
  rmSync(folder, { recursive: true, force: true })
}

async function benchPages(url: string, rows: number, pageSize: number): Promise<void> {
  const node = (order: object): Promise<Figures> =>
    measure(process.execPath, [program, JSON.stringify({ pageSize, concurrency, ...order })])
  const read = (order: object): Promise<Figures> => node({ mode: 'read', url, ...order })
  const bench = async (
    what: string,
    expected: Partial<Figures>,
    once: (run: number) => Promise<Figures>,
    times = runs,
  ): Promise<void> => {
    const measured = { rows, pageSize, what, runs: [] as Figures[] }
    for (let run = 0; run < times; run++) {
      const figures = await once(run)
      for (const [name, count] of Object.entries(expected) as [keyof Figures, number][])
        if (figures[name] !== count) throw new Error(`${what}: ${name} is ${figures[name]}, and not ${count}`)
      measured.runs.push(figures)
    }
    all.push(measured)
    console.log(row(measured, all, comparisons))
  }

  const someRows = Math.floor(rows / 100)
  if (latency > 0) await bench('sequential', { rows }, () => read({ concurrency: 1 }), 1)
  await bench('floor', { rows }, () => read({}))
  if (loads.includes('changed'))
    await bench('floor changed', { rows: someRows }, () => read({ url: `${url}/g1`, incremental: true }))
  for (const kind of kinds) {
    const placeOf = (run: number): string => (kind === 'postgres' ? postgres!.url! : join(folder, `${kind}-${run}`))
    const load = (run: number, order: object = {}): Promise<Figures> =>
      node({ mode: 'load', url, kind, place: placeOf(run), dataset: `tickets_${rows}_${pageSize}_${run}`, ...order })
    // Each first load has a place of its own; the other loads go where the last of them went.
    await bench(`${kind} first`, { rows, inserted: rows }, (run) => load(run))
    if (loads.includes('again')) await bench(`${kind} again`, { rows, inserted: 0, merged: rows }, () => load(runs - 1))
    if (loads.includes('changed')) {
      await load(runs - 1, { incremental: true })
      // Other records each time.
      const changed = (run: number): Promise<Figures> => load(runs - 1, { url: `${url}/g${run + 1}`, incremental: true })
      await bench(`${kind} changed`, { rows: someRows, inserted: 0, merged: someRows }, changed)
    }
    if (kind !== 'postgres') for (let run = 0; run < runs; run++) rmSync(placeOf(run), { recursive: true, force: true })
  }
  for (const mode of dlt) {
    const target = join(folder, `dlt-${mode}`)
    const once = (): Promise<Figures> => {
      rmSync(target, { recursive: true, force: true })
      return measure(python!, [join(import.meta.dirname, 'dlt_bench.py'), mode, url, String(pageSize), target])
    }
    await bench(`dlt ${mode}`, { rows }, once, 1)
    rmSync(target, { recursive: true, force: true })
  }
}

async function pythonWithDlt(): Promise<string> {
  const environment = await dltEnvironment(undefined, join(import.meta.dirname, 'requirements.txt'))
  if ('missing' in environment) throw new Error(`dlt cannot be run: ${environment.missing}`)
  return environment.python
}

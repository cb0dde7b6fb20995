/**
 * `pnpm bench`: loads tickets from a fast API on loopback, beside the floor (fetching and parsing the same pages) and dlt, each in a process
 * of its own, from its start to its exit. Medians; the ratios to the floor are what to compare, for machines differ.
 *
 *   --rows 100000,1000000   --pages 1000,100   --to duckdb,jsonl,parquet,postgres   --loads first,again,changed   --runs 3
 *   --dlt none|default|fastest|both (needs Python; some minutes for a million rows)
 *   --save file.json   --compare file.json
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
    rows: { type: 'string', default: '100000,1000000' },
    pages: { type: 'string', default: '1000,100' },
    to: { type: 'string', default: 'duckdb,jsonl,parquet,postgres' },
    loads: { type: 'string', default: 'first,again,changed' },
    runs: { type: 'string', default: '3' },
    dlt: { type: 'string', default: 'none' },
    save: { type: 'string' },
    compare: { type: 'string' },
  },
})
const list = (text: string): string[] => text.split(',')
const runs = Number(values.runs)
const loads = list(values.loads)
const before = values.compare === undefined ? undefined : (JSON.parse(readFileSync(values.compare, 'utf8')) as Measured[])
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
  console.log(header(before))
  for (const rows of list(values.rows).map(Number)) {
    const server = await startServer(rows)
    try {
      for (const pageSize of list(values.pages).map(Number)) await benchPages(server.url, rows, pageSize)
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
  const node = (...args: string[]): Promise<Figures> => measure(process.execPath, [program, ...args])
  const bench = async (what: string, expected: number, once: (run: number) => Promise<Figures>, times = runs): Promise<void> => {
    const measured = { rows, pageSize, what, runs: [] as Figures[] }
    for (let run = 0; run < times; run++) {
      const figures = await once(run)
      if (figures.rows !== expected) throw new Error(`${what} read ${figures.rows} of ${expected} rows`)
      measured.runs.push(figures)
    }
    all.push(measured)
    console.log(row(measured, all, before))
  }

  await bench('floor', rows, () => node('floor', url, String(pageSize)))
  for (const kind of kinds) {
    const placeOf = (run: number): string => (kind === 'postgres' ? postgres!.url! : join(folder, `${kind}-${run}`))
    const load = (base: string, run: number): Promise<Figures> =>
      node('sync', base, String(pageSize), kind, placeOf(run), `tickets_${rows}_${pageSize}_${run}`)
    // Each first load has a place of its own; the other loads go where the last of them went.
    await bench(`${kind} first`, rows, (run) => load(url, run))
    if (loads.includes('again')) await bench(`${kind} again`, rows, () => load(url, runs - 1))
    // One ticket of a hundred has changed, and others each time.
    const changed = (run: number): Promise<Figures> => load(`${url}/g${run + 1}`, runs - 1)
    if (loads.includes('changed')) await bench(`${kind} changed`, Math.floor(rows / 100), changed)
    if (kind !== 'postgres') for (let run = 0; run < runs; run++) rmSync(placeOf(run), { recursive: true, force: true })
  }
  for (const mode of dlt) {
    const target = join(folder, `dlt-${mode}`)
    const once = (): Promise<Figures> => {
      rmSync(target, { recursive: true, force: true })
      return measure(python!, [join(import.meta.dirname, 'dlt_bench.py'), mode, url, String(pageSize), target])
    }
    await bench(`dlt ${mode}`, rows, once, 1)
    rmSync(target, { recursive: true, force: true })
  }
}

async function pythonWithDlt(): Promise<string> {
  const environment = await dltEnvironment(undefined, join(import.meta.dirname, 'requirements.txt'))
  if ('missing' in environment) throw new Error(`dlt cannot be run: ${environment.missing}`)
  return environment.python
}

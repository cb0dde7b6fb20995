/**
 * `pnpm bench:growth`: what one more row, resource, parent or column costs where there are few of them and where there are many.
 * Each load is a process of its own, into DuckDB and JSON Lines: the first one into a new place, and the same records again.
 *
 *   --cases rows,resources,parents,columns,keys,distinct (by the first word of their names)   --to duckdb,jsonl   --runs 3 (fewer where they are long)
 *   --rows 10000,100000,1000000,5000000 (the sizes of the case `rows`)
 *   --profile folder (CPU profiles of the largest size)
 *
 * The cost is CPU time of the load alone, of its cheapest run: what else the machine does is hardly in it. `added` is the cost of a
 * unit among those by which a size exceeds the one before: it leaves out what a load costs once, so that where it stays the same
 * or falls, the cost is flat. docs/benchmarks.md says more.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { CASES, type GrowthCase } from './growth-cases.ts'
import { type Growth, growthHeader, growthRows, type Load } from './growth-table.ts'
import { measure, startServer } from './processes.ts'

const { values } = parseArgs({
  options: {
    cases: { type: 'string' },
    to: { type: 'string', default: 'duckdb,jsonl' },
    runs: { type: 'string', default: '3' },
    rows: { type: 'string' },
    profile: { type: 'string' },
  },
})
const kinds = values.to.split(',')
const runs = Number(values.runs)
const firstWord = ({ name }: GrowthCase): string => /^\w+/.exec(name)![0]
const cases = CASES.filter((each) => values.cases?.split(',').includes(firstWord(each)) ?? true)
const folder = mkdtempSync(join(tmpdir(), 'tributary-growth-'))
const program = join(import.meta.dirname, 'growth-measured.mjs')
/** Milliseconds after which loads are not repeated. */
const LONG = 30_000

try {
  for (const each of cases) await benchCase(each)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function benchCase(growing: GrowthCase): Promise<void> {
  const { name, unit, units } = growing
  const sizes = name === 'rows' && values.rows !== undefined ? values.rows.split(',').map(Number) : growing.sizes
  console.log(`\n${name}\n${growthHeader(unit)}`)
  const found = kinds.flatMap((kind): Growth[] => [
    { what: `${kind} first`, loads: [] },
    { what: `${kind} again`, loads: [] },
  ])
  for (const size of sizes) {
    const server = await startServer('growth-server.ts', name, size)
    const isProfiled = values.profile !== undefined && size === sizes.at(-1)
    try {
      for (const kind of kinds) {
        const profiles = isProfiled ? join(values.profile!, `${firstWord(growing)}-${size}-${kind}`) : undefined
        for (const [nth, load] of Object.entries(await loadsOf(server.url, kind, profiles)))
          found.find(({ what }) => what === `${kind} ${nth}`)!.loads.push({ size, units: units(size), load })
      }
    } finally {
      server.stop()
    }
  }
  for (const growth of found) for (const line of growthRows(growth)) console.log(line)
}

/** The cheapest first load of some, and the cheapest that comes again to the same place: what makes one dearer is others. */
async function loadsOf(url: string, kind: string, profiles: string | undefined): Promise<Record<'first' | 'again', Load>> {
  const place = join(folder, kind)
  const load = (nth: string): Promise<Load> => {
    const flags = profiles === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', `${profiles}-${nth}`]
    return measure<Load>(process.execPath, [...flags, program, url, kind, place])
  }
  const first: Load[] = []
  const again: Load[] = []
  let spent = 0
  for (let run = 0; run < runs && spent < LONG; run++) {
    first.push(await load('first'))
    again.push(await load('again'))
    rmSync(place, { recursive: true, force: true })
    spent += first.at(-1)!.milliseconds + again.at(-1)!.milliseconds
  }
  return { first: cheapest(first), again: cheapest(again) }
}

/** One that failed is what is told of them. */
function cheapest(loads: readonly Load[]): Load {
  const failed = loads.find((load) => load.failed !== undefined)
  return failed ?? loads.reduce((best, load) => (load.cpu < best.cpu ? load : best))
}

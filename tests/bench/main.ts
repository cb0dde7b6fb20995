/**
 * `pnpm bench [--rows 100000,1000000] [--pages 100,1000] [--runs 3]`: loads tickets from a fast API on loopback, beside
 * the floor (fetching and parsing the same pages), each in a process of its own. Medians; ratios are those to compare.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

interface Figures {
  rows: number
  seconds: number
  cpu: number
  megabytes: number
}

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '100000,1000000' },
    pages: { type: 'string', default: '1000,100' },
    runs: { type: 'string', default: '3' },
  },
})
const numbers = (text: string): number[] => text.split(',').map(Number)
const folder = mkdtempSync(join(tmpdir(), 'tributary-bench-'))
const args = ['--conditions=@tributary/source', '--import', 'tsx']

try {
  console.log(['rows', 'page size', 'what', 'seconds', 'of the floor', 'rows/s', 'CPU s', 'peak MB'].map(pad).join(''))
  for (const rows of numbers(values.rows)) await benchRows(rows)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function benchRows(rows: number): Promise<void> {
  const server = spawn(process.execPath, [...args, join(import.meta.dirname, 'server.ts'), String(rows)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  try {
    const url = `http://127.0.0.1:${(await firstLine(server)).trim()}`
    for (const page of numbers(values.pages)) {
      let floor = 0
      for (const what of ['floor', 'duckdb', 'duckdb again', 'jsonl']) {
        const figures = await medianOf(Number(values.runs), what, url, rows, page)
        if (what === 'floor') floor = figures.seconds
        report(rows, page, what, figures, floor)
      }
    }
  } finally {
    server.stdin?.end()
    server.kill()
  }
}

async function medianOf(runs: number, what: string, url: string, rows: number, page: number): Promise<Figures> {
  const all: Figures[] = []
  const target = join(folder, `${rows}-${page}-${what.split(' ')[0]}`)
  for (let run = 0; run < runs; run++) {
    if (!what.endsWith('again')) rmSync(target, { recursive: true, force: true })
    all.push(await measure([what.split(' ')[0]!, url, String(rows), String(page), target]))
  }
  const wrong = all.find((figures) => figures.rows !== rows)
  if (wrong !== undefined) throw new Error(`${what} read ${wrong.rows} of ${rows} rows`)
  return all.sort((a, b) => a.seconds - b.seconds)[Math.floor(all.length / 2)]!
}

async function measure(parameters: string[]): Promise<Figures> {
  const child = spawn(process.execPath, [...args, join(import.meta.dirname, 'measured.ts'), ...parameters], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return JSON.parse(await firstLine(child)) as Figures
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    child.stdout?.on('data', (chunk) => {
      text += chunk
      if (text.includes('\n')) resolve(text)
    })
    child.once('exit', (code) => reject(new Error(`a measured process ended with ${code}`)))
  })
}

function report(rows: number, page: number, what: string, { seconds, cpu, megabytes }: Figures, floor: number): void {
  const cells = [
    rows,
    page,
    what,
    seconds.toFixed(2),
    `${(seconds / floor).toFixed(2)}×`,
    Math.round(rows / seconds),
    cpu.toFixed(1),
    Math.round(megabytes),
  ]
  console.log(cells.map((cell) => pad(String(cell))).join(''))
}

function pad(text: string): string {
  return text.padEnd(14)
}

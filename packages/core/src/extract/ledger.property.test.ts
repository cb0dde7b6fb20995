import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareCursors } from './cursor-order.ts'
import { type CursorRule, type CursorValue, plainRule } from './incremental.ts'
import { type CursorsByParent, createLedger, type Ledger, widestBounds } from './ledger.ts'
import { sift } from './sift.ts'

/** A record of the model API: `tick` is when it was written last. */
interface Stored {
  readonly id: number
  readonly version: number
  readonly tick: number
}

interface Clock {
  readonly name: string
  readonly direction: 1 | -1
  /** How the API writes a moment; of the same moment, one record may write it in another way than the next. */
  write(tick: number, id: number): CursorValue
  /** How long a tick is, in the unit of a lag. */
  readonly tickLength: number
}

const clocks: Clock[] = [
  { name: 'integers', direction: 1, tickLength: 1, write: (tick) => tick },
  { name: 'integers beyond 2^53', direction: 1, tickLength: 1, write: (tick) => 9_007_199_254_740_993n + BigInt(tick) },
  { name: 'numeric text', direction: 1, tickLength: 1, write: (tick) => String(95 + tick) },
  {
    name: 'dates',
    direction: 1,
    tickLength: 1,
    write: (tick) => new Date(Date.UTC(2026, 0, 20 + tick)).toISOString().slice(0, 10),
  },
  {
    name: 'timestamps with zones',
    direction: 1,
    tickLength: 900,
    write: (tick, id) => {
      const hours = id % 3
      const local = new Date(Date.UTC(2026, 0, 1, 23 + hours, 15 * tick)).toISOString().slice(0, 19)
      return `${local}+0${hours}:00`
    },
  },
  { name: 'integers that fall', direction: -1, tickLength: 1, write: (tick) => -tick },
]

const recordOf = ({ write }: Clock, { id, version, tick }: Stored) => ({ id, version, at: write(tick, id) })
type Sent = ReturnType<typeof recordOf>

/** What is written to the API's table before a run: ids, and how many ticks later each of them, or how late it shows. */
const change = fc.record({ id: fc.nat(5), later: fc.nat(2), late: fc.nat(2) })

interface Model {
  readonly table: Map<number, Stored>
  now: number
}

function write(model: Model, changes: readonly { id: number; later: number; late: number }[], lag: number): void {
  for (const { id, later, late } of changes) {
    model.now += later
    const { version = 0, tick = 0 } = model.table.get(id) ?? {}
    // No record goes back behind what it was itself.
    model.table.set(id, { id, version: version + 1, tick: Math.max(tick, model.now - Math.min(late, lag)) })
  }
}

/** The answer to one run: in any order; an API that knows no filter sends all. */
function answer(model: Model, clock: Clock, start: CursorValue | undefined, filters: boolean, seed: number): Sent[] {
  const all = [...model.table.values()].map((each) => recordOf(clock, each))
  const sent = all.filter(({ at }) => !filters || start === undefined || compareCursors(at, start) * clock.direction >= 0)
  return sent.sort((a, b) => ((a.id * 7 + seed) % 5) - ((b.id * 7 + seed) % 5))
}

const sortedRows = (rows: readonly Sent[]) => [...rows].sort((a, b) => a.id - b.id || a.version - b.version)

describe('what ledgers let through', () => {
  const names = ['merged', 'appended', 'late']
  const runs = fc.array(
    fc.record({
      changes: fc.array(change, { maxLength: 5 }),
      asked: fc.subarray(names, { minLength: 1 }),
      failing: fc.subarray(names),
      seed: fc.nat(4),
    }),
    { minLength: 1, maxLength: 8 },
  )

  it.each(clocks)(
    'gives each table the latest of every record, and appends each version once: $name [incremental.exactly-once]',
    (clock) => {
      fc.assert(
        fc.property(runs, fc.nat(3), fc.boolean(), (sequence, lag, filters) => {
          const model: Model = { table: new Map(), now: 0 }
          const rule: CursorRule = { ...plainRule('at'), direction: clock.direction, lag: lag * clock.tickLength }
          const isAppended = (name: string) => name !== 'merged'
          const stored = new Map<string, CursorsByParent>()
          const loaded = new Map<string, Sent[]>(names.map((name) => [name, []]))
          const expected = new Map<string, Map<string, Sent>>(names.map((name) => [name, new Map()]))
          const everybody = { changes: [], asked: names, failing: [], seed: 0 }
          for (const { changes, asked, failing, seed } of [...sequence, everybody, everybody]) {
            write(model, changes, lag)
            const consumers = asked.map((name) => ({
              name,
              ledger: createLedger({ rule, stored: stored.get(name) ?? {}, progress: {}, keepBoundary: isAppended(name) }),
            }))
            const { start } = widestBounds(
              consumers.map(({ ledger }) => ledger),
              '',
            )
            const sent = answer(model, clock, start as CursorValue | undefined, filters, seed)
            const sifted = sift('model', consumers, new Set(asked), sent, '')
            for (const { name, ledger } of consumers) {
              if (failing.includes(name)) continue
              loaded.get(name)!.push(...(sifted.records as Sent[]).filter((_, index) => sifted.consumersOf(index).has(name)))
              stored.set(name, structuredClone(ledger.state()))
              for (const each of model.table.values())
                expected.get(name)!.set(`${each.id}/${each.version}`, recordOf(clock, each))
            }
          }
          for (const name of names) {
            const rows = loaded.get(name)!
            const current = [...model.table.values()].map((each) => recordOf(clock, each))
            const merged = [...new Map(rows.map((row) => [row.id, row])).values()]
            expect(sortedRows(merged)).toEqual(sortedRows(current))
            if (isAppended(name)) expect(sortedRows(rows)).toEqual(sortedRows([...expected.get(name)!.values()]))
          }
        }),
        { numRuns: 150 },
      )
    },
  )

  it('appends each version once where runs are cut off at any page and gone on with [incremental.exactly-once]', () => {
    const cutRuns = fc.array(
      fc.record({
        changes: fc.array(change, { minLength: 1, maxLength: 6 }),
        cuts: fc.array(fc.nat(6), { maxLength: 3 }),
        seed: fc.nat(4),
      }),
      { minLength: 1, maxLength: 5 },
    )
    fc.assert(
      fc.property(cutRuns, fc.nat(3), (sequence, lag) => {
        const clock = clocks[0]!
        const rule: CursorRule = { ...plainRule('at'), lag }
        const model: Model = { table: new Map(), now: 0 }
        const rows: Sent[] = []
        const expected = new Map<string, Sent>()
        let stored: CursorsByParent = {}
        for (const { changes, cuts, seed } of [...sequence, { changes: [], cuts: [], seed: 0 }]) {
          write(model, changes, lag)
          for (const each of model.table.values()) expected.set(`${each.id}/${each.version}`, recordOf(clock, each))
          const open = (progress: CursorsByParent, isResumed: boolean): Ledger =>
            createLedger({ rule, stored, progress, keepBoundary: true, isResumed })
          let ledger = open({}, false)
          const { start } = ledger.bounds('')
          const left = answer(model, clock, start as CursorValue | undefined, true, seed)
          // Each cut is a checkpoint after so many pages of one record, and a new process.
          for (const pages of [...cuts, left.length]) {
            for (const record of left.splice(0, pages)) if (ledger.accepts('', record.at, () => record)) rows.push(record)
            const progress = structuredClone(ledger.state())
            if (left.length > 0) ledger = open(progress, true)
          }
          stored = structuredClone(ledger.state())
        }
        expect(sortedRows(rows)).toEqual(sortedRows([...expected.values()]))
      }),
      { numRuns: 300 },
    )
  })
})

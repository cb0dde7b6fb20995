import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../http/request.ts'
import { type CursorRule, plainRule } from './incremental.ts'
import { createLedger, type Ledger } from './ledger.ts'
import { type Consumer, sift } from './sift.ts'

const ledgerFrom = (start: number | undefined, rule: Partial<CursorRule> = {}): Ledger =>
  createLedger({
    rule: { ...plainRule('at'), ...rule },
    stored: start === undefined ? {} : { '': { path: 'at', value: start } },
    progress: {},
    keepBoundary: false,
  })

/** Who gets which of the records. */
function share(consumers: readonly Consumer[], records: readonly JsonValue[]): [JsonValue, string[]][] {
  const sifted = sift('tickets', consumers, new Set(consumers.map(({ name }) => name)), records, '')
  return sifted.records.map((record, index) => [record, [...sifted.consumersOf(index)]])
}

describe('sift', () => {
  it('gives all to everybody where nothing is incremental', () => {
    const consumers = ['tickets', 'comments'].map((name) => ({ name, ledger: undefined }))
    expect(share(consumers, [{ id: 1 }, 'text'])).toEqual([
      [{ id: 1 }, ['tickets', 'comments']],
      ['text', ['tickets', 'comments']],
    ])
  })

  it('drops what the API sent although it was not asked for [incremental.start]', () => {
    expect(share([{ name: 'tickets', ledger: ledgerFrom(2) }], [{ at: 1 }, { at: 2 }])).toEqual([[{ at: 2 }, ['tickets']]])
  })

  it('gives each consumer what it has not had [incremental.per-table]', () => {
    const consumers = [
      { name: 'tickets', ledger: ledgerFrom(3) },
      { name: 'comments', ledger: ledgerFrom(1) },
      { name: 'votes', ledger: ledgerFrom(undefined) },
    ]
    expect(share(consumers, [{ at: 0 }, { at: 2 }, { at: 3 }])).toEqual([
      [{ at: 0 }, ['votes']],
      [{ at: 2 }, ['comments', 'votes']],
      [{ at: 3 }, ['tickets', 'comments', 'votes']],
    ])
  })

  it('has one set for all records of the same consumers', () => {
    const sifted = sift('tickets', [{ name: 'tickets', ledger: ledgerFrom(1) }], new Set(['tickets']), [{ at: 1 }, { at: 2 }], '')
    expect(sifted.consumersOf(0)).toBe(sifted.consumersOf(1))
  })

  it.each<['raise' | 'include' | 'exclude', string, number[] | undefined]>([
    ['raise', 'is an error [incremental.missing.raise]', undefined],
    ['include', 'is loaded [incremental.missing.include]', [1, 2, 4]],
    ['exclude', 'is left out [incremental.missing.exclude]', [1, 4]],
  ])('%s: a record without a cursor value %s', (onMissing, _what, ids) => {
    const read = () => {
      const consumers = [{ name: 'tickets', ledger: ledgerFrom(5, { onMissing }) }]
      const records = [
        { id: 1, at: 5 },
        { id: 2, at: null },
        { id: 3, at: 4 },
        { id: 4, at: 6 },
      ]
      return share(consumers, records).map(([record]) => (record as { id: number }).id)
    }
    if (ids === undefined) expect(read).toThrow(expect.objectContaining({ code: 'CURSOR_MISSING' }))
    else expect(read()).toEqual(ids)
  })
})

import type { JsonValue } from '../http/request.ts'
import type { Came, CameBits } from '../load/batch.ts'
import type { TableSchema } from '../load/schema.ts'
import { isKeptWhole, type Level, type TableNode } from './fields.ts'

/** In which rows a key came. A level of the records of one batch. */
interface Seen {
  /** It was there, be it null. */
  came: Bits
  /** It was there, and no object: all that other records have below it came with it, as nothing. */
  whole: Bits
  readonly keys: Map<string, Seen>
}

/** One bit a row, and how many of them are set. */
interface Bits {
  words: Uint32Array
  count: number
}

const FIRST_WORDS = 16

/** Notes which fields the records of the root table have, batch by batch. */
export interface CameNotes {
  /** Called for each row that stays. */
  note(row: number, record: JsonValue): void
  /** Of the rows since the last batch. `children`: the tables whose parent is the root. */
  take(table: TableSchema, children: readonly Pick<TableSchema, 'name' | 'path'>[], rowCount: number): Came
}

export function createCameNotes(root: TableNode, maxTableNesting: number): CameNotes {
  let top = new Map<string, Seen>()

  const noteKeys = (row: number, object: { [key: string]: JsonValue }, keys: Map<string, Seen>, depth: number, level?: Level) => {
    for (const key in object) {
      const value = object[key]!
      const field = level?.fields.get(key)
      let seen = keys.get(key)
      if (seen === undefined) {
        seen = { came: emptyBits(), whole: emptyBits(), keys: new Map() }
        keys.set(key, seen)
      }
      setBit(seen.came, row)
      const isLeaf = value === null || typeof value !== 'object' || Array.isArray(value)
      if (isLeaf || isKeptWhole(field, depth, maxTableNesting)) setBit(seen.whole, row)
      else noteKeys(row, value, seen.keys, depth + 1, field?.nested)
    }
  }

  /** Where the value at a path came, or something above it that left no room for it. */
  const bitsAt = (path: readonly string[], rowCount: number): CameBits => {
    const found: Uint32Array = new Uint32Array((rowCount + 31) >>> 5)
    let keys: Map<string, Seen> | undefined = top
    for (const [index, key] of path.entries()) {
      const seen: Seen | undefined = keys?.get(key)
      if (seen === undefined) break
      const bits = index === path.length - 1 ? seen.came : seen.whole
      if (bits.count === rowCount) return true
      const { words } = bits
      for (let word = 0; word < words.length && word < found.length; word++) found[word]! |= words[word]!
      keys = seen.keys
    }
    return countOf(found) === rowCount ? true : found
  }

  return {
    note(row, record) {
      if (typeof record === 'object' && record !== null && !Array.isArray(record)) noteKeys(row, record, top, 0, root.level)
    },
    take(table, children, rowCount) {
      const came: Came = {
        columns: table.columns.map(({ path }) => bitsAt(path, rowCount)),
        children: new Map(
          children.map(({ name, path }) => [name, bitsAt(path, rowCount)] as const).filter(([, bits]) => !isNowhere(bits)),
        ),
      }
      top = new Map()
      return came
    },
  }
}

const emptyBits = (): Bits => ({ words: new Uint32Array(FIRST_WORDS), count: 0 })

function setBit(bits: Bits, row: number): void {
  const word = row >>> 5
  if (word >= bits.words.length) {
    const grown = new Uint32Array(Math.max(bits.words.length * 2, word + 1))
    grown.set(bits.words)
    bits.words = grown
  }
  bits.words[word]! |= 1 << (row & 31)
  bits.count++
}

function countOf(words: Uint32Array): number {
  let count = 0
  for (let word of words) for (; word !== 0; word &= word - 1) count++
  return count
}

const isNowhere = (bits: CameBits): boolean => bits !== true && bits.every((word) => word === 0)

import { appendFileSync } from 'node:fs'
import { open } from 'node:fs/promises'

/** Stored rows of a table, each with the position of the record that it met: in memory, and from some number on in a file. */
export interface Places {
  add(file: number, row: number, sequence: number): void
  /** All of them, in the order in which they came. */
  each(visit: (file: number, row: number, sequence: number) => void): Promise<void>
}

/** `held`: how many are kept in memory. */
export function createPlaces(path: string, held: number): Places {
  const numbers: number[] = []
  let isSpilt = false
  return {
    add(file, row, sequence) {
      if (numbers.length >= 3 * held) {
        appendFileSync(path, new Uint8Array(Float64Array.from(numbers).buffer))
        numbers.length = 0
        isSpilt = true
      }
      numbers.push(file, row, sequence)
    },
    async each(visit) {
      const visitAll = (all: ArrayLike<number>): void => {
        for (let at = 0; at < all.length; at += 3) visit(all[at]!, all[at + 1]!, all[at + 2]!)
      }
      if (isSpilt) {
        const part = new Float64Array(3 * held)
        const handle = await open(path, 'r')
        try {
          // All parts of the file are full.
          while ((await handle.read(new Uint8Array(part.buffer))).bytesRead > 0) visitAll(part)
        } finally {
          await handle.close()
        }
      }
      visitAll(numbers)
    },
  }
}

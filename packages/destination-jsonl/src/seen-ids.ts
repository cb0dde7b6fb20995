const FIRST_SLOTS = 1 << 10
/** Some 32 MiB. Beyond it, nothing is known any more. */
const MOST_SLOTS = 1 << 22

/**
 * Notices ids that come more than once, at eight bytes each: two hashes of an id are kept, not the id. It may suspect ids
 * that are different, and never trusts ids that are the same.
 */
export class SeenIds {
  /** Whether some ids may be the same: two hashes were equal, or there were too many to tell. */
  maybeRepeated = false
  private slots: Uint32Array = new Uint32Array(2 * FIRST_SLOTS)
  private count = 0

  add(id: string): void {
    if (this.maybeRepeated || !this.hasRoom()) return
    const [first, second] = hashes(id)
    if (this.put(first, second)) this.count++
    else this.forget()
  }

  /** Whether it may be one of the ids: true where it is. */
  has(id: string): boolean {
    if (this.maybeRepeated) return true
    const [first, second] = hashes(id)
    return this.find(first, second) < 0
  }

  /** False where both hashes are there already. */
  private put(first: number, second: number): boolean {
    const at = this.find(first, second)
    if (at < 0) return false
    this.slots[at] = first
    this.slots[at + 1] = second
    return true
  }

  /** A free place for the hashes; -1 where they are there already. */
  private find(first: number, second: number): number {
    const mask = this.slots.length / 2 - 1
    for (let slot = (first ^ (second >>> 7)) & mask; ; slot = (slot + 1) & mask) {
      const at = slot * 2
      if (this.slots[at + 1] === 0) return at
      if (this.slots[at] === first && this.slots[at + 1] === second) return -1
    }
  }

  /** At most every second slot is taken: then most ids find theirs at once. */
  private hasRoom(): boolean {
    const old = this.slots
    if (this.count * 2 < old.length / 2) return true
    if (old.length >= 2 * MOST_SLOTS) {
      this.forget()
      return false
    }
    this.slots = new Uint32Array(old.length * 2)
    for (let at = 0; at < old.length; at += 2) if (old[at + 1] !== 0) this.put(old[at]!, old[at + 1]!)
    return true
  }

  private forget(): void {
    this.maybeRepeated = true
    this.slots = new Uint32Array(0)
  }
}

/** Two hashes of 32 bits that mix every character into both; the second is never zero, which marks a free slot. */
function hashes(text: string): readonly [first: number, second: number] {
  let one = 0xdeadbeef
  let two = 0x41c6ce57
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    one = Math.imul(one ^ code, 2_654_435_761)
    two = Math.imul(two ^ code, 1_597_334_677)
  }
  const first = Math.imul(one ^ (one >>> 16), 2_246_822_507) ^ Math.imul(two ^ (two >>> 13), 3_266_489_909)
  const second = Math.imul(two ^ (two >>> 16), 2_246_822_507) ^ Math.imul(first ^ (first >>> 13), 3_266_489_909)
  return [first >>> 0, second >>> 0 || 1]
}

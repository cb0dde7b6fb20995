const FIRST_SLOTS = 1 << 10
/** Some 32 MiB. Beyond it, nothing is known any more. */
const MOST_SLOTS = 1 << 22

/** Bytes that a UTF-16 code unit can take in UTF-8. */
const MOST_BYTES = 3
/** Where ids are laid out that are asked for: a buffer for each of them takes several times as long. */
const scratch = Buffer.allocUnsafeSlow(1 << 10)

/**
 * Notices ids that come more than once, at eight bytes each: two hashes of an id are kept, not the id. It may suspect ids
 * that are different, and never trusts ids that are the same.
 */
export class SeenIds {
  /** Whether some ids may be the same: two hashes were equal, or there were too many to tell. */
  maybeRepeated = false
  private slots: Uint32Array = new Uint32Array(2 * FIRST_SLOTS)
  private count = 0
  /** The hashes of the id that was looked at last. */
  private first = 0
  private second = 0

  /** An id that is there in UTF-8. */
  add(bytes: Uint8Array, start: number, end: number): void {
    if (this.maybeRepeated || !this.hasRoom()) return
    this.look(bytes, start, end)
    if (this.put(this.first, this.second)) this.count++
    else this.forget()
  }

  /** Whether it may be one of the ids: true where it is. */
  has(id: string): boolean {
    const bytes = id.length * MOST_BYTES > scratch.length ? Buffer.from(id) : scratch
    return this.hasBytes(bytes, 0, bytes === scratch ? scratch.write(id) : bytes.length)
  }

  /** Of one that is there in UTF-8. */
  hasBytes(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.maybeRepeated) return true
    this.look(bytes, start, end)
    return this.find(this.first, this.second) < 0
  }

  /** Two hashes of 32 bits that mix every byte into both; the second is never zero, which marks a free slot. */
  private look(bytes: Uint8Array, start: number, end: number): void {
    let one = 0xdeadbeef | 0
    let two = 0x41c6ce57
    for (let at = start; at < end; at++) {
      const byte = bytes[at]!
      one = Math.imul(one ^ byte, 2_654_435_761)
      two = Math.imul(two ^ byte, 1_597_334_677)
    }
    const first = Math.imul(one ^ (one >>> 16), 2_246_822_507) ^ Math.imul(two ^ (two >>> 13), 3_266_489_909)
    const second = Math.imul(two ^ (two >>> 16), 2_246_822_507) ^ Math.imul(first ^ (first >>> 13), 3_266_489_909)
    this.first = first >>> 0
    this.second = second >>> 0 || 1
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

/** A set of whole numbers from 0, at one bit each. */
export class BitSet {
  size = 0
  private words: Uint32Array = new Uint32Array(64)

  has(value: number): boolean {
    const word = Math.floor(value / 32)
    return word < this.words.length && (this.words[word]! & (1 << (value % 32))) !== 0
  }

  add(value: number): void {
    const word = Math.floor(value / 32)
    if (word >= this.words.length) {
      const larger = new Uint32Array(Math.max(word + 1, this.words.length * 2))
      larger.set(this.words)
      this.words = larger
    }
    const bit = 1 << (value % 32)
    if ((this.words[word]! & bit) !== 0) return
    this.words[word]! |= bit
    this.size++
  }

  /** From the smallest on. */
  *values(): Generator<number> {
    for (const [word, bits] of this.words.entries())
      for (let rest = bits; rest !== 0; rest &= rest - 1) yield word * 32 + 31 - Math.clz32(rest & -rest)
  }
}

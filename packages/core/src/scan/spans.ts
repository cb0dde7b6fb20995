/** Where the parts of a body are that belong to its rows. */
export class Spans {
  private starts: Uint32Array = new Uint32Array(1024)
  private ends: Uint32Array = new Uint32Array(1024)

  set(row: number, start: number, end: number): void {
    if (row >= this.starts.length) this.grow()
    this.starts[row] = start
    this.ends[row] = end
  }

  /** A row that has no such part. */
  none(row: number): void {
    this.set(row, 0, 0)
  }

  /** Undefined: there is none. */
  textAt(bytes: Buffer, row: number): string | undefined {
    const [start, end] = [this.starts[row]!, this.ends[row]!]
    return start === end ? undefined : bytes.toString('utf8', start, end)
  }

  private grow(): void {
    const { starts, ends } = this
    this.starts = new Uint32Array(starts.length * 2)
    this.starts.set(starts)
    this.ends = new Uint32Array(ends.length * 2)
    this.ends.set(ends)
  }
}

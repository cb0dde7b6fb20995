/** What one process took, from its start to its exit. */
export interface Figures {
  /** Records that it read. */
  readonly rows: number
  /** Of a load: rows that were new, and rows that met one of their key. */
  readonly inserted?: number
  readonly merged?: number
  /** Wall time. */
  readonly seconds: number
  readonly cpu: number
  /** Peak of its memory. */
  readonly megabytes: number
  /** To disk; not told by every system. */
  readonly written?: number
  /** Seconds from the start of the process to its first page. */
  readonly firstPage?: number
}

/** Several runs of one measurement. */
export interface Measured {
  readonly rows: number
  readonly pageSize: number
  /** `floor`, or what was loaded: `duckdb first`. */
  readonly what: string
  readonly runs: readonly Figures[]
}

/** The run whose time is in the middle, and how far the others are from each other, in per cent of it. */
export function medianOf({ runs }: Measured): Figures & { readonly spread: number } {
  const sorted = [...runs].sort((a, b) => a.seconds - b.seconds)
  const median = sorted[Math.floor((sorted.length - 1) / 2)]!
  const spread = (sorted.at(-1)!.seconds - sorted[0]!.seconds) / median.seconds
  return { ...median, spread: Math.round(spread * 100) }
}

export const keyOf = ({ rows, pageSize, what }: Measured): string => `${rows} ${pageSize} ${what}`

/** The seconds of what a measurement is compared with, which reads the same records and loads nothing. Undefined: it was not measured. */
export function secondsOf(other: 'floor' | 'sequential', measured: Measured, all: readonly Measured[]): number | undefined {
  const what = measured.what.endsWith(' changed') ? `${other} changed` : other
  const found = all.find((each) => keyOf(each) === keyOf({ ...measured, what }))
  return found === undefined ? undefined : medianOf(found).seconds
}

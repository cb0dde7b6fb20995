export interface Load {
  readonly milliseconds: number
  /** Milliseconds of all threads, the destination's too. */
  readonly cpu: number
  /** Peak of its process's memory. */
  readonly megabytes: number
  /** Why it failed, where it did. */
  readonly failed?: string
}

/** One kind of load at growing sizes. */
export interface Growth {
  readonly what: string
  readonly loads: { readonly size: number; readonly units: number; readonly load: Load }[]
}

const WIDTHS = [14, 10, 10, 10, 20, 12, 28, 10]

export const growthHeader = (unit: string): string =>
  line(['', 'size', 'ms', 'CPU ms', `CPU ms/${unit}`, '× smallest', `added CPU ms/${unit}`, 'peak MB'])

export function growthRows({ what, loads }: Growth): string[] {
  const measured = loads.filter(({ load }) => load.failed === undefined)
  return loads.map(({ size, load }) => {
    if (load.failed !== undefined) return `${line([what, String(size)])}   failed: ${load.failed}`
    const place = measured.findIndex((each) => each.load === load)
    return line([what, String(size), ...costs(measured, place), load.megabytes.toFixed(0)])
  })
}

function costs(measured: Growth['loads'], place: number): string[] {
  const { units, load } = measured[place]!
  const costOf = (each: Growth['loads'][number]): number => each.load.cpu / each.units
  const before = measured[place - 1]
  const added = before && (load.cpu - before.load.cpu) / (units - before.units)
  const cost = load.cpu / units
  return [
    load.milliseconds.toFixed(0),
    load.cpu.toFixed(0),
    cost.toFixed(3),
    (cost / costOf(measured[0]!)).toFixed(2),
    added === undefined || !Number.isFinite(added) ? '' : added.toFixed(3),
  ]
}

function line(cells: readonly string[]): string {
  return cells
    .map((cell, index) => cell.padStart(WIDTHS[index]!))
    .join('')
    .trimEnd()
}

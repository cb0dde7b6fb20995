import { keyOf, type Measured, medianOf } from './figures.ts'

const HEADER = ['rows', 'page', 'what', 's', '±%', '× floor', 'rows/s', 'CPU s', 'peak MB', 'written MB', 'first page s']
const WIDTHS = [10, 6, 22, 9, 5, 9, 10, 8, 9, 12, 13]

const line = (cells: readonly string[]): string =>
  cells
    .map((cell, index) => cell.padStart(WIDTHS[index]!))
    .join('')
    .trimEnd()
const number = (value: number | undefined, digits: number): string => (value === undefined ? '' : value.toFixed(digits))

export const header = (others: readonly Measured[] | undefined): string =>
  line(HEADER) + (others === undefined ? '' : '   × floor before')

/** `all`: measured so far, the floor of the same rows and pages among them. `before`: of an earlier run. */
export function row(measured: Measured, all: readonly Measured[], before: readonly Measured[] | undefined): string {
  const { rows, seconds, spread, cpu, megabytes, written, firstPage } = medianOf(measured)
  const cells = [
    String(measured.rows),
    String(measured.pageSize),
    measured.what,
    seconds.toFixed(2),
    String(spread),
    number(ofTheFloor(measured, all), 2),
    String(Math.round(rows / seconds)),
    cpu.toFixed(1),
    megabytes.toFixed(0),
    number(written, 0),
    number(firstPage, 2),
  ]
  return line(cells) + (before === undefined ? '' : compared(measured, before))
}

/** Times of different runs say nothing, for the machine was another one: only what they are of their floors. */
function compared(measured: Measured, before: readonly Measured[]): string {
  const old = before.find((other) => keyOf(other) === keyOf(measured))
  const ratio = old === undefined ? undefined : ofTheFloor(old, before)
  return `   ${ratio === undefined ? 'not measured' : ratio.toFixed(2)}`
}

function ofTheFloor(measured: Measured, all: readonly Measured[]): number | undefined {
  const floor = all.find((other) => keyOf(other) === keyOf({ ...measured, what: 'floor' }))
  return floor === undefined ? undefined : medianOf(measured).seconds / medianOf(floor).seconds
}

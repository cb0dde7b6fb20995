import { keyOf, type Measured, medianOf, secondsOf } from './figures.ts'

const HEADER = [
  'rows',
  'page',
  'what',
  's',
  '±%',
  '× floor',
  'overhead s',
  'rows/s',
  'CPU s',
  'peak MB',
  'written MB',
  'first page s',
]
const WIDTHS = [10, 6, 22, 9, 5, 9, 12, 10, 8, 9, 12, 14]
const SEQUENTIAL = '   × as fast as sequential'

const line = (cells: readonly string[]): string =>
  cells
    .map((cell, index) => cell.padStart(WIDTHS[index]!))
    .join('')
    .trimEnd()
const number = (value: number | undefined, digits: number): string => (value === undefined ? '' : value.toFixed(digits))

/** What the table compares with, beside the floor. */
export interface Comparisons {
  /** Measurements of an earlier run. */
  readonly before: readonly Measured[] | undefined
  /** A reader that makes one request after the other. */
  readonly withSequential: boolean
}

export const header = ({ before, withSequential }: Comparisons): string =>
  line(HEADER) + (withSequential ? SEQUENTIAL : '') + (before === undefined ? '' : '   × floor before')

/** `all`: measured so far, the floor of the same rows and pages among them. */
export function row(measured: Measured, all: readonly Measured[], { before, withSequential }: Comparisons): string {
  const { rows, seconds, spread, cpu, megabytes, written, firstPage } = medianOf(measured)
  const floor = secondsOf('floor', measured, all)
  const isLoad = !/^(floor|sequential)/.test(measured.what)
  const cells = [
    String(measured.rows),
    String(measured.pageSize),
    measured.what,
    seconds.toFixed(2),
    String(spread),
    number(floor && seconds / floor, 2),
    number(floor && isLoad ? seconds - floor : undefined, 2),
    String(Math.round(rows / seconds)),
    cpu.toFixed(1),
    megabytes.toFixed(0),
    number(written, 0),
    number(firstPage, 2),
  ]
  const sequential = withSequential ? secondsOf('sequential', measured, all) : undefined
  const asFast = withSequential ? number(sequential && sequential / seconds, 2).padStart(SEQUENTIAL.length) : ''
  return (
    line(cells).padEnd(WIDTHS.reduce((sum, width) => sum + width)) +
    asFast +
    (before === undefined ? '' : compared(measured, before))
  )
}

/** Times of different runs say nothing, for the machine was another one: only what they are of their floors. */
function compared(measured: Measured, before: readonly Measured[]): string {
  const old = before.find((other) => keyOf(other) === keyOf(measured))
  const floor = old && secondsOf('floor', old, before)
  return `   ${old === undefined || floor === undefined ? 'not measured' : (medianOf(old).seconds / floor).toFixed(2)}`
}

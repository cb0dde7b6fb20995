import { type RowBuffer, reserve } from './row-buffer.ts'

const MINUS = 0x2d
const POINT = 0x2e
const ZERO = 0x30
const NEGATIVE = 0x4000
/** Decimal digits in each digit of a `numeric`. */
const GROUP = 4
/** Length of the field, number of groups, weight, sign and scale. */
const HEAD = 12

/** `numeric` from plain decimal text: its digits to the base of 10 000, with the weight of the first of them. */
export function putNumeric(rows: RowBuffer, source: Uint8Array, start: number, end: number): void {
  const isNegative = source[start] === MINUS
  const first = isNegative ? start + 1 : start
  const point = pointIn(source, first, end)
  const scale = Math.max(0, end - point - 1)
  const wholeGroups = Math.ceil((point - first) / GROUP)
  const count = wholeGroups + Math.ceil(scale / GROUP)
  reserve(rows, HEAD + count * 2)
  const { view, at } = rows
  const groups = at + HEAD
  let weight = wholeGroups - 1
  let next = groups
  // Groups of zeros are left out at the beginning and at the end.
  let lastEnd = groups
  for (let index = 0; index < count; index++) {
    const from = index < wholeGroups ? point - (wholeGroups - index) * GROUP : point + 1 + (index - wholeGroups) * GROUP
    const group = groupAt(source, from, first, end)
    if (group === 0 && next === groups) {
      weight--
      continue
    }
    view.setInt16(next, group)
    next += 2
    if (group !== 0) lastEnd = next
  }
  const isZero = lastEnd === groups
  view.setInt32(at, lastEnd - at - 4)
  view.setInt16(at + 4, (lastEnd - groups) / 2)
  view.setInt16(at + 6, isZero ? 0 : weight)
  view.setInt16(at + 8, isNegative && !isZero ? NEGATIVE : 0)
  view.setInt16(at + 10, scale)
  rows.at = lastEnd
}

/** Where the point is; the end, where there is none. */
function pointIn(source: Uint8Array, start: number, end: number): number {
  for (let at = start; at < end; at++) if (source[at] === POINT) return at
  return end
}

/** Four digits from `from` on; outside of the number they are zeros. */
function groupAt(source: Uint8Array, from: number, first: number, end: number): number {
  let group = 0
  for (let at = from; at < from + GROUP; at++) group = group * 10 + (at < first || at >= end ? 0 : source[at]! - ZERO)
  return group
}

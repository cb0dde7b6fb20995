import { type LineBuffer, putAscii, putByte, reserve } from './line-buffer.ts'
import { putDigits, putInteger } from './put-integer.ts'

const HUNDRED = 100
/** Every decimal of so many digits is the shortest one that reads as its double. */
const MOST_DIGITS = 1e15
const [MINUS, POINT, ZERO] = [0x2d, 0x2e, 0x30]

/** A double as JSON text. JSON has no infinities; a number too large for a double reads as one. */
export function putDouble(lines: LineBuffer, value: number): void {
  const hundredths = Math.round(value * HUNDRED)
  if (hundredths / HUNDRED === value && hundredths !== 0 && Math.abs(hundredths) < MOST_DIGITS) putHundredths(lines, hundredths)
  else if (Number.isFinite(value)) putAscii(lines, Object.is(value, -0) ? '-0' : String(value))
  else putAscii(lines, value > 0 ? '1e999' : '-1e999')
}

/** Prices and the like, in a third of the time that the engine takes. */
function putHundredths(lines: LineBuffer, hundredths: number): void {
  const all = Math.abs(hundredths)
  const whole = Math.floor(all / HUNDRED)
  const rest = all - whole * HUNDRED
  if (hundredths < 0) putByte(lines, MINUS)
  putInteger(lines, whole)
  if (rest === 0) return
  reserve(lines, 3)
  lines.bytes[lines.at++] = POINT
  putDigits(lines, rest, 2)
  if (lines.bytes[lines.at - 1] === ZERO) lines.at--
}

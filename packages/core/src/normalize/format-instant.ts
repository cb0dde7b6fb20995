const MICROS_PER_DAY = 86_400_000_000n
const MILLIS_PER_DAY = 86_400_000
/** After so many days, the calendar repeats. */
const DAYS_PER_400_YEARS = 146_097

/** ISO 8601 text in UTC of microseconds since 1970, with as many digits of a second as it takes: `2026-01-02T03:04:05.5Z`. */
export function formatInstant(micros: bigint): string {
  const number = Number(micros)
  if (Number.isSafeInteger(number)) return formatNear(number)
  const rest = ((micros % MICROS_PER_DAY) + MICROS_PER_DAY) % MICROS_PER_DAY
  return `${formatDate(Number((micros - rest) / MICROS_PER_DAY))}T${formatTime(rest)}Z`
}

/** Within some 285 years of 1970, where microseconds are exact numbers: the engine's own formatting, and no bigints. */
function formatNear(micros: number): string {
  const millis = Math.floor(micros / 1000)
  const below = micros - millis * 1000
  const text = new Date(millis).toISOString()
  if (below === 0 && text.endsWith('.000Z')) return `${text.slice(0, -5)}Z`
  if (below === 0) return `${text.slice(0, -1).replace(/0+$/, '')}Z`
  return `${text.slice(0, -1)}${String(below).padStart(3, '0').replace(/0+$/, '')}Z`
}

/** `YYYY-MM-DD` of days since 1970-01-01. Years beyond 0 to 9999 have a sign and six digits, as in ISO 8601. */
export function formatDate(days: number): string {
  const date = new Date(days * MILLIS_PER_DAY)
  if (!Number.isNaN(date.getTime())) return date.toISOString().split('T', 1)[0]!
  // Further away than a Date can be.
  const cycles = Math.trunc(days / DAYS_PER_400_YEARS)
  const near = new Date((days - cycles * DAYS_PER_400_YEARS) * MILLIS_PER_DAY)
  const year = near.getUTCFullYear() + cycles * 400
  return `${year < 0 ? '-' : '+'}${String(Math.abs(year)).padStart(6, '0')}${near.toISOString().slice(-20, -14)}`
}

/** `HH:MM:SS` of microseconds since midnight, with a fraction where there is one. */
export function formatTime(micros: bigint): string {
  const seconds = Number(micros / 1_000_000n)
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  const text = clock.map((part) => String(part).padStart(2, '0')).join(':')
  const fraction = String(micros % 1_000_000n)
    .padStart(6, '0')
    .replace(/0+$/, '')
  return fraction === '' ? text : `${text}.${fraction}`
}

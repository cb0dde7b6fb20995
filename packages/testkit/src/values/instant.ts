const DAY = 86_400_000_000n
const ISO_DATE = /^(\d{4})-(\d\d)-(\d\d)$/
const ISO_TIME = /^(\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?$/
const ISO_INSTANT = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d{1,6})?)(?:Z|\+00(?::?00)?)$/

/** Days since 1970-01-01 of `YYYY-MM-DD`. Throws `RangeError` for any other text. */
export function parseDate(text: string): number {
  const match = ISO_DATE.exec(text)
  if (match === null) throw new RangeError(`not a date YYYY-MM-DD: ${JSON.stringify(text)}`)
  // Not Date.UTC, which takes the years below 100 for those of the twentieth century.
  const milliseconds = new Date(`${text}T00:00:00Z`).getTime()
  if (Number.isNaN(milliseconds)) throw new RangeError(`no such date: ${text}`)
  return milliseconds / 86_400_000
}

/** `YYYY-MM-DD` of days since 1970-01-01, for the years 0 to 9999. */
export function formatDate(days: number): string {
  return new Date(days * 86_400_000).toISOString().slice(0, 10)
}

/** Microseconds since midnight of `HH:MM:SS`, with up to six digits of a fraction. Throws `RangeError` for any other text. */
export function parseTime(text: string): bigint {
  const match = ISO_TIME.exec(text)
  if (match === null) throw new RangeError(`not a time HH:MM:SS[.ffffff]: ${JSON.stringify(text)}`)
  const [, hours, minutes, seconds, fraction = ''] = match
  const whole = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)
  return BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(6, '0'))
}

/** `HH:MM:SS` of microseconds since midnight, with a fraction where there is one. */
export function formatTime(micros: bigint): string {
  const seconds = Number(micros / 1_000_000n)
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
    .map((part) => String(part).padStart(2, '0'))
    .join(':')
  const fraction = String(micros % 1_000_000n)
    .padStart(6, '0')
    .replace(/0+$/, '')
  return fraction === '' ? clock : `${clock}.${fraction}`
}

/** Microseconds since 1970-01-01T00:00:00Z of ISO 8601 text in UTC. Throws `RangeError` for any other text. */
export function parseInstant(text: string): bigint {
  const match = ISO_INSTANT.exec(text)
  if (match === null) throw new RangeError(`not an ISO 8601 instant in UTC: ${JSON.stringify(text)}`)
  return BigInt(parseDate(match[1]!)) * DAY + parseTime(match[2]!)
}

/** ISO 8601 text in UTC of microseconds since 1970-01-01T00:00:00Z. */
export function formatInstant(micros: bigint): string {
  const rest = ((micros % DAY) + DAY) % DAY
  return `${formatDate(Number((micros - rest) / DAY))}T${formatTime(rest)}Z`
}

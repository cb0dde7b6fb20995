import { idStart, readHead } from './lines.ts'
import type { SeenIds } from './seen-ids.ts'

const [LINE_FEED, QUOTE, BACKSLASH] = [0x0a, 0x22, 0x5c]

/** Whether some of these whole lines of a root table may have one of the ids. No string is made of a line. */
export function mayHaveAny(seen: SeenIds, lines: Buffer): boolean {
  for (let line = 0; line < lines.length; ) {
    const end = lines.indexOf(LINE_FEED, line)
    const start = idStart(lines, line)
    let close = start
    while (close < end && lines[close] !== QUOTE && lines[close] !== BACKSLASH) close++
    const isPlain = lines[close] === QUOTE
    const may = isPlain ? seen.hasBytes(lines, start, close) : seen.has(readHead(lines.toString('utf8', line, end), false).id)
    if (may) return true
    line = end + 1
  }
  return false
}

import { stringAt, stringEnd } from './lines.ts'

/**
 * The members of a JSON object on one line, from the comma at `from` on, as text: what is only moved about keeps every digit,
 * sign and space.
 */
export function rawMembers(line: string, from: number): Map<string, string> {
  const members = new Map<string, string>()
  let at = from
  while (line[at] === ',') {
    const { value: name, end } = stringAt(line, at + 1)
    const valueEnd = endOfValue(line, end + 1)
    members.set(name, line.slice(end + 1, valueEnd))
    at = valueEnd
  }
  return members
}

/** Members as they follow others in an object. */
export function membersText(members: Iterable<readonly [name: string, raw: string]>): string {
  let text = ''
  for (const [name, raw] of members) text += `,${JSON.stringify(name)}:${raw}`
  return text
}

/** Where the value has ended that starts at `start`: at the next comma or brace that is its object's. */
function endOfValue(line: string, start: number): number {
  let depth = 0
  for (let at = start; at < line.length; at++) {
    switch (line.charCodeAt(at)) {
      case 0x22: // "
        at = stringEnd(line, at) - 1
        break
      case 0x5b: // [
      case 0x7b: // {
        depth++
        break
      case 0x5d: // ]
      case 0x7d: // }
        if (depth === 0) return at
        depth--
        break
      case 0x2c: // ,
        if (depth === 0) return at
    }
  }
  return line.length
}

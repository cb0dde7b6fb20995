import { SYSTEM_COLUMNS } from '@tributary/core'
import { type Head, instantText, stringAt } from './lines.ts'

const FROM = `,"${SYSTEM_COLUMNS.validFrom}":`
const TO = `,"${SYSTEM_COLUMNS.validTo}":`
const HASH = `,"${SYSTEM_COLUMNS.rowHash}":`

/** What a line of a versioned table says about its version. */
export interface Version {
  readonly isActive: boolean
  readonly hash: string | undefined
}

export function readVersion(line: string, head: Head): Version {
  const from = afterFrom(line, head)
  const to = line.startsWith(TO, from) ? stringAt(line, from + TO.length).end : from
  const hash = line.startsWith(HASH, to) ? stringAt(line, to + HASH.length).value : undefined
  return { isActive: to === from, hash }
}

/** The line as a version that has ended. */
export function endVersion(line: string, head: Head, at: Date): string {
  const from = afterFrom(line, head)
  return `${line.slice(0, from)}${TO}"${instantText(at)}"${line.slice(from)}`
}

/** Rows that were there before the table had versions have no beginning. */
const afterFrom = (line: string, { end }: Head): number =>
  line.startsWith(FROM, end) ? stringAt(line, end + FROM.length).end : end

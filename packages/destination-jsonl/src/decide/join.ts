import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { readLines } from '@tributary/file-dataset'
import { stringAt } from '../lines.ts'
import { createTextAppender, type TextAppender } from '../text-appender.ts'

/**
 * Takes an entry by the text that it has in common with others. What it says is made, or read, where it is asked for. Text of it
 * that is kept has to be made one's own: see `ownText`.
 */
type Put<Entry> = (key: string, entry: () => Entry) => void

/** Decides what has one of a share of the keys. */
export interface Part<Sides extends Record<string, unknown>> {
  /** One side after the other, in this order. */
  readonly visit: { readonly [Side in keyof Sides]: Put<Sides[Side]> }
  /** When all was visited. */
  end?(): void
}

/**
 * Brings together what has the same key on several sides, as a hash join does: where there is little, at once; otherwise each
 * side is written once, into a file for each share of the keys, and the shares are decided one after the other.
 */
export interface Join<Sides extends Record<string, unknown>> {
  /** To be called for one side after the other, in the order of `Part.visit`. Entries are JSON values. */
  readonly put: { readonly [Side in keyof Sides]: Put<Sides[Side]> }
  /** Whether what is put is written. */
  readonly isWritten: boolean
  /** Once, when all was put. */
  decide(): Promise<void>
}

/** Bytes that are kept back before they are written, of all files together. */
const HELD = 8 << 20

/** `path`: files are named so, and on. `parts`: shares of the keys. */
export function createJoin<Sides extends Record<string, unknown>>(
  path: string,
  parts: number,
  begin: () => Part<Sides>,
): Join<Sides> {
  if (parts <= 1) {
    const { visit, end } = begin()
    return { put: visit, isWritten: false, decide: async () => end?.() }
  }
  const first = begin()
  const sides = Object.keys(first.visit)
  const fileOf = (side: string, part: number): string => `${path}-${side}-${part}.jsonl`
  const held = Math.ceil(HELD / parts / sides.length)
  const files: TextAppender[] = []
  const write = (side: string): Put<unknown> => {
    const own = Array.from({ length: parts }, (_, part) => createTextAppender(fileOf(side, part), held))
    files.push(...own)
    return (key, entry) => own[spread(key) % parts]!.add(`${JSON.stringify(key)}${JSON.stringify(entry())}\n`)
  }
  return {
    put: Object.fromEntries(sides.map((side) => [side, write(side)])) as Part<Sides>['visit'],
    isWritten: true,
    async decide() {
      for (const file of files) file.flush()
      for (let part = 0; part < parts; part++) {
        const { visit, end } = part === 0 ? first : begin()
        for (const side of sides) await readEntries(fileOf(side, part), visit[side]!)
        end?.()
      }
    },
  }
}

async function readEntries(path: string, visit: Put<never>): Promise<void> {
  if (!existsSync(path)) return
  for await (const lines of readLines(path)) {
    for (const line of lines) {
      const { value: key, end } = stringAt(line, 0)
      visit(key, () => JSON.parse(line.slice(end)) as never)
    }
  }
  await rm(path)
}

/** A copy of text that is kept: as a piece of a line, it would hold on to all the lines that were read with it. */
export const ownText = (text: string): string => ` ${text}`.slice(1)

function spread(text: string): number {
  let state = 0
  for (let i = 0; i < text.length; i++) state = (Math.imul(state, 31) + text.charCodeAt(i)) >>> 0
  return state
}

import { expect, it } from 'vitest'
import { type Killed, killAt, killer } from './kill.ts'
import { COMMIT, momentsWithin, randomFrom } from './moments.ts'
import { DISPOSITIONS } from './scenarios.ts'
import { fileTarget } from './target.ts'

/** One of them falls between the two commits, whatever the machine: each is as likely as not to do so. */
const MOST = 60
const { arena } = await killer()
const target = fileTarget('jsonl')
const append = DISPOSITIONS.find(({ name }) => name === 'append')!

it.each([
  { fault: 'rows-first', finds: 'doubled' },
  { fault: 'state-first', finds: 'lost' },
] as const)(
  'a destination that commits rows and state one after the other is found out: $fault, rows are $finds [state.kill.found-out]',
  async ({ fault, finds }) => {
    const own = await arena(target, append, fault)
    const moments = momentsWithin(await own.measure(), COMMIT, MOST, randomFrom(fault))
    const found: Killed[] = []
    const isRow = (line: string): boolean => line.startsWith('row ')
    while (moments.length > 0 && !found.some((killed) => killed[finds].some(isRow)))
      found.push(...(await killAt(own, moments.splice(0, 4))))
    const last = found.findLast((killed) => killed[finds].some(isRow))
    expect(last, `none of ${found.length} kills found it`).toMatchObject({ wasKilled: true, inCommit: true })
  },
  600_000,
)

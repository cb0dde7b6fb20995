import { describe, expect, it } from 'vitest'
import type { DestinationCase } from './case.ts'
import { destinationCases } from './cases.ts'
import { caseNamed, type Fault, type Faults, passes, withoutRule } from './faults/fault.ts'
import { keyFaults } from './faults/keys.ts'
import { loadFaults } from './faults/loads.ts'
import { lookingFaults } from './faults/looking.ts'
import { strategyFaults } from './faults/strategies.ts'

const FAULTS: Faults = { ...loadFaults, ...strategyFaults, ...keyFaults, ...lookingFaults }

describe('the suite notices a destination that', () => {
  it.each(Object.entries(FAULTS))('%s', async (_name, { noticedBy, ...fault }) => {
    const found = caseNamed(noticedBy)
    expect(found, `no case is called ${noticedBy}`).toBeDefined()
    expect(await passes(found!, {}), 'the case passes without the fault').toBe(true)
    expect(await passes(found!, fault), `${noticedBy} should fail`).toBe(false)
  })

  const OF_THE_MODEL: readonly (readonly [fault: string, runs: string])[] = [
    ['loses the last row of a batch', 'without a key'],
    ['ignores duplicates', 'with a key, by every strategy'],
    ['keeps the first of duplicates', 'with a key, by every strategy'],
    ['forgets grandchildren', 'without a key'],
    ['forgets state', 'of versions'],
    ['appends instead of replacing', 'without a key'],
    ['gives every row the id of the load', 'with a key, by every strategy'],
    ['merges by the first column of the key', 'with a key, by every strategy'],
    ['cuts timestamps to milliseconds', 'of versions'],
    ['commits on abort', 'without a key'],
    ['upserts whole rows', 'with a key, by every strategy'],
    ['takes null for a field that did not come', 'with a key, by every strategy'],
    ['takes an empty list for one that did not come', 'with a key, by every strategy'],
    ['takes of repeated keys the last record alone', 'with a key, of records that say parts'],
    ['takes of repeated keys the last record alone', 'with a key that appends double'],
    ['takes of repeated keys the first record', 'with a key, of records that say parts'],
    ['takes what was before a deletion of the same load', 'with a key, of records that say parts'],
    ['takes what came after a deletion for whole, each record of it', 'with a key, of records that say parts'],
    ['inserts the last of duplicates', 'with a key, by every strategy'],
    ['never removes what is absent', 'with a key, by every strategy'],
    ['never removes what is absent', 'of versions'],
    ['always removes what is absent', 'with a key, by every strategy'],
    ['always ends what is absent', 'of versions'],
    ['does not bound versions by a merge key', 'of versions'],
    ['keeps every one of equal versions', 'of versions'],
    ['knows no merge keys', 'without a key'],
    ['knows no merge keys', 'with a key, by every strategy'],
    ['does not sort', 'with a key, by every strategy'],
    ['does not sort', 'of versions'],
    ['knows no deletions', 'without a key'],
    ['knows no deletions', 'of versions'],
    ['replaces the whole of a partition, also what did not change', 'with a key, by every strategy'],
  ]
  it.each(OF_THE_MODEL)('%s, by the model of loads %s alone', async (name, runs) => {
    const model = caseNamed(`model: any sequence of loads ${runs} gives the rows that a simple model gives`)
    expect(await passes(model!, FAULTS[name]!)).toBe(false)
  })
})

describe('a case that no fault can break says nothing:', () => {
  it.each(destinationCases.map((destinationCase) => [withoutRule(destinationCase), destinationCase] as const))(
    '%s',
    async (_name, destinationCase) => {
      for (const fault of likeliestFirst(destinationCase)) if (!(await passes(destinationCase, fault))) return
      expect.fail('no fault breaks it')
    },
  )
})

/** Each fault; before others, those that this case must notice. */
function likeliestFirst(destinationCase: DestinationCase): Fault[] {
  const isNoticed = ({ noticedBy }: Faults[string]): boolean => caseNamed(noticedBy) === destinationCase
  const all = Object.values(FAULTS)
  return [...all.filter(isNoticed), ...all.filter((fault) => !isNoticed(fault))]
}

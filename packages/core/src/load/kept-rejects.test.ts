import { describe, expect, it } from 'vitest'
import type { ResolvedResource } from '../connector/resolve.ts'
import type { Dataset } from './destination.ts'
import { createKeptRejects, type KeptRejects } from './kept-rejects.ts'
import type { Reject } from './reject.ts'

const rejectOf = (loadId: number, sequence: number, key: string): Reject => ({
  loadId,
  resource: 'things',
  sequence,
  key,
  table: 'things',
  reason: 'columns',
  kind: 'record',
  message: 'left out',
  record: { id: key },
})

function keptBy(primaryKey: readonly string[], ...stored: readonly Reject[]): KeptRejects {
  const resource = { name: 'things', disposition: 'append', strategy: 'delete-insert', primaryKey, mergeKey: [] }
  const dataset: Pick<Dataset, 'rejects'> = {
    async *rejects() {
      yield* stored
    },
  }
  const of = { keyOf: () => undefined, firstLoadId: 3 }
  return createKeptRejects(resource as unknown as ResolvedResource, dataset as Dataset, of)
}

describe('rejects of append that may have come before', () => {
  const add = async (kept: KeptRejects, mayRepeat: boolean, ...rejects: Reject[]): Promise<unknown[]> =>
    (await kept.add({ counts: {}, rejects, mayRepeat }, 4)).map(({ key }) => key)

  it('are not kept again where an earlier load of their run has kept them [contracts.rejects.repeats]', async () => {
    const kept = keptBy(['id'], rejectOf(2, 1, 'of another run'), rejectOf(3, 1, 'of this run'))
    const again = [rejectOf(4, 1, 'of another run'), rejectOf(4, 2, 'of this run'), rejectOf(4, 3, 'new')]
    expect(await add(kept, true, ...again)).toEqual(['of another run', 'new'])
  })

  it('are not kept again where their load has kept them [contracts.rejects.repeats]', async () => {
    const kept = keptBy(['id'])
    expect(await add(kept, false, rejectOf(4, 1, 'a'), rejectOf(4, 2, 'b'))).toEqual(['a', 'b'])
    expect(await add(kept, true, rejectOf(4, 3, 'b'), rejectOf(4, 4, 'c'))).toEqual(['c'])
  })

  it('are all kept where they cannot have come before, or nothing tells [contracts.rejects.repeats]', async () => {
    expect(await add(keptBy(['id'], rejectOf(3, 1, 'a')), false, rejectOf(4, 1, 'a'))).toEqual(['a'])
    expect(await add(keptBy([], rejectOf(3, 1, 'a')), true, rejectOf(4, 1, 'a'))).toEqual(['a'])
  })
})

import { type SyncOptions, sync } from '@tributary/core'
import { describe, expect, it } from 'vitest'
import type { Place } from '../support/places.ts'
import { demoConnector, type Installed, installedConnectors } from './connectors.ts'
import { type Contents, contentsOf } from './contents.ts'
import { otherKinds, REFERENCE } from './kinds.ts'

const connectors = await installedConnectors()
const kinds = await otherKinds()

/** What each run is told, and as of which revision of its demo API. */
const RUNS: readonly (readonly [what: string, revision: number, options: Partial<SyncOptions>])[] = [
  ['first', 0, {}],
  ['with changes', 3, {}],
  ['with none', 3, {}],
  ['full refresh', 4, { fullRefresh: true }],
]

async function runsOf(installed: Installed, place: Place): Promise<Contents[]> {
  const contents: Contents[] = []
  for (const [what, revision, options] of RUNS) {
    const connector = await demoConnector(installed, revision)
    const { status, dataset } = await sync({ connector, destination: place.destination, ...options })
    expect(status, what).toBe('ok')
    contents.push(await contentsOf(place, dataset))
  }
  return contents
}

const references = new Map<Installed, Promise<Contents[]>>()
function referenceOf(installed: Installed): Promise<Contents[]> {
  const known = references.get(installed) ?? Promise.resolve(REFERENCE.make()).then((place) => runsOf(installed, place))
  references.set(installed, known)
  return known
}

const roots = ({ tables }: Contents): [string, number][] =>
  Object.entries(tables).flatMap(([place, { rows }]) => (place.includes(' > ') ? [] : [[place, rows.length]]))

describe.each(connectors)('$folder', (installed) => {
  it('doubles nothing, loses nothing, and lists its loads [suite.matrix.connectors.once]', async () => {
    const runs = await referenceOf(installed)
    for (const contents of runs) {
      expect(roots(contents)).toEqual(roots(runs[0]!))
      for (const { rows } of Object.values(contents.tables))
        expect(new Set(rows.map(({ _sync_id: id }) => id)).size).toBe(rows.length)
    }
    expect(Math.min(...roots(runs[0]!).map(([, count]) => count))).toBeGreaterThan(1000)
    expect(runs.map(({ loads }) => loads.length)).toEqual(runs.map((_, index) => (index + 1) * roots(runs[0]!).length))
    // The changes came.
    expect(runs[1]!.tables).not.toEqual(runs[0]!.tables)
  })

  it.for(kinds)('has in $name what it has in DuckDB [suite.matrix.connectors]', async (kind, { skip }) => {
    skip(kind.missing !== undefined, kind.missing)
    const expected = await referenceOf(installed)
    const found = await runsOf(installed, await kind.make())
    for (const [index, [what]] of RUNS.entries()) expect(found[index], what).toEqual(expected[index])
  })
})

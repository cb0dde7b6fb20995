import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../testing/loads.ts'
import { createPlaces } from './places.ts'

describe('Places', () => {
  it.each([0, 1, 3, 4, 6, 7, 20])('gives back %i of them, in order, where three fit into memory', async (count) => {
    const places = createPlaces(join(await temporaryFolder(), 'places'), 3)
    const all = Array.from({ length: count }, (_, index) => [index % 2, index, 2 ** 40 + index])
    for (const [file, row, sequence] of all) places.add(file!, row!, sequence!)
    const seen: number[][] = []
    await places.each((...place) => seen.push(place))
    expect(seen).toEqual(all)
  })
})

import type { JsonValue } from '@tributary/core'

export type Item = { readonly [key: string]: JsonValue }

/** Few, for every kill costs one more run of them; yet several pages and checkpoints. */
const BEFORE = 60
const AFTER = 100

/** A record with children two levels deep. `version` changes what they are, and how many. */
const thing = (id: number, version: number, more: Item = {}): Item => ({
  id,
  at: version * 1000 + id,
  name: `thing ${id}, version ${version}`,
  price: id + version,
  code: id,
  venue: { city: id % 2 === 0 ? 'Köln' : null, row: id % 30 },
  tags: ['early', 'group', 'late'].slice(0, (id + version) % 4),
  lines: Array.from({ length: (id + version) % 3 }, (_, index) => ({
    sku: `${id}-${index}`,
    lots: Array.from({ length: (index + version) % 3 }, (_, lot) => ({ lot, of: version })),
  })),
  ...more,
})

/** What the API has before the run that is killed. */
export const before: readonly Item[] = Array.from({ length: BEFORE }, (_, index) => thing(index + 1, 0))

/**
 * What it has when that run comes: some are gone, some have changed and some are new; some came twice; a column is new, one
 * is to be wider and one gets a value of another type. Not in the order of the cursor. The one that comes three times
 * has a colour only at first, and comes behind the last checkpoint: of an upsert, the colour would else be kept by a run that has
 * checkpoints, and not by one that has none.
 */
export const after: readonly Item[] = [
  ...Array.from({ length: AFTER }, (_, index) => index + 1)
    .filter((id) => id > BEFORE || id % 10 !== 3)
    .map((id) =>
      id <= BEFORE && id % 3 !== 0
        ? before[id - 1]!
        : thing(id, 1, {
            ...(id % 5 === 0 && { colour: `colour ${id}` }),
            ...(id % 25 === 0 && { price: id + 0.5 }),
            ...(id % 35 === 0 && { code: `code ${id}` }),
            ...(id % 20 === 1 && { lines: null }),
          }),
    ),
  thing(5, 2),
  thing(AFTER - 10, 2),
  thing(AFTER - 10, 3, { tags: ['last'] }),
  thing(9, 1, { at: 999 }),
]

/** Posts, which have comments, which have likes. What a contract leaves out is never at the end, where it would be read again. */
const post = (id: number): Item => ({
  id,
  at: id,
  title: `post ${id}`,
  ...(id % 7 === 0 && { score: 'none' }),
  ...(id % 7 === 1 && { score: id }),
})
const POSTS_BEFORE = 16
const POSTS_AFTER = 36

export const postsBefore: readonly Item[] = Array.from({ length: POSTS_BEFORE }, (_, index) => post(index + 1))
export const postsAfter: readonly Item[] = Array.from({ length: POSTS_AFTER }, (_, index) => post(index + 1))

export const commentsOf = (of: number): Item[] =>
  Array.from({ length: of % 4 }, (_, index) => ({
    id: of * 10 + index,
    post: of,
    words: ['a', 'b'].slice(0, index),
    score: of % 5 === 0 && index === 1 ? 'many' : index,
  }))

export const likesOf = (comment: number): Item[] =>
  Array.from({ length: comment % 3 }, (_, index) => ({ id: comment * 10 + index, comment }))

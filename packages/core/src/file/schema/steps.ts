import * as v from 'valibot'
import { type AnySchema, anything, comparable, flag, list, needed, oneOf, optional, record, strict, text } from './words.ts'

const path = (): AnySchema => text('the name of a field')

/** One thing that becomes of each record: drop, rename, mask or filter. */
export const stepSchema: AnySchema = strict(
  {
    drop: optional(list(path(), 'a list of fields'), 'Fields that are left out; dots reach into objects.'),
    rename: optional(record(path(), 'an object { old: new }'), 'New names of fields, by the old ones.'),
    mask: optional(
      record(oneOf('mask', ['hash', 'redact']), 'an object { field: hash } or { field: redact }'),
      'What becomes of the value: hash, a keyed SHA-256 that is the same for the same value, or redact.',
    ),
    salt: optional(
      text('a text', () => 'none'),
      // biome-ignore lint/suspicious/noTemplateCurlyInString: as it is written in a file
      'Key of the hashes, beside mask. A secret of yours: ${MASK_SALT}.',
    ),
    filter: optional(
      strict({
        field: needed(path(), 'The field that is looked at.'),
        equals: v.pipe(v.optional(anything()), v.description('Keeps records whose field is this.')),
        not_equals: v.pipe(v.optional(anything()), v.description('Keeps records whose field is not this.')),
        in: v.pipe(v.optional(list(anything(), 'a list of values')), v.description('Keeps records whose field is one of these.')),
        exists: v.pipe(v.optional(flag()), v.description('Keeps records that have a value there (true), or none (false).')),
        greater_than: v.pipe(v.optional(comparable()), v.description('Keeps records whose field is more than this.')),
        less_than: v.pipe(v.optional(comparable()), v.description('Keeps records whose field is less than this.')),
      }),
      'Keeps the records for which all conditions hold.',
    ),
  },
  {
    map: 'is a function, which a file cannot hold. In a file there are drop, rename, mask and filter; write a .ts connector for others.',
    flat_map:
      'is a function, which a file cannot hold. In a file there are drop, rename, mask and filter; write a .ts connector for others.',
    yield_map:
      'is a function, which a file cannot hold. In a file there are drop, rename, mask and filter; write a .ts connector for others.',
  },
)

import { type AnySchema, custom, expected, kindOf, record } from './words.ts'

/** Headers by name; their values may be credentials. */
export const headersSchema: AnySchema = record(
  custom((value) => value === null || typeof value === 'string', expected('a text', kindOf), { type: ['string', 'null'] }),
  'an object with the headers',
)

import type { Place } from '../support/places.ts'
import { HALVES_IN_JSON } from './hostile/values.ts'
import { jsonText } from './values.ts'

/** What a destination gives otherwise than DuckDB, and may. */
export interface Difference {
  readonly kind: Place['kind']
  readonly scenarios: readonly string[]
  readonly reason: string
  /** What it has in the place of the text of a value that DuckDB has. */
  readonly value?: (text: string) => string
  /** Runs that fail instead, from 0, and the code that they fail with. */
  readonly fails?: { readonly runs: readonly number[]; readonly code: string }
}

/** JSON as it came, by what is made of it. */
const HALVES: ReadonlyMap<string, string> = new Map(
  HALVES_IN_JSON.map((value) => jsonText(value)).map((text) => [withoutHalves(text), text]),
)

export const DIFFERENCES: readonly Difference[] = [
  ...(['jsonl', 'parquet', 'postgres'] as const).map((kind) => ({
    kind,
    scenarios: ['texts'],
    reason: 'The driver of DuckDB leaves out U+FEFF where a text that it reads begins with it; the database has it.',
    value: (text: string) => (text === 'BOM' ? '\ufeffBOM' : text),
  })),
  {
    kind: 'jsonl',
    scenarios: ['halves_of_pairs_in_json'],
    reason: 'A JSON column of JSON Lines keeps half of a surrogate pair as the escape that it is, where the others have U+FFFD.',
    value: (text) => HALVES.get(text) ?? text,
  },
  {
    kind: 'postgres',
    scenarios: ['zeros_in_texts', 'keys_of_columns', 'keys_of_objects_and_lists'],
    reason: 'Texts of PostgreSQL cannot hold U+0000: U+2400 stands in its place, and a warning counts them.',
    value: (text) => text.replaceAll('\u0000', '\u2400'),
  },
  {
    kind: 'postgres',
    scenarios: ['five_thousand_keys'],
    reason: 'A table of PostgreSQL has 1 600 columns at most.',
    fails: { runs: [0], code: 'TABLE_TOO_WIDE' },
  },
]

export const differenceOf = (kind: Place['kind'], scenario: string): Difference | undefined =>
  DIFFERENCES.find((difference) => difference.kind === kind && difference.scenarios.includes(scenario))

/** JSON with U+FFFD in the place of its escapes of halves; `JSON.stringify` writes whole pairs as they are. */
function withoutHalves(text: string): string {
  return text.replaceAll(/(?<!\\)((?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/g, '$1\ufffd')
}

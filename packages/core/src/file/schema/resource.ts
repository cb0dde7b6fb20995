import * as v from 'valibot'
import { DATA_TYPES } from '../columns.ts'
import { endpointSchema } from './endpoint.ts'
import { stepSchema } from './steps.ts'
import {
  type AnySchema,
  anyText,
  expected,
  flag,
  found,
  kindOf,
  list,
  needed,
  oneOf,
  oneOrMore,
  optional,
  record,
  strict,
  text,
  unknownWord,
  whole,
} from './words.ts'

const DISPOSITIONS = ['append', 'replace', 'merge']
const STRATEGIES = ['delete-insert', 'upsert', 'insert-only', 'scd2', 'mirror', 'cdc']
const CONTRACTS = ['evolve', 'freeze', 'discard_row', 'discard_value']

/** dlt's words that no load takes, and what is done instead. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  validity_column_names: 'is not taken: versions have the columns _sync_valid_from and _sync_valid_to. Take it out.',
  active_record_timestamp: 'is not taken: the active version is the one whose _sync_valid_to is null. Take it out.',
  boundary_timestamp: 'is not taken: a version begins, and the one before it ends, when its load began. Take it out.',
  row_version_column_name:
    'is not taken: rows are compared by all that they hold. Take it out; dedup_sort on a column keeps the newest row of a key.',
  deduplicated: 'is not taken: a merge keeps one row of each key, whatever comes. Take it out.',
  source_filter: 'is SQL, which is not taken. A filter in processing_steps leaves records out.',
  destination_scope: 'is SQL, which is not taken. A merge_key bounds what is replaced, or ends.',
}

const dispositionWord = (): AnySchema =>
  v.picklist(DISPOSITIONS, ({ input }) =>
    typeof input === 'string' ? unknownDisposition(input) : `expected one of ${DISPOSITIONS.join(', ')}, found ${found(input)}.`,
  )

const unknownDisposition = (word: string): string =>
  word === 'skip'
    ? 'skip is not taken. Write selected: false, and the resource is read for others at most.'
    : unknownWord('write disposition', word, DISPOSITIONS)

const disposition = v.union(
  [
    dispositionWord(),
    strict(
      {
        disposition: needed(dispositionWord(), 'append, replace or merge.'),
        strategy: optional(
          oneOf('strategy', STRATEGIES),
          'How a merge treats rows whose key is stored already. Default delete-insert. cdc: as mirror.',
        ),
        skip_unchanged: optional(flag(), 'Whether rows that did not change keep their _sync_load_id. Default false.'),
        skip_unchanged_rows: optional(flag(), 'As skip_unchanged.'),
      },
      ELSEWHERE,
    ),
  ],
  ({ input }) =>
    typeof input === 'string'
      ? unknownDisposition(input)
      : `expected append, replace, merge or an object with a disposition, found ${found(input)}.`,
)

const contract = v.union(
  [
    oneOf('contract', CONTRACTS),
    strict({
      tables: optional(oneOf('contract', CONTRACTS), 'For new tables. Default evolve.'),
      columns: optional(oneOf('contract', CONTRACTS), 'For new columns in tables that were there before. Default evolve.'),
      data_type: optional(
        oneOf('contract', CONTRACTS),
        'For values that do not fit their column. Default: declared types are promises, others evolve.',
      ),
    }),
  ],
  ({ input }) =>
    typeof input === 'string'
      ? unknownWord('contract', input, CONTRACTS)
      : `expected one of ${CONTRACTS.join(', ')}, or an object with tables, columns and data_type, found ${found(input)}.`,
)

const column = strict({
  name: optional(text('a name'), "The column's name, where columns are a list."),
  data_type: optional(oneOf('data type', DATA_TYPES), `The type: ${DATA_TYPES.join(', ')}. Default: that of the values.`),
  nullable: optional(flag(), 'Whether a row may lack a value. Default true.'),
  precision: optional(whole(1, 38), 'Digits of a decimal in all. Default 38.'),
  scale: optional(whole(0, 38), 'Digits of a decimal after the point. Default 9.'),
  primary_key: optional(flag(), 'Whether the column is of the key, where primary_key does not say.'),
  merge_key: optional(flag(), 'Whether the column is of the merge key, where merge_key does not say.'),
  hard_delete: optional(
    flag(),
    'Whether true here, or any value where this is no bool, says that the record is deleted. One column at most.',
  ),
  dedup_sort: optional(
    oneOf('order', ['asc', 'desc']),
    'Of several rows of one key, the one with the smallest (asc) or largest (desc) value here counts. One column at most.',
  ),
  description: optional(anyText(), 'What the column holds.'),
})

const columns = v.union(
  [list(column, 'a list of columns'), record(v.nullable(column), 'an object with the columns')],
  expected('an object with the columns by name', kindOf),
)

const entries = {
  table_name: optional(text('a name'), "Default: the resource's name."),
  description: optional(anyText(), 'What the resource is.'),
  write_disposition: optional(
    disposition,
    'What a load does to the rows that are there: append, replace or merge. Default append.',
  ),
  primary_key: optional(oneOrMore('a field, or a list of fields'), 'The field, or the fields, that tell records apart.'),
  merge_key: optional(
    oneOrMore('a field, or a list of fields'),
    'The field, or the fields, of what a merge replaces as a whole, such as a day.',
  ),
  columns: optional(columns, 'Columns that are known, by their name in the table: venue__city. Others are inferred and added.'),
  schema_contract: optional(
    contract,
    'What may change in the tables: one word for all, or one for each of tables, columns and data_type.',
  ),
  max_table_nesting: optional(whole(0), 'Nested objects and lists deeper than this become JSON columns. Default 20.'),
  selected: optional(flag(), 'False: not loaded unless it is asked for by name. Default true.'),
  parallelized: optional(
    flag(),
    'False: its pages, and those of different parents, are requested one after the other. Default true.',
  ),
  required: optional(flag(), 'True: no match of the data selector is an error. Default false: a warning.'),
  include_from_parent: optional(
    list(text('the name of a field'), 'a list of fields'),
    "Fields of the parent's record that each record gets, as _<parent>_<field>.",
  ),
  processing_steps: optional(
    list(stepSchema, 'a list of steps'),
    'What becomes of each record, in order: drop, rename, mask, filter.',
  ),
  endpoint: optional(
    v.union([anyText(), endpointSchema], ({ input }) => `expected a path or an object, found ${found(input)}.`),
    'How it is requested: a path, or an object.',
  ),
}

/** What all resources have in common. */
export const defaultsSchema: AnySchema = strict(entries, { name: 'has no place here: each resource has a name of its own.' })

/** One stream of records. */
export const resourceSchema: AnySchema = strict({
  name: needed(text('a name'), 'Give the resource a name; its table is called by it.'),
  ...entries,
})

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

const disposition = v.union(
  [
    oneOf('write disposition', DISPOSITIONS),
    strict({
      disposition: needed(oneOf('write disposition', DISPOSITIONS), 'append, replace or merge.'),
      strategy: optional(oneOf('strategy', STRATEGIES), 'How a merge treats rows of the same key. Default delete-insert.'),
      skip_unchanged: optional(flag(), 'Whether rows that did not change keep their _sync_load_id. Default false.'),
    }),
  ],
  ({ input }) =>
    typeof input === 'string'
      ? unknownWord('write disposition', input, DISPOSITIONS)
      : `expected append, replace, merge or an object with a disposition, found ${found(input)}.`,
)

const contract = v.union(
  [
    oneOf('contract', CONTRACTS),
    strict({
      tables: optional(oneOf('contract', CONTRACTS), 'For new tables.'),
      columns: optional(oneOf('contract', CONTRACTS), 'For new columns.'),
      data_type: optional(oneOf('contract', CONTRACTS), 'For values of another type.'),
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
  merge_key: optional(flag(), 'Whether the column is of the merge key.'),
  hard_delete: optional(flag(), 'Whether a value here removes the row.'),
  dedup_sort: optional(oneOf('order', ['asc', 'desc']), 'Which of several rows of one key is the last.'),
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
    'The field, or the fields, of the partition that a merge replaces.',
  ),
  columns: optional(columns, 'Columns that are known, by their name in the table: venue__city. Others are inferred and added.'),
  schema_contract: optional(contract, 'What may change in the tables. Default evolve.'),
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

import type { ColumnDeclaration } from '../connector/column.ts'
import type { ColumnData } from './data.ts'
import type { MergedResource } from './merge.ts'
import type { Report } from './place.ts'

/** The words of a file for the types of columns. */
const TYPES: Readonly<Record<string, Pick<ColumnDeclaration, 'type' | 'epoch'>>> = {
  text: { type: 'text' },
  bigint: { type: 'bigint' },
  double: { type: 'double' },
  bool: { type: 'bool' },
  timestamp: { type: 'timestamp' },
  date: { type: 'date' },
  time: { type: 'time' },
  decimal: { type: 'decimal' },
  json: { type: 'json' },
  binary: { type: 'binary' },
  uuid: { type: 'uuid' },
  epoch_seconds: { type: 'timestamp', epoch: 'seconds' },
  epoch_milliseconds: { type: 'timestamp', epoch: 'milliseconds' },
}

export const DATA_TYPES: readonly string[] = Object.keys(TYPES)

/** What a file says of columns. Reports names that are no columns' and digits that are no decimal's. */
export function columnsOf({ columns, place }: MergedResource, report: Report): Record<string, ColumnDeclaration> {
  return Object.fromEntries(
    Object.entries(columns).map(([name, column]) => {
      const at = [...place, 'columns', name]
      if (name === '') report([...place, 'columns'], 'is a list, and one of its columns has no name. Give each of them a name.')
      else if (name.includes('.'))
        report(at, `is named as in the table, where objects are flattened: write ${name.replaceAll('.', '__')}.`)
      const { precision, scale, data_type: type } = column
      if ((isThere(precision) || isThere(scale)) && type !== 'decimal')
        report(at, `has digits (precision, scale), which only data_type: decimal takes, found ${type ?? 'no data_type'}.`)
      else if ((scale ?? 9) > (precision ?? 38))
        report(
          at,
          `has a scale of ${scale ?? 9} (9 by default) and a precision of ${precision}: precision counts all digits, those after the point too.`,
        )
      return [name, columnOf(column)]
    }),
  )
}

const isThere = (value: unknown): boolean => value !== undefined && value !== null

function columnOf(column: ColumnData): ColumnDeclaration {
  const { data_type: type, nullable, precision, scale, description, dedup_sort: dedupSort } = column
  return {
    ...(typeof type === 'string' && TYPES[type]),
    ...(typeof nullable === 'boolean' && { nullable }),
    ...(typeof precision === 'number' && { precision }),
    ...(typeof scale === 'number' && { scale }),
    ...(typeof description === 'string' && { description }),
    ...(column.primary_key === true && { primaryKey: true }),
    ...(column.merge_key === true && { mergeKey: true }),
    ...(column.hard_delete === true && { hardDelete: true }),
    ...(isThere(dedupSort) && { dedupSort: dedupSort! }),
  }
}

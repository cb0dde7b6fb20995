import { type JsonValue, ownValue, parseJson, stringifyJson, type TableSchema } from '@tributary/core'
import { readLines } from '@tributary/file-dataset'

/** The rows of a file, as `DatasetReader.rows` gives them. */
export async function* readRows(path: string, table: TableSchema): AsyncGenerator<Record<string, unknown>> {
  const ambiguous = table.columns.filter(({ type }) => type === 'json' || type === 'double')
  for await (const lines of readLines(path)) {
    for (const line of lines) {
      const row = parseJson(line) as Record<string, JsonValue>
      for (const { name, type } of ambiguous) {
        const value = ownValue(row, name)
        // A large double reads as an integer, and the text of JSON text as that text.
        if (type === 'double' && typeof value === 'bigint') row[name] = Number(value)
        if (type === 'json' && value !== undefined && (value === null || typeof value !== 'object'))
          row[name] = stringifyJson(value)
      }
      yield row
    }
  }
}

import { type Output, widthOf } from './shell.ts'
import { headedTable } from './table.ts'
import { displayWidth, plural, printable, truncate } from './text.ts'

export const FORMATS = ['table', 'json', 'csv', 'jsonl'] as const
export type Format = (typeof FORMATS)[number]

/** Rows of a query: JSON values, with integers beyond ±2^53 as `bigint`. */
export interface QueryRows {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly rows: readonly (readonly unknown[])[]
}

export function renderRows(result: QueryRows, format: Format, output: Output): string {
  switch (format) {
    case 'table':
      return tableText(result, output)
    case 'csv':
      return csvText(result)
    case 'json': {
      const objects = jsonObjects(result)
      return objects.length === 0 ? '[]\n' : `[\n${objects.join(',\n')}\n]\n`
    }
    case 'jsonl':
      return jsonObjects(result)
        .map((object) => `${object}\n`)
        .join('')
  }
}

const WIDEST_CELL = 60

function tableText({ columns, rows }: QueryRows, output: Output): string {
  const terminal = widthOf(output, Number.POSITIVE_INFINITY)
  const cells = [
    columns.map(({ name }) => printable(name)),
    ...rows.map((row) => row.map((value) => truncate(printable(cellText(value)), WIDEST_CELL))),
  ]
  const shown = fittingColumns(cells, terminal)
  const [header = [], ...body] = cells.map((row) => row.slice(0, shown))
  const lines = headedTable(
    header.map((name) => truncate(name, terminal)),
    body.map((row) => row.map((text) => truncate(text, terminal))),
    columns.slice(0, shown).map(({ type }) => (isNumeric(type) ? 'right' : 'left')),
  )
  const hidden = columns.length - shown
  const more = hidden === 0 ? '' : `; ${plural(hidden, 'more column')} that do not fit here: select fewer, or --format json`
  return `${lines.join('\n')}\n(${plural(rows.length, 'row')}${more})\n`
}

/** How many columns, from the left, fit the terminal; at least one. */
function fittingColumns(cells: readonly (readonly string[])[], terminal: number): number {
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((row) => displayWidth(row[column] ?? ''))))
  let width = -2
  const fitting = widths.findIndex((each) => {
    width += each + 2
    return width > terminal
  })
  return fitting === -1 ? widths.length : Math.max(1, fitting)
}

const isNumeric = (type: string): boolean => /^(?:U?(?:TINY|SMALL|BIG|HUGE)INT|U?INTEGER|DOUBLE|FLOAT|DECIMAL)/i.test(type)

function cellText(value: unknown): string {
  if (value === null || value === undefined) return 'NULL'
  return plainText(value)
}

function plainText(value: unknown): string {
  if (typeof value === 'string') return value
  if (value instanceof Date) return value.toISOString()
  return typeof value === 'object' ? jsonText(value) : String(value)
}

/** RFC 4180: lines end in CRLF, and no value is an empty field, unlike an empty text, which is `""`. */
function csvText({ columns, rows }: QueryRows): string {
  const field = (value: unknown): string => {
    if (value === null || value === undefined) return ''
    const text = plainText(value)
    return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
  return [columns.map(({ name }) => name), ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('')
}

function jsonObjects({ columns, rows }: QueryRows): string[] {
  const keys = uniqueNames(columns.map(({ name }) => name)).map((name) => JSON.stringify(name))
  return rows.map((row) => `{${keys.map((key, index) => `${key}:${jsonText(row[index])}`).join(',')}}`)
}

/** Columns of one name would meet in one key: the second is `name_2`. */
function uniqueNames(names: readonly string[]): string[] {
  const unique: string[] = []
  for (const name of names) {
    let candidate = name
    for (let number = 2; unique.includes(candidate); number++) candidate = `${name}_${number}`
    unique.push(candidate)
  }
  return unique
}

/** JSON in which a `bigint` is a number with all its digits. */
function jsonText(value: unknown): string {
  if (typeof value === 'bigint') return value.toString()
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`
  if (typeof value === 'object' && value !== null && !(value instanceof Date))
    return `{${Object.entries(value)
      .map(([key, each]) => `${JSON.stringify(key)}:${jsonText(each)}`)
      .join(',')}}`
  return JSON.stringify(value ?? null)
}

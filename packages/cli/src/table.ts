import { displayWidth } from './text.ts'

export type Alignment = 'left' | 'right'

/** Rows of texts as lines with aligned columns, two spaces between them. */
export function alignRows(rows: readonly (readonly string[])[], alignments: readonly Alignment[]): string[] {
  const widths = alignments.map((_, column) => Math.max(0, ...rows.map((row) => displayWidth(row[column] ?? ''))))
  return rows.map((row) =>
    row
      .map((cell, column) => pad(cell, widths[column]!, alignments[column]!))
      .join('  ')
      .trimEnd(),
  )
}

function pad(text: string, width: number, alignment: Alignment): string {
  const space = ' '.repeat(Math.max(0, width - displayWidth(text)))
  return alignment === 'right' ? space + text : text + space
}

/** Rows under a header and a rule. */
export function headedTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  alignments: readonly Alignment[],
): string[] {
  const lines = alignRows([header, ...rows], alignments)
  const width = Math.max(...lines.map(displayWidth))
  return [lines[0]!, '─'.repeat(width), ...lines.slice(1)]
}

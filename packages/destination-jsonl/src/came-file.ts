import { type Batch, type CameBits, isValid, type LoadPlan, type TableSchema } from '@tributary/core'
import { readLines } from '@tributary/file-dataset'
import { createAppendFile } from './append-file.ts'

/** What a record did not have, of a table and its lists. */
export interface Absent {
  readonly columns: readonly string[]
  /** Names of child tables of the root. */
  readonly lists: readonly string[]
}

/** Which fields the records of a root table had, in a file beside their rows: a line each. */
export interface CameFile {
  append(batch: Batch): Promise<void>
  /** Lets the file go, to be read. Throws where something could not be written. */
  close(): Promise<void>
  /** Whether some record may lack a field of the table or one of the lists. */
  hasGaps(schema: TableSchema, lists: readonly string[]): boolean
  /** What each row lacks, in the order of the rows; `undefined` where that is nothing. */
  read(schema: TableSchema, lists: readonly string[]): AsyncGenerator<(Absent | undefined)[]>
}

/** Names that the bits of a row stand for. Batches of a load share a few of them. */
interface Layout {
  readonly names: readonly string[]
  /** How many of the names are columns; the others are lists. */
  readonly columns: number
  isWhole: boolean
}

/** Kinds of rows that are remembered while reading. */
const MOST_KINDS = 10_000

/** Of the rows of a batch that does not say which fields they had: all. */
const WHOLE = 'whole'

export function createCameFile(path: string, { keep, strategy }: LoadPlan): CameFile {
  const isAsked = keep !== 'all' && (strategy === 'upsert' || strategy === 'mirror')
  const file = createAppendFile(path)
  const write = (text: string): Promise<void> => file.append(Buffer.from(text, 'latin1'))
  const layouts: Layout[] = []
  const layoutOf = (names: readonly string[], columns: number): number => {
    const known = layouts.findIndex((layout) => layout.columns === columns && layout.names.join('\0') === names.join('\0'))
    return known === -1 ? layouts.push({ names, columns, isWhole: true }) - 1 : known
  }
  const absentOf = (kind: string, schema: TableSchema, lists: readonly string[]): Absent | undefined => {
    if (kind === WHOLE) return undefined
    const [index, bits = ''] = kind.split(' ')
    const { names, columns } = layouts[Number(index)]!
    const came = names.map((_, at) => bits === '' || bits[at] === '1')
    const cameColumns = new Set(names.filter((_, at) => at < columns && came[at] === true))
    const cameLists = new Set(names.filter((_, at) => at >= columns && came[at] === true))
    const absent = {
      columns: schema.columns.map(({ name }) => name).filter((name) => !cameColumns.has(name)),
      lists: lists.filter((name) => !cameLists.has(name)),
    }
    return absent.columns.length === 0 && absent.lists.length === 0 ? undefined : absent
  }
  return {
    async append({ came, table, rowCount }) {
      if (!isAsked || table.parent !== undefined) return
      if (came === undefined) return write(`${WHOLE}\n`.repeat(rowCount))
      const names = [...table.columns.map(({ name }) => name), ...came.children.keys()]
      const bits = [...came.columns, ...came.children.values()]
      const layout = layoutOf(names, table.columns.length)
      if (bits.every((each) => each === true)) return write(`${layout}\n`.repeat(rowCount))
      layouts[layout]!.isWhole = false
      let text = ''
      for (let row = 0; row < rowCount; row++) text += `${layout} ${bitsOf(bits, row)}\n`
      await write(text)
    },
    close: () => file.close(),
    hasGaps: (schema, lists) =>
      layouts.some(({ names, columns, isWhole }) => {
        const own = new Set(names.slice(0, columns))
        const children = new Set(names.slice(columns))
        return !isWhole || schema.columns.some(({ name }) => !own.has(name)) || lists.some((name) => !children.has(name))
      }),
    async *read(schema, lists) {
      const known = new Map<string, Absent | undefined>()
      for await (const kinds of readLines(path)) {
        yield kinds.map((kind) => {
          if (known.has(kind)) return known.get(kind)
          if (known.size >= MOST_KINDS) known.clear()
          const absent = absentOf(kind, schema, lists)
          known.set(kind, absent)
          return absent
        })
      }
    },
  }
}

function bitsOf(bits: readonly CameBits[], row: number): string {
  let text = ''
  for (const each of bits) text += each === true || isValid(each, row) ? '1' : '0'
  return text
}

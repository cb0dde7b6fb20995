import {
  BIGINT,
  BLOB,
  BOOLEAN,
  DATE,
  DOUBLE,
  type DuckDBAppender,
  DuckDBDataChunk,
  type DuckDBType,
  TIME,
  TIMESTAMPTZ,
  VARCHAR,
} from '@duckdb/node-api'
import bindings from '@duckdb/node-bindings'
import { type Batch, type CameBits, type ColumnType, type ColumnVector, isValid } from '@tributary/core'
import { storableJson } from './json-text.ts'
import { type Vector, writeTexts } from './text-vector.ts'

/** Rows of a data chunk: DuckDB's own vector size. */
const CHUNK_ROWS = 2048

const TYPES: Readonly<Record<ColumnType, DuckDBType>> = {
  text: VARCHAR,
  bigint: BIGINT,
  double: DOUBLE,
  bool: BOOLEAN,
  timestamp: TIMESTAMPTZ,
  date: DATE,
  time: TIME,
  decimal: VARCHAR,
  json: VARCHAR,
  uuid: VARCHAR,
  binary: BLOB,
}

type Fill = (vector: Vector, from: number, count: number) => void

/** One column of the staging table: its type, and how a stretch of the batch gets into a vector. */
interface Feed {
  readonly type: DuckDBType
  readonly fill: Fill
}

/** Which columns of a staging table a batch fills: its data by name, and what it says of the fields that came. */
export interface StagedShape {
  readonly columns: readonly string[]
  /** Undefined: no columns for what came. */
  readonly came?: { readonly columns: readonly string[]; readonly lists: readonly string[] } | undefined
}

/** An empty chunk of columns of these types. */
export type EmptyChunk = (types: readonly DuckDBType[]) => DuckDBDataChunk

/**
 * The same chunk again and again. What a chunk takes is let go only when the event loop turns after a collection of garbage,
 * which knows nothing of its size; rows that come without a pause would pile up chunk upon chunk.
 */
export function createChunkReuse(): EmptyChunk {
  let chunk: DuckDBDataChunk | undefined
  let typesOfChunk: readonly DuckDBType[] = []
  return (types) => {
    const fits = types.length === typesOfChunk.length && types.every((type, index) => type === typesOfChunk[index])
    if (chunk !== undefined && fits) return chunk
    chunk = DuckDBDataChunk.create(types)
    typesOfChunk = types
    return chunk
  }
}

/**
 * Appends a batch: its data columns, its system columns, and what came. Fixed-width values are copied as blocks of
 * memory, text goes in value by value.
 */
export function appendBatch(appender: DuckDBAppender, batch: Batch, shape: StagedShape, emptyChunk: EmptyChunk): void {
  const feeds = feedsOf(batch, shape)
  const chunk = emptyChunk(feeds.map(({ type }) => type))
  for (let from = 0; from < batch.rowCount; from += CHUNK_ROWS) {
    const count = Math.min(CHUNK_ROWS, batch.rowCount - from)
    chunk.rowCount = count
    for (let index = 0; index < feeds.length; index++) {
      feeds[index]!.fill(bindings.data_chunk_get_vector(chunk.chunk, index), from, count)
    }
    appender.appendDataChunk(chunk)
    chunk.reset()
  }
}

function feedsOf(batch: Batch, shape: StagedShape): Feed[] {
  const { table, columns, ids, sequence, lineage, hashes, rowCount } = batch
  const positions = new Map(table.columns.map(({ name }, index) => [name, index]))
  const data = shape.columns.map((name): Feed => {
    const index = positions.get(name)
    // A column that the batch does not know has no values in it.
    if (index === undefined)
      return { type: VARCHAR, fill: (vector, _from, count) => copyValid(vector, new Uint32Array(CHUNK_ROWS / 32), 0, count) }
    const { type } = table.columns[index]!
    return { type: TYPES[type], fill: type === 'json' ? fillJson(columns[index]!) : fillOf(columns[index]!) }
  })
  const numbers = (values: ArrayLike<number>): Feed => ({
    type: BIGINT,
    fill: fillInt64(BigInt64Array.from({ length: rowCount }, (_, row) => BigInt(values[row]!))),
  })
  const texts = (values: readonly string[]): Feed => ({ type: VARCHAR, fill: fillTexts(values) })
  return [
    ...data,
    texts(ids),
    ...(lineage === undefined ? [] : [texts(lineage.parentIds), texts(lineage.rootIds), numbers(lineage.indexes)]),
    ...(hashes === undefined ? [] : [texts(hashes)]),
    numbers(sequence),
    ...cameFeeds(batch, shape, positions),
  ]
}

/** One boolean for each column and each list that may not have come. */
function cameFeeds({ came, rowCount }: Batch, shape: StagedShape, positions: ReadonlyMap<string, number>): Feed[] {
  if (shape.came === undefined) return []
  const feed = (bits: CameBits): Feed => {
    const values = new Uint8Array(rowCount)
    if (bits === true) values.fill(1)
    else for (let row = 0; row < rowCount; row++) values[row] = isValid(bits, row) ? 1 : 0
    return {
      type: BOOLEAN,
      fill: (vector, from, count) => bindings.copy_data_to_vector(vector, 0, values.buffer as ArrayBuffer, from, count),
    }
  }
  const NOWHERE = new Uint32Array((rowCount + 31) >>> 5)
  const columns = shape.came.columns.map((name) => {
    const index = positions.get(name)
    return feed(came === undefined ? true : index === undefined ? NOWHERE : came.columns[index]!)
  })
  const lists = shape.came.lists.map((name) => feed(came === undefined ? true : (came.children.get(name) ?? NOWHERE)))
  return [...columns, ...lists]
}

function fillJson(column: ColumnVector): Fill {
  if (column.kind !== 'text') return fillOf(column)
  return fillTexts(
    column.values.map((text) => (text === undefined ? text : storableJson(text))),
    column.valid,
  )
}

function fillOf(column: ColumnVector): Fill {
  const { valid } = column
  if (column.kind === 'text') return fillTexts(column.values, valid)
  if (column.kind === 'bytes') return fillBytes(column)
  const { values } = column
  const width = values.BYTES_PER_ELEMENT
  return (vector, from, count) => {
    copyValid(vector, valid, from, count)
    bindings.copy_data_to_vector(vector, 0, values.buffer as ArrayBuffer, values.byteOffset + from * width, count * width)
  }
}

function fillBytes({ values, valid }: Extract<ColumnVector, { kind: 'bytes' }>): Fill {
  return (vector, from, count) => {
    copyValid(vector, valid, from, count)
    for (let row = 0; row < count; row++) {
      if (isValid(valid, from + row)) bindings.vector_assign_string_element_len(vector, row, values[from + row]!)
    }
  }
}

function fillTexts(values: readonly (string | undefined)[], valid?: Uint32Array): Fill {
  return (vector, from, count) => {
    if (valid !== undefined) copyValid(vector, valid, from, count)
    writeTexts(vector, values, valid, from, count)
  }
}

const fillInt64 =
  (values: BigInt64Array): Fill =>
  (vector, from, count) =>
    bindings.copy_data_to_vector(vector, 0, values.buffer as ArrayBuffer, from * 8, count * 8)

/** Chunks begin at multiples of 2048 rows, so their bits begin at a whole word. */
function copyValid(vector: Vector, valid: Uint32Array, from: number, count: number): void {
  bindings.vector_ensure_validity_writable(vector)
  bindings.copy_data_to_vector_validity(
    vector,
    0,
    valid.buffer as ArrayBuffer,
    valid.byteOffset + from / 8,
    ((count + 31) >>> 5) * 4,
  )
}

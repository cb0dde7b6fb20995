import { type Batch, type ColumnVector, isValid } from '../../load/batch.ts'
import { type Texts, textAt } from '../../load/texts.ts'

/** The value of a row, whether or not there is one. */
export const valueIn = (vector: ColumnVector, row: number): unknown =>
  vector.kind === 'text' ? textAt(vector, row) : vector.values[row]

/** The values of a column, `null` where there is none. */
export const valuesOf = (vector: ColumnVector, rows: number): unknown[] =>
  Array.from({ length: rows }, (_, row) => (isValid(vector.valid, row) ? valueIn(vector, row) : null))

export const textsIn = (texts: Texts, rows: number): string[] => Array.from({ length: rows }, (_, row) => textAt(texts, row))

/** The ids of a batch. */
export const idsOf = ({ ids, rowCount }: Batch): string[] => textsIn(ids, rowCount)

/** The hashes of a batch, where it has them. */
export const hashesIn = ({ hashes, rowCount }: Batch): string[] | undefined => hashes && textsIn(hashes, rowCount)

/** How much is decided at once, so that memory stays bounded. */
export interface Limits {
  /** Parts that so many rows are decided in. */
  parts(rows: number): number
  /** Parts that rows are completed in whose text has so many bytes. */
  textParts(bytes: number): number
  /** Places of stored rows that are kept in memory. */
  readonly places: number
}

/** Rows of the load that are decided at once, without files: at some 300 bytes each. */
const MOST_ROWS = 200_000
/** Rows of a part, where there are more: so few that it is garbage again before memory has grown. */
const PART_ROWS = 50_000
/** As both, in bytes of rows that are completed. */
const MOST_TEXT = 16 << 20
const PART_TEXT = 8 << 20

const partsOf = (size: number, most: number, part: number): number => (size <= most ? 1 : Math.ceil(size / part))

export const LIMITS: Limits = {
  parts: (rows) => partsOf(rows, MOST_ROWS, PART_ROWS),
  textParts: (bytes) => partsOf(bytes, MOST_TEXT, PART_TEXT),
  places: 1 << 16,
}

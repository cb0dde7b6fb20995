/** An escape of half a surrogate pair; `JSON.stringify` writes whole pairs as they are. Two backslashes before it are one of the text. */
const HALF_PAIR = /(?<=(?:^|[^\\])(?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/gi

/**
 * JSON text as DuckDB's type JSON takes it: it refuses half of a surrogate pair, which APIs do send. U+FFFD stands in its place, as it
 * does where a text is written in UTF-8. `text`: as `JSON.stringify` writes it.
 */
export function storableJson(text: string): string {
  // Few texts have any, and a search is all that they cost.
  return text.includes('\\ud') ? text.replaceAll(HALF_PAIR, '\ufffd') : text
}

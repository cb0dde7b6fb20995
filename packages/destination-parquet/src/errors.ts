import { describeCause, isTributaryError, type Recovery, TributaryError } from '@tributary/core'
import { isOutOfMemory } from '@tributary/duckdb-engine'
import { storageError } from '@tributary/file-dataset'

const FULL =
  /no space left|disk.*full|file too large|quota exceeded|could not write file|max_temp_directory_size|failed to offload/i
const REFUSED = /permission denied|operation not permitted|read-only|cannot open file|failed to create directory|is a directory/i
/** What DuckDB says of a file that is no Parquet, or no longer: it names the file each time. */
const DAMAGED =
  /magic bytes|too small to be a parquet|no files found that match|failed to read file|invalid data|footer|decompress/i

/** What DuckDB or the file system said, as a person needs it: which path, what is still good, what to do. */
export function parquetError(path: string, doing: string, error: unknown): TributaryError {
  if (isTributaryError(error)) return error
  const text = firstLine(describeCause(error))
  const fail = (code: string, recovery: Recovery, advice: string): TributaryError =>
    new TributaryError({ code, recovery, message: `${path}: ${doing} failed: ${text}. ${advice}`, cause: error })
  const intact = 'The last committed data is intact.'
  if (FULL.test(text)) return fail('DISK_FULL', 'retry', `${intact} Free some space, then run again.`)
  if (isOutOfMemory(error)) return fail('OUT_OF_MEMORY', 'fix-config', `${intact} Raise memoryLimit, or have smaller pages.`)
  if (DAMAGED.test(text)) {
    return fail(
      'FILE_INVALID',
      'fix-data',
      'A file that the manifest names is missing or damaged, and nothing was changed: restore it, or load the resource anew with --full-refresh.',
    )
  }
  if (REFUSED.test(text))
    return fail('NOT_WRITABLE', 'fix-config', `${intact} Check that the path is a folder that may be written.`)
  // What the file system said itself has a code.
  if (error instanceof Error && 'code' in error) return storageError(path, doing, error)
  return fail('STORAGE_FAILED', 'report', intact)
}

const firstLine = (text: string): string => (text.split('\n', 1)[0] ?? '').replace(/\.$/, '')

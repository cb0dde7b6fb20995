import { describeCause, isTributaryError, TributaryError } from '@tributary/core'
import { isOutOfMemory } from '@tributary/duckdb-engine'

/** What DuckDB said, as a person needs it: which file, what is still good, what to do. */
export function storageError(path: string, doing: string, error: unknown): TributaryError {
  if (isTributaryError(error)) return error
  const text = describeCause(error)
  const fail = (code: string, recovery: 'retry' | 'fix-config' | 'report', advice: string): TributaryError =>
    new TributaryError({ code, recovery, message: `${path}: ${doing} failed: ${firstLine(text)}. ${advice}`, cause: error })
  const intact = 'The last committed data is intact.'
  if (
    /no space left|disk.*full|file too large|quota exceeded|could not write file|ENOSPC|max_temp_directory_size|failed to offload/i.test(
      text,
    )
  ) {
    return fail('DISK_FULL', 'retry', `${intact} Free some space, then run again.`)
  }
  if (isOutOfMemory(error)) return fail('OUT_OF_MEMORY', 'fix-config', `${intact} Raise memoryLimit, or have smaller pages.`)
  if (
    /permission denied|operation not permitted|read-only|EACCES|EPERM|EROFS|cannot open file|is a directory|not a directory|ENOTDIR|EISDIR|EEXIST/i.test(
      text,
    )
  ) {
    return fail(
      'NOT_WRITABLE',
      'fix-config',
      'Check that the path is a file that may be written, in a folder that may be written.',
    )
  }
  if (/not a valid duckdb database file|serialization|checksum|corrupt/i.test(text)) {
    return fail('FILE_INVALID', 'fix-config', 'It is no DuckDB file, or a damaged one: choose another path, or restore it.')
  }
  return fail('STORAGE_FAILED', 'report', intact)
}

const firstLine = (text: string): string => (text.split('\n', 1)[0] ?? '').replace(/\.$/, '')

import { describeCause, isTributaryError, type Recovery, TributaryError } from '@tributary/core'

/** What the file system said, as a person needs it: which path, what is still good, what to do. */
export function storageError(path: string, doing: string, error: unknown): TributaryError {
  if (isTributaryError(error)) return error
  const fail = (code: string, recovery: Recovery, advice: string): TributaryError =>
    new TributaryError({ code, recovery, message: `${path}: ${doing} failed: ${describeCause(error)}. ${advice}`, cause: error })
  const intact = 'The last committed data is intact.'
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return fail('DISK_FULL', 'retry', `${intact} Free some space, then run again.`)
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOTDIR':
    case 'EISDIR':
    case 'EEXIST':
    case 'ENAMETOOLONG':
      return fail('NOT_WRITABLE', 'fix-config', `${intact} Check that the path is a folder that may be written.`)
    default:
      return fail('STORAGE_FAILED', 'report', intact)
  }
}

export const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT'

import { describe, expect, it } from 'vitest'
import { parquetError } from './errors.ts'

const io = 'IO Error: '

describe('errors of DuckDB', () => {
  it.each([
    [`${io}Could not write file "data/x/3.parquet": No space left on device`, 'DISK_FULL', 'retry'],
    ['Out of Memory Error: failed to offload data block of size 256.0 KiB (disk full)', 'DISK_FULL', 'retry'],
    ['Out of Memory Error: could not allocate block of size 256.0 KiB (127.8 MiB/128.0 MiB used)', 'OUT_OF_MEMORY', 'fix-config'],
    [`${io}Cannot open file "data/x/3.parquet": Permission denied`, 'NOT_WRITABLE', 'fix-config'],
    [`${io}Failed to create directory "data/_sync_staging/spilled": Read-only file system`, 'NOT_WRITABLE', 'fix-config'],
    [`Invalid Input Error: No magic bytes found at end of file 'data/x/1.parquet'`, 'FILE_INVALID', 'fix-data'],
    [`${io}No files found that match the pattern "data/x/1.parquet"`, 'FILE_INVALID', 'fix-data'],
    ['Invalid Input Error: Failed to read file "data/x/1.parquet": ZSTD Decompression failure', 'FILE_INVALID', 'fix-data'],
    ['INTERNAL Error: something else', 'STORAGE_FAILED', 'report'],
  ])('%s is %s [parquet.errors]', (text, code, recovery) => {
    const error = parquetError('data/x', 'committing load 3', new Error(`${text}\n\nLINE 1: SELECT secret`))
    expect(error).toMatchObject({ code, recovery })
    expect(error.message).toContain('data/x: committing load 3 failed: ')
    expect(error.message).toContain(text)
    expect(error.message).not.toContain('LINE 1')
  })

  it('that are told already stay as they are [parquet.errors]', () => {
    const told = parquetError('data/x', 'reading', new Error('Permission denied'))
    expect(parquetError('data', 'opening', told)).toBe(told)
  })
})

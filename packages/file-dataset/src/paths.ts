import { createHash } from 'node:crypto'
import { join } from 'node:path'

export const MANIFEST = '_sync_manifest.json'
export const LOCK = '_sync_lock'
export const STAGING = '_sync_staging'
export const REJECTS = '_sync_rejects'

/** File systems allow 255 bytes; some of them are left for what is added. */
const LONGEST_NAME = 200

/** Name of the folder of a dataset or table: its own name, but for characters that mean something to a file system. */
export function folderName(name: string): string {
  const safe = name.replaceAll(/[^\p{L}\p{M}\p{N}_-]/gu, (character) =>
    [...Buffer.from(character)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  )
  if (Buffer.byteLength(safe) <= LONGEST_NAME && safe !== '') return safe
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 16)
  let cut = safe.slice(0, LONGEST_NAME)
  while (Buffer.byteLength(cut) > LONGEST_NAME) cut = cut.slice(0, -1)
  return `${cut}%${hash}`
}

export const datasetFolder = (path: string, dataset: string): string => join(path, folderName(dataset))

/** Endings of the files of a table, without the first dot. */
export type LoadFileExtension = 'jsonl' | 'jsonl.gz' | 'parquet'

/** Name of the file that a load writes for a table. */
export const loadFile = (load: number, extension: LoadFileExtension): string => `${load}.${extension}`

/** Whether a load may have written it; nothing else in a table's folder is ever deleted. */
export const isLoadFile = (name: string): boolean => /^\d+\.(?:jsonl|jsonl\.gz|parquet)$/.test(name)

/** The load that wrote a file: none of its rows is of a later one. */
export const loadOfFile = (name: string): number => Number(name.slice(0, name.indexOf('.')))

export type { FileEntry, Manifest, ManifestTable } from '@tributary/file-dataset'
export { type JsonlOptions, jsonl } from './destination.ts'
export { readManifest, readTable } from './read.ts'

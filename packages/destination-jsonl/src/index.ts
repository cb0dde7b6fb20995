export { type JsonlOptions, jsonl } from './destination.ts'
export { type FileEntry, type Manifest, type ManifestTable, readManifest } from './manifest.ts'
export { readTable } from './read-table.ts'

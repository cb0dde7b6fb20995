export { type JsonlOptions, jsonl } from './destination.ts'
export { type FileEntry, listDatasets, type Manifest, type ManifestTable, readManifest } from './manifest.ts'
export { readTable } from './read-table.ts'

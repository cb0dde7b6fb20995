export { type FileDestinationOptions, fileDestination } from './destination.ts'
export { isMissing, storageError } from './errors.ts'
export { namesIn, placeFile, remove, replaceFile, syncFile, syncFolder } from './files.ts'
export type { FileFormat, FileLoad, FileOutcome, FileStore, FileTable } from './format.ts'
export { compressFile, createLineWriter, type LineWriter, readLineBytes, readLines } from './line-files.ts'
export {
  type FileEntry,
  folderOf,
  listDatasets,
  type Manifest,
  type ManifestTable,
  type Place,
  type RejectFile,
  readManifest,
} from './manifest.ts'
export { datasetFolder, folderName, isLoadFile, type LoadFileExtension, loadFile, loadOfFile } from './paths.ts'

import { readFile, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isMissing } from './errors.ts'
import { namesIn, remove } from './files.ts'
import { folderOf, type Manifest } from './manifest.ts'
import { isLoadFile, MANIFEST, REJECTS, STAGING } from './paths.ts'
import { isRejectFile } from './rejects.ts'

const FOLDERS = 'folders.json'

/** Notes, before a load puts files into tables' folders, which folders these are: `clean` finds them if it is cut off. */
export function noteFolders(staging: string, folders: readonly string[]): Promise<void> {
  return writeFile(join(staging, FOLDERS), JSON.stringify(folders))
}

/** Removes what a run that was cut off has left: staged rows, and files of tables that the manifest does not name. */
export async function clean(folder: string, manifest: Manifest): Promise<void> {
  const staging = join(folder, STAGING)
  const folders = new Set(Object.values(manifest.tables).map(({ schema }) => folderOf(schema)))
  for (const load of await namesIn(staging)) for (const name of await noted(join(staging, load))) folders.add(name)
  for (const name of folders) await cleanTable(folder, name, manifest)
  await cleanRejects(folder, manifest)
  await remove(join(folder, `${MANIFEST}.next`))
  await remove(staging)
}

/** Removes from a table's folder the files of loads that the manifest does not name, and the folder if it is then empty and of no table. */
export async function cleanTable(folder: string, name: string, manifest: Manifest): Promise<void> {
  const table = Object.values(manifest.tables).find(({ schema }) => folderOf(schema) === name)
  const kept = new Set(table?.files.map((file) => file.name))
  for (const file of await namesIn(join(folder, name))) {
    if (isLoadFile(file) && !kept.has(file)) await remove(join(folder, name, file))
  }
  if (table === undefined) await rmdir(join(folder, name)).catch(() => {})
}

/** Removes files of rejects that the manifest does not name, and their folder if it is then empty. */
export async function cleanRejects(folder: string, manifest: Manifest): Promise<void> {
  const kept = new Set(manifest.rejects.map(({ name }) => name))
  const path = join(folder, REJECTS)
  for (const file of await namesIn(path)) {
    if (isRejectFile(file) && !kept.has(file)) await remove(join(path, file))
  }
  if (kept.size === 0) await rmdir(path).catch(() => {})
}

async function noted(staging: string): Promise<string[]> {
  try {
    return JSON.parse(await readFile(join(staging, FOLDERS), 'utf8')) as string[]
  } catch (error) {
    // Cut off before it was whole: then no file had been put anywhere.
    if (isMissing(error) || error instanceof SyntaxError) return []
    throw error
  }
}

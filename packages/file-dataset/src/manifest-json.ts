import { type JsonValue, type LoadRecord, stringifyJson } from '@tributary/core'
import type { Manifest } from './manifest.ts'

/** The only kind of dataset that there was when manifests did not say theirs. */
const FIRST_KIND = 'jsonl'

/** JSON of the parts of manifests. Each manifest shares nearly all of them with the one before, and they do not change. */
const texts = new WeakMap<object, string>()

export function manifestText({ loads, resources, tables, schemaVersions, rejects, ...rest }: Manifest): string {
  const members = Object.entries(rest).map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`)
  const parts = [
    ...members,
    `"loads":${listText(loads, loadToJson)}`,
    `"resources":${recordText(resources)}`,
    `"tables":${recordText(tables)}`,
    `"schemaVersions":${listText(schemaVersions)}`,
    `"rejects":${listText(rejects)}`,
  ]
  return `{${parts.join()}}\n`
}

const listText = <T extends object>(items: readonly T[], toJson?: (item: T) => object): string =>
  `[${items.map((item) => partText(item, toJson)).join()}]`

const recordText = (record: Readonly<Record<string, object>>): string =>
  `{${Object.entries(record)
    .map(([name, value]) => `${JSON.stringify(name)}:${partText(value)}`)
    .join()}}`

function partText<T extends object>(part: T, toJson: (part: T) => object = (same) => same): string {
  const known = texts.get(part)
  if (known !== undefined) return known
  const text = stringifyJson(toJson(part) as JsonValue)
  texts.set(part, text)
  return text
}

/** Throws an `Error` that says what is wrong. Parts that earlier formats do not have are empty. */
export function manifestFromJson(value: JsonValue): Manifest {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return fail('it is not an object')
  if (value.format !== 1 && value.format !== 2) return fail(`its format is ${stringifyJson(value.format ?? null)}`)
  const manifest = { kind: FIRST_KIND, schemaVersions: [], rejects: [], ...(value as unknown as Partial<Manifest>) }
  for (const [name, table] of Object.entries(manifest.tables ?? fail('it has no tables'))) {
    if (!Array.isArray(table.files) || !Array.isArray(table.schema?.columns)) fail(`its table ${name} has no files or columns`)
  }
  if (!Array.isArray(manifest.loads) || typeof manifest.resources !== 'object') fail('it has no loads or resources')
  if (!Array.isArray(manifest.schemaVersions) || !Array.isArray(manifest.rejects))
    fail('its schema versions or rejects are no lists')
  return { ...(manifest as Manifest), format: 2, loads: manifest.loads!.map(loadFromJson) }
}

function fail(why: string): never {
  throw new Error(why)
}

const loadToJson = (load: LoadRecord) => ({
  ...load,
  startedAt: load.startedAt.toISOString(),
  committedAt: load.committedAt.toISOString(),
})

const loadFromJson = (load: Omit<LoadRecord, 'schemaVersion'> & Partial<LoadRecord>): LoadRecord => ({
  ...load,
  startedAt: new Date(load.startedAt),
  committedAt: new Date(load.committedAt),
  schemaVersion: load.schemaVersion ?? 0,
})

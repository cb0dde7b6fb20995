import { createHash } from 'node:crypto'

/** Joins the names of nested objects and of child tables: `venue__city`. */
export const SEPARATOR = '__'

/**
 * A name in snake_case: `userName` → `user_name`, `HTTPServer` → `http_server`,
 * `1st` → `_1st`, `a-b` → `a_b`, `été` → `ete`, empty → `_empty`; `a__b` stays. Letters of other scripts stay as well.
 */
export function normalizeName(name: string): string {
  if (name === '') return '_empty'
  const snake = name
    .normalize('NFKD')
    // Accents of Latin letters go; marks that other scripts need to be read are composed again.
    .replaceAll(/(\p{Script=Latin})\p{Mn}+/gu, '$1')
    .normalize('NFC')
    .replaceAll(/[^\p{L}\p{M}\p{N}_]+/gu, '_')
    .replaceAll(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1_$2')
    .replaceAll(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1_$2')
    .toLowerCase()
  return /^\p{N}/u.test(snake) ? `_${snake}` : snake
}

/** A short text that stays the same for the same key path, to tell apart names that would otherwise meet. */
function pathSuffix(path: readonly string[], digits = 6): string {
  return createHash('sha1').update(path.join('\0')).digest('hex').slice(0, digits)
}

/** Shortens a name to `limit` UTF-8 bytes, whole characters only, ending in a hash of what it stands for. */
function shortenName(name: string, path: readonly string[], limit: number): string {
  if (Buffer.byteLength(name) <= limit) return name
  const suffix = `_${pathSuffix(path, 10)}`
  let kept = ''
  for (const character of name) {
    if (Buffer.byteLength(kept + character) > limit - suffix.length) break
    kept += character
  }
  return kept + suffix
}

/** Resources with names of tables that a destination takes, the same in every run. `limit`: in UTF-8 bytes. */
export const withTablesWithin = <T extends { readonly table: string }>(limit: number, resources: readonly T[]): T[] =>
  resources.map((resource) => ({ ...resource, table: shortenName(resource.table, [resource.table], limit) }))

/**
 * The name for a key path among the names that are taken: normalised, shortened, and where it is taken already, with a
 * suffix that depends on nothing but the path.
 */
export function uniqueName(base: string, path: readonly string[], limit: number, isTaken: (name: string) => boolean): string {
  const name = shortenName(base, path, limit)
  if (!isTaken(name)) return name
  const suffixed = shortenName(`${base}_${pathSuffix(path)}`, path, limit)
  if (!isTaken(suffixed)) return suffixed
  return shortenName(`${base}_${pathSuffix(path, 40)}`, path, limit)
}

import type { ResourceDescription } from '@tributary/core'
import { displayWidth } from './text.ts'

/** How a resource is loaded, in a few words each: `merge by upsert`, `key id`, `newest by version`. */
export function loadingFacts(resource: ResourceDescription): string[] {
  const { writeDisposition, mergeStrategy, primaryKey, mergeKey = [], dedupSort, hardDelete, skipUnchanged, cursor } = resource
  return [
    mergeStrategy === undefined ? writeDisposition : `merge by ${mergeStrategy}`,
    primaryKey.length === 0 ? 'no key' : `key ${primaryKey.join(', ')}`,
    ...(mergeKey.length === 0 ? [] : [`merge key ${mergeKey.join(', ')}`]),
    ...(dedupSort === undefined ? [] : [`keeps the ${dedupSort.order === 'desc' ? 'largest' : 'smallest'} ${dedupSort.column}`]),
    ...(hardDelete === undefined ? [] : [`deleted by ${hardDelete}`]),
    ...(skipUnchanged === true ? ['skips unchanged'] : []),
    ...(cursor === undefined ? [] : [`cursor ${cursor}`]),
    ...contractFacts(resource),
  ]
}

/** Facts in lines of at most 80 columns, the first after `head`, the others two spaces in. */
export function factLines(head: string, facts: readonly string[]): string[] {
  const lines = [head]
  for (const [index, fact] of facts.entries()) {
    const line = lines.at(-1)!
    const joined = index === 0 ? `${line}${fact}` : `${line} · ${fact}`
    if (index === 0 || displayWidth(joined) <= 80) lines[lines.length - 1] = joined
    else lines.push(`  ${fact}`)
  }
  return lines
}

/** Nothing where no contract says more than what holds anyway. */
function contractFacts({ schemaContract: { tables, columns, dataType } }: ResourceDescription): string[] {
  if (tables === columns && columns === dataType) return tables === 'evolve' ? [] : [`contract ${tables}`]
  const parts = [
    ...(tables === 'evolve' ? [] : [`tables=${tables}`]),
    ...(columns === 'evolve' ? [] : [`columns=${columns}`]),
    ...(dataType === undefined ? [] : [`data_type=${dataType}`]),
  ]
  return parts.length === 0 ? [] : [`contract ${parts.join(',')}`]
}

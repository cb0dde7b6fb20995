import type { TributaryError } from '../errors.ts'
import type { RequestTemplate } from '../extract/request-template.ts'
import { nearest } from './nearest.ts'
import type { Resource } from './resource.ts'

/** What a dependent resource takes from the one it depends on. */
export interface ParentLink {
  readonly resource: string
  /** Fields of the parent's record, and the keys that they have in the child's. */
  readonly included: readonly { readonly field: string; readonly as: string }[]
}

/** The resource that the placeholders of a request refer to. Throws where there is none of that name, or more than one. */
export function parentOf(
  name: string,
  { includeFromParent = [] }: Pick<Resource, 'includeFromParent'>,
  { placeholders }: RequestTemplate,
  names: readonly string[],
  invalid: (why: string) => TributaryError,
): ParentLink | undefined {
  const references = placeholders.filter((placeholder) => placeholder.kind === 'resource')
  const parents = [...new Set(references.map(({ resource }) => resource))]
  const [parent] = parents
  if (parent === undefined) {
    if (includeFromParent.length === 0) return undefined
    throw invalid('it includes fields of a parent, but no placeholder such as {resources.<name>.<field>} says of which')
  }
  if (parents.length > 1) throw invalid(`its placeholders refer to ${parents.join(' and ')}, but a resource has one parent`)
  if (!names.includes(parent)) {
    const near = nearest(parent, names)
    throw invalid(
      `{${references[0]!.text}} refers to the resource ${parent}, which there is not${near === undefined ? '' : `; did you mean ${near}?`}`,
    )
  }
  if (parent === name) throw invalid(`{${references[0]!.text}} refers to the resource itself`)
  return { resource: parent, included: includeFromParent.map((field) => ({ field, as: `_${parent}_${field}` })) }
}

import { compile } from 'json-p3'
import { nearest } from '../connector/nearest.ts'

/** A value that a placeholder stands for: `{resources.posts.id}`, `{incremental.start_value}`. */
export type Placeholder =
  | { readonly kind: 'resource'; readonly resource: string; readonly field: string; readonly text: string }
  | { readonly kind: 'incremental'; readonly bound: 'start' | 'end' | 'initial'; readonly text: string }

/** A text cut at its placeholders. */
export type Template = readonly (string | Placeholder)[]

const BOUNDS: Readonly<Record<string, 'start' | 'end' | 'initial'>> = {
  start_value: 'start',
  last_value: 'start',
  initial_value: 'initial',
  end_value: 'end',
}

/** Thrown by {@link parseTemplate}; the caller knows where the text stands. */
export class TemplateError extends Error {}

/**
 * Cuts a text at its placeholders; `{{` and `}}` are literal braces. Throws `TemplateError` for a brace that has no
 * partner and for an expression that is none.
 */
export function parseTemplate(text: string): Template {
  const parts: (string | Placeholder)[] = []
  let literal = ''
  for (let index = 0; index < text.length; index++) {
    const character = text[index]!
    if (character !== '{' && character !== '}') {
      literal += character
    } else if (text[index + 1] === character) {
      literal += character
      index++
    } else if (character === '}') {
      throw new TemplateError('has a } without a {; a literal brace is written twice, as }}')
    } else {
      const close = text.indexOf('}', index)
      if (close === -1) throw new TemplateError('has a { without a }; a literal brace is written twice, as {{')
      if (literal !== '') parts.push(literal)
      literal = ''
      parts.push(parsePlaceholder(text.slice(index + 1, close)))
      index = close
    }
  }
  if (literal !== '') parts.push(literal)
  return parts
}

function parsePlaceholder(text: string): Placeholder {
  const [root, ...rest] = text.split('.')
  if (root === 'resources') {
    const [resource = '', ...field] = rest
    if (resource === '' || field.length === 0 || field.includes(''))
      throw new TemplateError(`has {${text}}, where {resources.<name>.<field>} was expected`)
    checkField(text, field.join('.'))
    return { kind: 'resource', resource, field: field.join('.'), text }
  }
  if (root === 'incremental') {
    const bound = Object.hasOwn(BOUNDS, rest.join('.')) ? BOUNDS[rest.join('.')] : undefined
    if (bound !== undefined) return { kind: 'incremental', bound, text }
    throw new TemplateError(
      `has {${text}}, but there are only ${Object.keys(BOUNDS)
        .map((name) => `{incremental.${name}}`)
        .join(', ')}`,
    )
  }
  const near = nearest(root!, ['resources', 'incremental'])
  const meant = near === undefined ? '' : ` (did you mean ${near}?)`
  throw new TemplateError(
    `has {${text}}${meant}, where {resources.<name>.<field>} or {incremental.start_value} was expected; a literal brace is written twice, as {{`,
  )
}

/** A field that is no dotted path is a JSONPath. */
function checkField(text: string, field: string): void {
  if (!/[[$*]/.test(field)) return
  try {
    compile(field.startsWith('$') ? field : `$.${field}`)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new TemplateError(`has {${text}}, whose field ${JSON.stringify(field)} is not a JSONPath: ${why}`)
  }
}

/** The placeholder that a template consists of, if it is nothing else: its value then keeps its type. */
export function onlyPlaceholder(template: Template): Placeholder | undefined {
  const [part] = template
  return template.length === 1 && typeof part === 'object' ? part : undefined
}

import { compile } from 'json-p3'
import { valueAt } from '../extract/path.ts'
import { aroundRecords, leadsToRecords } from '../http/page.ts'
import type { JsonValue, Page } from '../http/request.ts'
import { invalidOptions } from './errors.ts'

/** Finds one value in a response, or `undefined`. */
export type Lookup = (page: Page) => JsonValue | undefined

/** Brackets, quotes, wildcards and `..` are what a dotted path never has. */
const JSON_PATH = /[[\]*'"]|\.\.|^\$/

/**
 * Compiles a path of a paginator's option: dotted, `meta.total`, or JSONPath (RFC 9535), `$.links[?@.rel=='next'].href`,
 * of which the first match counts. A key may itself hold dots, as `@odata.nextLink` does. Quoted segments,
 * `meta.'next page'`, are taken too. Throws `PAGINATOR_INVALID`.
 */
export function compileLookup(kind: string, option: string, path: string): Lookup {
  const bare = path.replace(/^\$\.(?!\.)/, '')
  if (!JSON_PATH.test(bare)) {
    const keys = bare.split('.')
    return (page) => {
      const body = leadsToRecords(page, keys) ? page.body : aroundRecords(page)
      return valueAt(body, bare) ?? ownMember(body, bare)
    }
  }
  const bracketed = bare.replace(/(^|\.)(['"])(.*?)\2/g, '[$2$3$2]')
  const prefix = bracketed.startsWith('$') ? '' : bracketed.startsWith('[') ? '$' : '$.'
  try {
    const query = compile(prefix + bracketed)
    return (page) => query.query(page.body as never).values()[0] as JsonValue | undefined
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw invalidOptions(kind, `${option} ${JSON.stringify(path)} is neither a dotted path nor a JSONPath: ${why}`, error)
  }
}

function ownMember(body: JsonValue, key: string): JsonValue | undefined {
  if (typeof body !== 'object' || body === null || Array.isArray(body) || !Object.hasOwn(body, key)) return undefined
  return body[key]
}

import type { Auth } from '../auth/auth.ts'
import { BUILT_IN_AUTHS } from '../auth/registry.ts'
import { isTributaryError } from '../errors.ts'
import { canonicalJson } from '../http/json.ts'
import type { JsonValue } from '../http/request.ts'
import type { Paginator } from '../paginate/paginator.ts'
import { authOf } from './auth.ts'
import type { AuthData, PaginatorData } from './data.ts'
import { inFileWords } from './names.ts'
import { paginatorOf } from './paginator.ts'
import type { Place, Report } from './place.ts'
import { holdsVariable } from './variables.ts'

/** Makes the parts of a connector that check themselves, and reports what they refuse. */
export interface Parts {
  readonly report: Report
  /** One value for equal data: resources that share a default, or say the same, share its token. */
  auth(place: Place, data: AuthData): Auth | undefined
  paginator(place: Place, data: PaginatorData): Paginator | undefined
  /** What `make` gives; where it throws, that is reported. `data`: what it is made from. */
  attempt<T>(place: Place, data: unknown, make: () => T): T | undefined
}

/** What is written twice is one auth as well; of a registered one, nobody knows what its fields are. */
const keyOf = (data: AuthData): unknown =>
  typeof data === 'object' && BUILT_IN_AUTHS.includes(data.type ?? 'bearer') ? canonicalJson(data as JsonValue) : data

/** `hasValues`: the variables have been filled in. Without them, parts that need one are not made. */
export function createParts(report: Report, hasValues: boolean): Parts {
  const auths = new Map<unknown, Auth | undefined>()
  const attempt = <T>(place: Place, data: unknown, make: () => T): T | undefined => {
    if (!hasValues && holdsVariable(data)) return undefined
    try {
      return make()
    } catch (error) {
      if (!isTributaryError(error)) throw error
      report(place, inFileWords(error.message))
      return undefined
    }
  }
  return {
    report,
    attempt,
    auth(place, data) {
      const key = keyOf(data)
      if (!auths.has(key))
        auths.set(
          key,
          attempt(place, data, () => authOf(data)),
        )
      return auths.get(key)
    },
    paginator: (place, data) => attempt(place, data, () => paginatorOf(data)),
  }
}

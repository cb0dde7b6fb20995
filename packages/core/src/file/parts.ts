import type { Auth } from '../auth/auth.ts'
import { isTributaryError } from '../errors.ts'
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
  /** One value for one piece of data: resources that share a default share its token. */
  auth(place: Place, data: AuthData): Auth | undefined
  paginator(place: Place, data: PaginatorData): Paginator | undefined
  /** What `make` gives; where it throws, that is reported. `data`: what it is made from. */
  attempt<T>(place: Place, data: unknown, make: () => T): T | undefined
}

/** `hasValues`: the variables have been filled in. Without them, parts that need one are not made. */
export function createParts(report: Report, hasValues: boolean): Parts {
  const auths = new Map<AuthData, Auth | undefined>()
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
      if (!auths.has(data))
        auths.set(
          data,
          attempt(place, data, () => authOf(data)),
        )
      return auths.get(data)
    },
    paginator: (place, data) => attempt(place, data, () => paginatorOf(data)),
  }
}

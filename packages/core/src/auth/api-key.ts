import type { PageRequest } from '../http/request.ts'
import type { Auth } from './auth.ts'
import { type AuthOptions, checkChoice, checkHeaderText, checkOrigins, checkText, checkToken } from './checks.ts'
import { withCookie, withHeader } from './header.ts'

export interface ApiKeyOptions extends AuthOptions {
  /** Name of the header, query parameter or cookie. Default `Authorization`. */
  name?: string
  /** The key itself, sent as it stands: a scheme such as `Token …` is a part of it. */
  value: string
  /** Default `header`. */
  in?: 'header' | 'query' | 'cookie'
}

const WHERE = 'API key auth'

/**
 * An API key in a header, in a cookie beside those that the request has, or in the query of each request, also where a
 * next link left it out. Throws `AUTH_INVALID` for a key that is empty or cannot be sent there.
 */
export function apiKeyAuth(options: ApiKeyOptions): Auth {
  const location = checkChoice(WHERE, 'in', options.in ?? 'header', ['header', 'query', 'cookie'])
  const checkName = location === 'query' ? checkText : checkToken
  const name = checkName(WHERE, 'name', options.name ?? 'Authorization')
  const checkValue = location === 'header' ? checkHeaderText : checkText
  const value = checkValue(WHERE, 'value', options.value)
  return {
    apply: (request) => PUT[location](request, name, value),
    secrets: [value],
    ...checkOrigins(WHERE, options.origins),
  }
}

const PUT: Record<NonNullable<ApiKeyOptions['in']>, (request: PageRequest, name: string, value: string) => PageRequest> = {
  header: withHeader,
  query: (request, name, value) => ({ ...request, params: { ...request.params, [name]: value } }),
  cookie: withCookie,
}

import type { Auth } from './auth.ts'

export interface ApiKeyOptions {
  /** Name of the query parameter or header. Default `Authorization`. */
  name?: string
  /** The key itself, sent as it stands: a scheme such as `Token …` is a part of it. */
  value: string
  /** Default `header`. */
  in?: 'header' | 'query'
}

/** An API key in a header, or in the query of each request, also where a next link left it out. */
export function apiKeyAuth({ name = 'Authorization', value, in: location = 'header' }: ApiKeyOptions): Auth {
  return {
    apply: (request) =>
      location === 'query'
        ? { ...request, params: { ...request.params, [name]: value } }
        : { ...request, headers: { ...request.headers, [name]: value } },
  }
}

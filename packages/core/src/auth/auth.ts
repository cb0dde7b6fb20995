import type { PageRequest } from '../http/request.ts'

/** Puts credentials on requests. One value serves all resources of a client. */
export interface Auth {
  /** Called for every request to an origin the connector trusts, and never for another. Returns a new request. */
  apply(request: PageRequest): PageRequest | Promise<PageRequest>
  /** Called once after a 401. True: apply again and retry. Left out where there is nothing to renew. */
  refresh?(): Promise<boolean>
  /** Further origins, such as `https://files.example.com`, that get the credentials too. Default: only that of the client's `baseUrl`. */
  readonly origins?: readonly string[]
}

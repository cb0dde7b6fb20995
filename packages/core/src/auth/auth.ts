import type { PageRequest } from '../http/request.ts'
import type { TokenResponse } from '../http/token.ts'

/** Puts credentials on requests. One value serves all resources of a client, at the same time. */
export interface Auth {
  /** Called for every request to an origin the connector trusts, and never for another. Returns a new request. */
  apply(request: PageRequest, context: AuthContext): PageRequest | Promise<PageRequest>
  /**
   * Called once after a 401. `refused`: the request as `apply` gave it, so that of many requests with the same stale token
   * only the first renews it. True: apply again and retry. Left out where there is nothing to renew.
   */
  refresh?(refused: PageRequest, context: AuthContext): Promise<boolean>
  /** Further origins, such as `https://files.example.com`, that get the credentials too. Default: only that of the client's `baseUrl`. */
  readonly origins?: readonly string[]
  /** Credentials that it holds from the start, to be redacted wherever they would show. */
  readonly secrets?: readonly string[]
}

/** What an {@link Auth} may do while it works: the only way that it reaches the network. */
export interface AuthContext {
  /**
   * Asks for a token: sends the request as it is, with the client's retries, timeouts and redaction, but without
   * authentication and to no other origin than its own. Throws a redacted `TributaryError` when it is not answered with 2xx and JSON.
   */
  requestToken(request: PageRequest): Promise<TokenResponse>
  /** Makes a credential that was just received known, so that it is redacted from here on. Called before it is used. */
  protect(secret: string): void
}

import type { AuthContext } from '../auth/auth.ts'
import { bodyError } from './http-errors.ts'
import type { RetryPolicy } from './retry.ts'
import { send } from './send.ts'
import type { RequestObserver, Sender, Sending } from './sending.ts'
import type { ResolvedTimeout } from './timeout.ts'

export interface AuthContextOptions {
  /** Told of retries of the token's request, which hold up its own. */
  readonly observer: RequestObserver
  /** Of the client, not of one request: others may be waiting for the same token. */
  readonly signal: AbortSignal
  /** The client's, whatever the endpoint says. */
  readonly retry: RetryPolicy
  readonly timeout: ResolvedTimeout
}

/** What an `Auth` may do: see {@link AuthContext}. */
export function createAuthContext(sender: Sender, options: AuthContextOptions): AuthContext {
  const context: AuthContext = {
    async requestToken(request) {
      const sending: Sending = {
        ...options,
        sender,
        request: { ...request, method: request.method.toUpperCase() as typeof request.method },
        isForToken: true,
        auth: undefined,
        authContext: context,
        trusted: new Set([new URL(request.url).origin]),
        actions: [],
        scan: undefined,
      }
      const { status, body } = await send(sending)
      if (body === undefined) throw bodyError(sending, status, 'no body, where a token was expected', '')
      return { status, body }
    },
    protect: (secret) => sender.redactor.add(secret),
  }
  return context
}

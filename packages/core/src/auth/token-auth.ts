import { isTributaryError, TributaryError } from '../errors.ts'
import type { PageRequest } from '../http/request.ts'
import type { TokenResponse } from '../http/token.ts'
import type { Auth, AuthContext } from './auth.ts'
import { headerOf, withHeader } from './header.ts'
import { parseTokenResponse } from './token-response.ts'

/** How one kind of token is had. */
export interface TokenSource {
  /** For messages, such as `OAuth 2 client credentials`. */
  readonly where: string
  /** URL of the token endpoint, and the option that it came from. */
  readonly url: string
  readonly urlOption: string
  /** The options to check when the endpoint refuses them. */
  readonly credentials: string
  /** Seconds that a token lasts when its response does not say. */
  readonly defaultTokenExpiration: number
  /** The token request. Called for each token anew. */
  request(context: AuthContext): PageRequest | Promise<PageRequest>
}

interface Grant {
  readonly token: string
  /** Milliseconds since the epoch. */
  readonly renewAt: number
}

/** A token is renewed a tenth of its lifetime before it ends, and no more than this many seconds. */
const LONGEST_LEEWAY = 60

/**
 * Sends a bearer token that is asked for when it is first needed, and shared by all who use this value: one request at
 * most is on its way at any time, and what becomes of it is told to all who wait. A failed one is not kept.
 */
export function tokenAuth(source: TokenSource): Required<Pick<Auth, 'apply' | 'refresh'>> {
  let current: Grant | undefined
  let pending: Promise<Grant> | undefined
  /** Servers may give the same text again, so a token's text does not tell whether it has been renewed since. */
  const sentWith = new WeakMap<PageRequest, Grant>()

  const renew = async (context: AuthContext): Promise<Grant> => {
    try {
      current = await requestGrant(source, context)
      return current
    } finally {
      pending = undefined
    }
  }

  const obtain = async (context: AuthContext): Promise<Grant> => {
    if (current !== undefined && Date.now() < current.renewAt) return current
    if (pending === undefined) {
      pending = renew(context)
      return pending
    }
    try {
      return await pending
    } catch (error) {
      // That another run was stopped, which had asked, is no reason to go without.
      if (!wasStopped(error)) throw error
      return obtain(context)
    }
  }

  const isOlder = (refused: PageRequest): boolean => {
    if (current === undefined) return pending === undefined
    const grant = sentWith.get(refused)
    return grant === undefined ? headerOf(refused, 'Authorization') !== `Bearer ${current.token}` : grant !== current
  }

  return {
    async apply(request, context) {
      const grant = await obtain(context)
      // The token may have been received in another run, which redacts for itself.
      context.protect(grant.token)
      const authenticated = withHeader(request, 'Authorization', `Bearer ${grant.token}`)
      sentWith.set(authenticated, grant)
      return authenticated
    },
    async refresh(refused, context) {
      if (isOlder(refused)) return true
      current = undefined
      await obtain(context)
      return true
    },
  }
}

async function requestGrant(source: TokenSource, context: AuthContext): Promise<Grant> {
  const request = await source.request(context)
  // Its lifetime began at some point after this one.
  const asked = Date.now()
  const { body } = await requestToken(source, request, context)
  const { token, lifetime } = parseTokenResponse(body, source.defaultTokenExpiration, describeEndpoint(source))
  context.protect(token)
  return { token, renewAt: asked + (lifetime - Math.min(LONGEST_LEEWAY, lifetime / 10)) * 1000 }
}

async function requestToken(source: TokenSource, request: PageRequest, context: AuthContext): Promise<TokenResponse> {
  try {
    return await context.requestToken(request)
  } catch (error) {
    throw isTributaryError(error) && !wasStopped(error) ? failed(source, error) : error
  }
}

/** The reason of a signal may be anything; the client's own, as it is closed, has a code. */
const wasStopped = (error: unknown): boolean => !isTributaryError(error) || error.code === 'CLIENT_CLOSED'

function failed(source: TokenSource, cause: TributaryError): TributaryError {
  const check = cause.recovery === 'fix-config' ? `${source.credentials} and ${source.urlOption}` : source.urlOption
  return new TributaryError({
    code: 'TOKEN_REQUEST_FAILED',
    recovery: cause.recovery,
    message: `${describeEndpoint(source)} gave no token. Check ${check}. ${cause.message}`,
    cause,
  })
}

/** Without its query, which may hold a credential. */
function describeEndpoint({ where, url }: TokenSource): string {
  const { origin, pathname } = new URL(url)
  return `${where}: the token endpoint ${origin}${pathname}`
}

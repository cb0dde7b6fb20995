import type { Auth } from './auth.ts'
import { type AuthOptions, checkHeaderText, checkOrigins, invalidAuth } from './checks.ts'
import { withHeader } from './header.ts'

export interface BearerOptions extends AuthOptions {
  /** The token alone, without the word Bearer. */
  token: string
}

const WHERE = 'Bearer auth'

/** `Authorization: Bearer <token>` (RFC 6750 §2.1). Throws `AUTH_INVALID` for a token that is empty or no header can carry. */
export function bearerAuth(options: BearerOptions): Auth {
  const token = checkHeaderText(WHERE, 'token', options.token)
  if (/^bearer\s/i.test(token)) {
    throw invalidAuth(WHERE, 'token begins with the word Bearer, which would be sent twice. Give the token alone.')
  }
  return {
    apply: (request) => withHeader(request, 'Authorization', `Bearer ${token}`),
    secrets: [token],
    ...checkOrigins(WHERE, options.origins),
  }
}

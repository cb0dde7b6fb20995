import type { Auth } from './auth.ts'
import { type AuthOptions, checkOrigins, checkText, invalidAuth } from './checks.ts'
import { withHeader } from './header.ts'

export interface BasicOptions extends AuthOptions {
  username: string
  /** May be empty, where an API takes its key as the user name. */
  password: string
}

const WHERE = 'HTTP basic auth'

/**
 * `Authorization: Basic …` (RFC 7617), in UTF-8. Throws `AUTH_INVALID` for an empty user name, one with a colon, and for
 * control characters in either.
 */
export function basicAuth(options: BasicOptions): Auth {
  const username = checkText(WHERE, 'username', options.username)
  const password = options.password === '' ? '' : checkText(WHERE, 'password', options.password)
  if (username.includes(':')) {
    throw invalidAuth(
      WHERE,
      'username has a colon, which ends a user name (RFC 7617 §2). If it holds the password too, split them.',
    )
  }
  const credentials = basicCredentials(username, password)
  return {
    apply: (request) => withHeader(request, 'Authorization', `Basic ${credentials}`),
    // Some APIs take a key as the user name, and nothing or a letter as the password.
    secrets: [credentials, password.length > 1 ? password : username],
    ...checkOrigins(WHERE, options.origins),
  }
}

/** What stands behind `Basic`: user name and password, in base64 of their UTF-8. */
export function basicCredentials(username: string, password: string): string {
  return Buffer.from(`${username}:${password}`, 'utf8').toString('base64')
}

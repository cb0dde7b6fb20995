import type { PageRequest, ParamValue } from '../http/request.ts'
import type { Auth } from './auth.ts'
import { basicCredentials } from './basic.ts'
import { type AuthOptions, checkChoice, checkOrigins, checkSeconds, checkText, checkUrl } from './checks.ts'
import { tokenAuth } from './token-auth.ts'
import { formEncoded, joinScopes, secretValues } from './token-request.ts'

export interface OAuth2ClientCredentialsOptions extends AuthOptions {
  /** Absolute URL of the token endpoint. */
  accessTokenUrl: string
  clientId: string
  clientSecret: string
  /** Further fields of the token request, such as `audience`. They win over those that it has by itself. */
  accessTokenRequestData?: Readonly<Record<string, ParamValue>>
  /** Joined with blanks. Default: none, which leaves it to the server. */
  scopes?: string | readonly string[]
  /** How the client shows who it is: in the form, or in the Authorization header. Default `body`. */
  clientAuthentication?: 'body' | 'basic'
  /** Seconds that a token lasts when its response does not say. Default 3600. */
  defaultTokenExpiration?: number
}

const WHERE = 'OAuth 2 client credentials'

/**
 * The client credentials grant of OAuth 2 (RFC 6749 §4.4). One token for all requests, renewed before it expires and after
 * a 401. Throws `AUTH_INVALID`; when a token is asked for, `TOKEN_REQUEST_FAILED` and `TOKEN_INVALID`.
 */
export function oauth2ClientCredentials(options: OAuth2ClientCredentialsOptions): Auth {
  const url = checkUrl(WHERE, 'accessTokenUrl', options.accessTokenUrl)
  const clientId = checkText(WHERE, 'clientId', options.clientId)
  const clientSecret = checkText(WHERE, 'clientSecret', options.clientSecret)
  const authentication = checkChoice(WHERE, 'clientAuthentication', options.clientAuthentication ?? 'body', ['body', 'basic'])
  const inBody = authentication === 'body'
  const credentials = basicCredentials(formEncoded(clientId), formEncoded(clientSecret))
  const scope = joinScopes(options.scopes)
  const data = {
    grant_type: 'client_credentials',
    ...(inBody && { client_id: clientId, client_secret: clientSecret }),
    ...(scope !== '' && { scope }),
    ...options.accessTokenRequestData,
  }
  const request: PageRequest = {
    method: 'POST',
    url,
    params: {},
    headers: { Accept: 'application/json', ...(!inBody && { Authorization: `Basic ${credentials}` }) },
    data,
  }
  const source = {
    where: WHERE,
    url,
    urlOption: 'accessTokenUrl',
    credentials: 'clientId, clientSecret',
    defaultTokenExpiration: checkSeconds(WHERE, 'defaultTokenExpiration', options.defaultTokenExpiration ?? 3600),
    request: () => request,
  }
  return {
    ...tokenAuth(source),
    secrets: [clientSecret, ...(inBody ? [] : [credentials]), ...secretValues(options.accessTokenRequestData)],
    ...checkOrigins(WHERE, options.origins),
  }
}

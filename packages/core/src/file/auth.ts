import { apiKeyAuth } from '../auth/api-key.ts'
import type { Auth } from '../auth/auth.ts'
import { basicAuth } from '../auth/basic.ts'
import { bearerAuth } from '../auth/bearer.ts'
import { oauth2ClientCredentials } from '../auth/oauth2-client-credentials.ts'
import { oauth2Jwt } from '../auth/oauth2-jwt.ts'
import { authFactory } from '../auth/registry.ts'
import type { AuthData } from './data.ts'
import { camelKeys } from './names.ts'

// Each takes what the schema has checked to be its own.
const MAKE: Readonly<Record<string, (options: never) => Auth>> = {
  bearer: bearerAuth,
  api_key: ({ apiKey: value, location, ...options }: Record<string, never>) =>
    apiKeyAuth({ ...options, ...(location !== undefined && { in: location === 'param' ? 'query' : location }), value: value! }),
  http_basic: basicAuth,
  oauth2_client_credentials: oauth2ClientCredentials,
  oauth2_jwt: oauth2Jwt,
}

/** Makes the auth that a file describes. Throws what the auth itself throws. */
export function authOf(data: AuthData): Auth {
  const { type = 'bearer', ...fields } = typeof data === 'string' ? { type: data } : data
  const make = MAKE[type]
  return make === undefined ? authFactory(type)(fields) : make(camelKeys(fields) as never)
}

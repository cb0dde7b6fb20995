import { createPrivateKey, type KeyObject, randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import type { Auth, AuthContext } from './auth.ts'
import {
  type AuthOptions,
  checkHeaderText,
  checkOrigins,
  checkSeconds,
  checkText,
  checkToken,
  checkUrl,
  invalidAuth,
} from './checks.ts'
import { tokenAuth } from './token-auth.ts'
import { joinScopes, secretValues } from './token-request.ts'

export interface OAuth2JwtOptions extends AuthOptions {
  /** Issuer and subject of the assertion: for Google, the e-mail address of the service account. */
  clientId: string
  /** RSA key in PEM, of PKCS#8 or PKCS#1. Line breaks may be written as `\n`, as in a JSON file or a variable. */
  privateKey: string
  privateKeyPassphrase?: string
  /** Absolute URL of the token endpoint, which is the assertion's audience too. */
  authEndpoint: string
  /** Joined with blanks. Default: none, which leaves it to the server. */
  scopes?: string | readonly string[]
  /** Further headers of the token request. */
  headers?: Readonly<Record<string, string>>
  /** Seconds that a token lasts when its response does not say. Default 3600. */
  defaultTokenExpiration?: number
}

const WHERE = 'OAuth 2 JWT'
const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

/** Enough for the retries of one token request; there are servers that refuse assertions which last much longer. */
const ASSERTION_SECONDS = 300

/**
 * The JWT bearer grant of OAuth 2 (RFC 7523 §2.1): a token in exchange for an assertion signed with RS256. One token for
 * all requests, renewed before it expires and after a 401. Throws `AUTH_INVALID`, also for a key that cannot be read;
 * when a token is asked for, `TOKEN_REQUEST_FAILED` and `TOKEN_INVALID`.
 */
export function oauth2Jwt(options: OAuth2JwtOptions): Auth {
  const clientId = checkText(WHERE, 'clientId', options.clientId)
  const url = checkUrl(WHERE, 'authEndpoint', options.authEndpoint)
  const pem = checkPem(options.privateKey)
  const passphrase = options.privateKeyPassphrase
  const key = readKey(pem, passphrase)
  const headers = Object.entries(options.headers ?? {}).map(([name, value]) => [
    checkToken(WHERE, 'headers', name),
    checkHeaderText(WHERE, `headers.${name}`, value),
  ])
  const scope = joinScopes(options.scopes)
  const source = {
    where: WHERE,
    url,
    urlOption: 'authEndpoint',
    credentials: 'clientId, privateKey, scopes',
    defaultTokenExpiration: checkSeconds(WHERE, 'defaultTokenExpiration', options.defaultTokenExpiration ?? 3600),
    request: async (context: AuthContext) => {
      const assertion = await sign(key, clientId, url, scope)
      context.protect(assertion)
      return {
        method: 'POST' as const,
        url,
        params: {},
        headers: { Accept: 'application/json', ...Object.fromEntries(headers) },
        data: { grant_type: GRANT_TYPE, assertion },
      }
    },
  }
  return {
    ...tokenAuth(source),
    secrets: [options.privateKey, pem, ...(passphrase ? [passphrase] : []), ...secretValues(options.headers)],
    ...checkOrigins(WHERE, options.origins),
  }
}

function sign(key: KeyObject, clientId: string, audience: string, scope: string): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  return new SignJWT(scope === '' ? {} : { scope })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(audience)
    .setIssuedAt(now)
    .setExpirationTime(now + ASSERTION_SECONDS)
    .setJti(randomUUID())
    .sign(key)
}

/** With real line breaks. */
function checkPem(text: unknown): string {
  if (typeof text === 'string' && text.trim() !== '') return text.replaceAll('\\n', '\n').trim()
  throw invalidAuth(WHERE, 'privateKey is missing or empty. Give it the key in PEM.')
}

function readKey(pem: string, passphrase: string | undefined): KeyObject {
  const key = parseKey(pem, passphrase)
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
  if (key.asymmetricKeyType !== 'rsa') {
    throw invalidAuth(WHERE, `privateKey should be an RSA key, for RS256, but is of type ${key.asymmetricKeyType}.`)
  }
  if (bits < 2048) throw invalidAuth(WHERE, `privateKey has ${bits} bits; RS256 needs 2048 or more (RFC 7518 §3.3).`)
  return key
}

function parseKey(pem: string, passphrase: string | undefined): KeyObject {
  try {
    return createPrivateKey({ key: pem, ...(passphrase !== undefined && { passphrase }) })
  } catch {
    // OpenSSL's own words say nothing to the person who has to find a better key.
    if (!/^-----BEGIN (?:RSA |ENCRYPTED )?PRIVATE KEY-----/.test(pem)) {
      throw invalidAuth(WHERE, 'privateKey is not a private key in PEM, which begins with -----BEGIN PRIVATE KEY-----.')
    }
    if (!/ENCRYPTED/.test(pem))
      throw invalidAuth(WHERE, 'privateKey cannot be read. Check that all its lines are there, and unchanged.')
    const why =
      passphrase === undefined ? 'is encrypted. Give privateKeyPassphrase.' : 'cannot be read with this privateKeyPassphrase.'
    throw invalidAuth(WHERE, `privateKey ${why}`)
  }
}

import * as v from 'valibot'
import { AUTH_NAME, authFactory, BUILT_IN_AUTHS } from '../../auth/registry.ts'
import { nearest } from '../../connector/nearest.ts'
import {
  type AnySchema,
  custom,
  either,
  kindOf,
  kinds,
  list,
  needed,
  number,
  oneOf,
  optional,
  record,
  scalar,
  secretText,
  strict,
  text,
  unknownWord,
} from './words.ts'

const shared = {
  origins: optional(
    list(text('an origin'), 'a list of origins'),
    'Further origins, such as https://files.example.com, that get the credentials too. Default: only that of base_url.',
  ),
}
const scopes = optional(
  v.union(
    [text('a text'), list(text('a scope'), 'a list of scopes')],
    ({ input }) => `expected a text or a list of texts, found ${kindOf(input)}.`,
  ),
  'Scopes to ask for. Default: none, which leaves it to the server.',
)
const expiration = optional(
  number(1, 'a number of seconds, from 1'),
  'Seconds that a token lasts when its response does not say. Default 3600.',
)
const type = (name: string): v.LiteralSchema<string, undefined> =>
  v.pipe(v.literal(name), v.description('The kind of auth.')) as never

const token = needed(secretText(), 'The token alone, without the word Bearer.')

const types = kinds('type of auth', [
  strict({ type: type('bearer'), token, ...shared }),
  strict({
    type: type('api_key'),
    api_key: needed(secretText(), 'The key, sent as it stands.'),
    name: optional(text('a name'), 'Name of the header, query parameter or cookie. Default Authorization.'),
    location: optional(
      oneOf('location', ['header', 'query', 'cookie', 'param']),
      'Where the key is sent: header, query (param is its older name) or cookie. Default header.',
    ),
    ...shared,
  }),
  strict({
    type: type('http_basic'),
    username: needed(secretText(), 'The user name.'),
    password: needed(
      v.string(({ input }) => `expected a text, found ${kindOf(input)}.`),
      'The password. It may be empty.',
    ),
    ...shared,
  }),
  strict({
    type: type('oauth2_client_credentials'),
    access_token_url: needed(text('a URL'), 'Absolute URL of the token endpoint.'),
    client_id: needed(secretText(), 'The client id.'),
    client_secret: needed(secretText(), 'The client secret.'),
    access_token_request_data: optional(
      record(scalar(), 'an object with the further fields'),
      'Further fields of the token request, such as audience.',
    ),
    default_token_expiration: expiration,
    client_authentication: optional(
      oneOf('client authentication', ['body', 'basic']),
      'How the client shows who it is: in the form (body), or in the Authorization header (basic). Default body.',
    ),
    scopes,
    ...shared,
  }),
  strict({
    type: type('oauth2_jwt'),
    client_id: needed(secretText(), 'Issuer of the assertion.'),
    private_key: needed(secretText(), 'RSA key in PEM, for RS256.'),
    private_key_passphrase: optional(secretText(), 'What the private key is encrypted with.'),
    auth_endpoint: needed(text('a URL'), 'Absolute URL of the token endpoint, which is the audience too.'),
    scopes,
    headers: optional(record(secretText(), 'an object with the headers'), 'Further headers of the token request.'),
    default_token_expiration: expiration,
    ...shared,
  }),
])

const isKnown = (name: unknown): boolean => {
  if (typeof name !== 'string' || BUILT_IN_AUTHS.includes(name)) return false
  try {
    return typeof authFactory(name) === 'function'
  } catch {
    return false
  }
}

/** As far as a JSON Schema can tell. */
const REGISTERED = { type: 'string', pattern: AUTH_NAME.source, not: { enum: BUILT_IN_AUTHS } }

const registered = custom(isRegistered, ({ input }) => wrongAuth(input), {
  anyOf: [
    REGISTERED,
    {
      type: 'object',
      required: ['type'],
      properties: { type: REGISTERED },
    },
  ],
  description: 'A kind of auth that was made known with registerAuth().',
})

/** An auth that does not say its type. */
const untyped = strict({ token, ...shared })

/** How the API is shown who asks. */
export const authSchema: AnySchema = either([types, untyped, registered], (value) => {
  if (typeof value !== 'object' || value === null || isRegistered(value)) return registered
  return 'token' in value && !('type' in value) ? untyped : types
})

function isRegistered(value: unknown): boolean {
  return isKnown(value) || (typeof value === 'object' && value !== null && 'type' in value && isKnown(value.type))
}

/** A text that is no type may be a credential in the wrong place: it is not repeated. */
function wrongAuth(input: unknown): string {
  if (typeof input !== 'string') return `expected an object with a type and its fields, found ${kindOf(input)}.`
  if (BUILT_IN_AUTHS.includes(input)) return `${input} needs fields: write an object, { type: ${input}, ${FIELDS[input]} }.`
  if (nearest(input, BUILT_IN_AUTHS) !== undefined) return unknownWord('type of auth', input, BUILT_IN_AUTHS)
  return `expected an object such as { type: bearer, token: … }, found a text. The types are ${BUILT_IN_AUTHS.join(', ')}.`
}

const FIELDS: Readonly<Record<string, string>> = {
  bearer: 'token: …',
  api_key: 'api_key: …',
  http_basic: 'username: …, password: …',
  oauth2_client_credentials: 'access_token_url: …, client_id: …, client_secret: …',
  oauth2_jwt: 'client_id: …, private_key: …, auth_endpoint: …',
}

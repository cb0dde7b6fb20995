import { type Handler, json, jsonResponse } from '@tributary/testkit'
import { BASE, configOf, itemsFrom } from '../configs.ts'
import type { ParityCase, ParityGroup } from '../parity-case.ts'
import { chain, guarded, inTurn, items, originOf } from '../routes.ts'

const authorization = ['authorization']
const rows = (count: number): Readonly<Record<string, number>> => ({ items: count })

/** Pages whose next links hold nothing but the page. */
const linked = (records = items(3)): Handler =>
  chain(records, {
    at: ({ query }) => query.get('page'),
    answer: ({ data, next, request }) => ({
      data,
      next: next === null ? null : `${originOf(request)}${request.path}?page=${next}`,
    }),
  })

const requires = (header: string, value: string, handler: Handler = json({ data: items(3) })): Handler =>
  guarded(({ headers }) => headers[header] === value, handler)

const token = (expires = 3600): Handler => {
  let count = 0
  return ({ body }) =>
    body.includes('client_secret=s3cret')
      ? jsonResponse({ access_token: `token-${++count}`, expires_in: expires, token_type: 'Bearer' })
      : jsonResponse({ error: 'invalid_client' }, { status: 401 })
}
const clientCredentials = {
  type: 'oauth2_client_credentials',
  access_token_url: `${BASE}/token`,
  client_id: 'me',
  client_secret: 's3cret',
}

const single: ParityCase[] = [
  {
    name: 'auth-bearer',
    shows: 'A bearer token',
    config: itemsFrom({}, { client: { auth: { type: 'bearer', token: 't0ken' } } }),
    routes: () => ({ '/items': requires('authorization', 'Bearer t0ken') }),
  },
  {
    name: 'auth-bearer-short',
    shows: 'A token without a type is a bearer token',
    config: itemsFrom({}, { client: { auth: { token: 't0ken' } } }),
    routes: () => ({ '/items': requires('authorization', 'Bearer t0ken') }),
  },
  {
    name: 'auth-api-key-header-default',
    shows: 'An API key without a name is the Authorization header',
    config: itemsFrom({}, { client: { auth: { type: 'api_key', api_key: 'Token k3y' } } }),
    routes: () => ({ '/items': requires('authorization', 'Token k3y') }),
  },
  {
    name: 'auth-http-basic',
    shows: 'User name and password, with a colon and letters beyond ASCII',
    config: itemsFrom({}, { client: { auth: { type: 'http_basic', username: 'zoë', password: 'pass:wörd' } } }),
    routes: () => ({ '/items': requires('authorization', `Basic ${Buffer.from('zoë:pass:wörd').toString('base64')}`) }),
  },
  {
    name: 'auth-endpoint',
    shows: "An endpoint's own auth replaces the client's",
    config: itemsFrom({ auth: { type: 'bearer', token: 'own' } }, { client: { auth: { type: 'bearer', token: 'shared' } } }),
    routes: () => ({ '/items': requires('authorization', 'Bearer own') }),
  },
  {
    name: 'auth-endpoint-none',
    shows: 'An auth of null is no auth',
    config: itemsFrom({ auth: null }, { client: { auth: { type: 'bearer', token: 'shared' } } }),
    routes: () => ({ '/items': guarded(({ headers }) => headers.authorization === undefined, json({ data: items(3) })) }),
  },
  {
    name: 'auth-oauth2-client-credentials',
    shows: 'Client credentials, with more fields for the token request',
    config: itemsFrom(
      {},
      { client: { auth: { ...clientCredentials, access_token_request_data: { scope: 'read all', grant_kind: 1 } } } },
    ),
    routes: () => ({ 'POST /token': token(), '/items': requires('authorization', 'Bearer token-1', linked()) }),
  },
  {
    name: 'auth-oauth2-no-expiry',
    shows: 'A token response without expires_in',
    config: itemsFrom({}, { client: { auth: { ...clientCredentials, default_token_expiration: 600 } } }),
    routes: () => ({
      'POST /token': json({ access_token: 'opaque' }),
      '/items': requires('authorization', 'Bearer opaque', linked()),
    }),
  },
].map((parityCase) => ({ ...parityCase, headers: authorization, rows: rows(3) }))

const others: ParityCase[] = [
  {
    name: 'auth-api-key-header',
    shows: 'An API key in a header of its own name',
    config: itemsFrom({}, { client: { auth: { type: 'api_key', api_key: 'k3y', name: 'X-API-Key', location: 'header' } } }),
    routes: () => ({ '/items': requires('x-api-key', 'k3y') }),
    headers: ['x-api-key', 'authorization'],
    rows: rows(3),
  },
  {
    name: 'auth-api-key-query',
    shows: 'A key in the query is on every page, also when the next link lacks it',
    config: itemsFrom(
      { paginator: 'json_link' },
      { client: { auth: { type: 'api_key', api_key: 'k3y', name: 'key', location: 'query' } } },
    ),
    routes: () => ({ '/items': guarded(({ query }) => query.get('key') === 'k3y', linked()) }),
    rows: rows(3),
  },
  {
    name: 'auth-api-key-param',
    shows: 'The location `param` is the query',
    config: itemsFrom({}, { client: { auth: { type: 'api_key', api_key: 'k3y', name: 'key', location: 'param' } } }),
    routes: () => ({ '/items': guarded(({ query }) => query.get('key') === 'k3y', json({ data: items(2) })) }),
    rows: rows(2),
  },
  {
    name: 'auth-api-key-query-special',
    shows: 'A key of special characters arrives as it is',
    config: itemsFrom({}, { client: { auth: { type: 'api_key', api_key: 'a b&c=d/é+%', name: 'api key', location: 'query' } } }),
    routes: () => ({ '/items': guarded(({ query }) => query.get('api key') === 'a b&c=d/é+%', json({ data: items(2) })) }),
    rows: rows(2),
  },
  {
    name: 'auth-refused',
    shows: 'A token that the API refuses is an error',
    config: itemsFrom({}, { client: { auth: { type: 'bearer', token: 'wrong' } } }),
    routes: () => ({ '/items': requires('authorization', 'Bearer t0ken') }),
    headers: authorization,
    fails: { ours: /401/, dlt: /401/ },
  },
  {
    name: 'auth-type-unknown',
    shows: 'An auth type that there is not is a configuration error',
    config: itemsFrom({}, { client: { auth: { type: 'baerer', token: 't' } } }),
    routes: () => ({ '/items': json({ data: items(1) }) }),
    fails: { ours: /baerer/, dlt: /baerer/ },
  },
]

const better: ParityCase[] = [
  {
    name: 'auth-api-key-cookie',
    shows: 'An API key as a cookie',
    config: itemsFrom({}, { client: { auth: { type: 'api_key', api_key: 'k3y', name: 'session', location: 'cookie' } } }),
    routes: () => ({ '/items': requires('cookie', 'session=k3y', json({ data: items(1) })) }),
    headers: ['cookie'],
    better: {
      reason: 'Cookies work; dlt takes the location and then raises NotImplementedError.',
      ours: {
        error: null,
        requests: ['GET /items cookie: session=k3y'],
        tables: { items: items(1) },
        columns: { items: { id: 'BIGINT', name: 'VARCHAR' } },
      },
      dlt: { error: /extraction of resource `items`/, requests: [], tables: {}, columns: {} },
    },
  },
  {
    name: 'auth-oauth2-shared-token',
    shows: 'Two resources and one token',
    config: configOf(['a', 'b'], { client: { auth: clientCredentials } }),
    routes: () => ({
      'POST /token': token(),
      '/a': guarded(({ headers }) => /Bearer token-\d/.test(headers.authorization ?? ''), json({ data: items(1) })),
      '/b': guarded(({ headers }) => /Bearer token-\d/.test(headers.authorization ?? ''), json({ data: items(2) })),
    }),
    anyOrder: true,
    rows: { a: 1, b: 2 },
    better: {
      reason: 'One token serves the whole client; dlt asks for one per resource.',
      ours: { requests: ['GET /a', 'GET /b', 'POST /token client_id=me&client_secret=s3cret&grant_type=client_credentials'] },
      dlt: {
        requests: [
          'GET /a',
          'GET /b',
          'POST /token client_id=me&client_secret=s3cret&grant_type=client_credentials',
          'POST /token client_id=me&client_secret=s3cret&grant_type=client_credentials',
        ],
      },
    },
  },
  {
    name: 'auth-oauth2-refused-once',
    shows: 'A token that is revoked on the way',
    config: itemsFrom({ paginator: 'json_link' }, { client: { auth: clientCredentials } }),
    routes: () => ({
      'POST /token': token(),
      '/items': (request) =>
        guarded(
          ({ headers, query }) => headers.authorization === (query.get('page') === null ? 'Bearer token-1' : 'Bearer token-2'),
          linked(),
        )(request),
    }),
    headers: authorization,
    better: {
      reason: 'A 401 renews the token once and the request is made again; dlt fails and loads nothing.',
      ours: {
        error: null,
        requests: [
          'POST /token authorization: (none) client_id=me&client_secret=s3cret&grant_type=client_credentials',
          'GET /items authorization: Bearer token-1',
          'GET /items?page=1 authorization: Bearer token-1',
          'POST /token authorization: (none) client_id=me&client_secret=s3cret&grant_type=client_credentials',
          'GET /items?page=1 authorization: Bearer token-2',
        ],
        tables: { items: items(3) },
        columns: { items: { id: 'BIGINT', name: 'VARCHAR' } },
      },
      dlt: {
        error: /401/,
        requests: [
          'POST /token authorization: (none) client_id=me&client_secret=s3cret&grant_type=client_credentials',
          'GET /items authorization: Bearer token-1',
          'GET /items?page=1 authorization: Bearer token-1',
        ],
        tables: {},
        columns: {},
      },
    },
  },
  {
    name: 'auth-next-link-elsewhere',
    shows: 'A next link to another origin',
    config: itemsFrom({ paginator: 'json_link' }, { client: { auth: { type: 'bearer', token: 't0ken' } } }),
    routes: () => ({
      '/items': inTurn(
        (request) =>
          jsonResponse({ data: items(1), next: `${originOf(request).replace('127.0.0.1', 'localhost')}/items?page=1` }),
        json({ data: items(1, 2), next: null }),
      ),
    }),
    headers: authorization,
    rows: rows(2),
    better: {
      reason: 'Credentials stay with the origin of base_url; dlt hands them to any link that the API names.',
      ours: { requests: ['GET /items authorization: Bearer t0ken', 'GET /items?page=1 authorization: (none)'] },
      dlt: { requests: ['GET /items authorization: Bearer t0ken', 'GET /items?page=1 authorization: Bearer t0ken'] },
    },
  },
  {
    name: 'auth-redirect-elsewhere',
    shows: 'A redirect to another origin',
    config: itemsFrom({}, { client: { auth: { type: 'api_key', api_key: 'k3y', name: 'X-API-Key' } } }),
    routes: () => ({
      '/items': (request) => ({
        status: 302,
        headers: { location: `${originOf(request).replace('127.0.0.1', 'localhost')}/moved` },
      }),
      '/moved': json({ data: items(1) }),
    }),
    headers: ['x-api-key'],
    rows: rows(1),
    better: {
      reason: 'A redirect elsewhere gets no credentials; dlt sends a key in a header of its own along.',
      ours: { requests: ['GET /items x-api-key: k3y', 'GET /moved x-api-key: (none)'] },
      dlt: { requests: ['GET /items x-api-key: k3y', 'GET /moved x-api-key: k3y'] },
    },
  },
]

export const auth: ParityGroup = { topic: 'Auth', cases: [...single, ...others, ...better] }

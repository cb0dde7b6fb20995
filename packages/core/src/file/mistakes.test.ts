import { describe, expect, it } from 'vitest'
import { isTributaryError } from '../errors.ts'
import { connectorFromData } from './connector.ts'
import { parseConnectorFile } from './parse.ts'

type Data = Record<string, unknown>

const SOURCE = './shop.yaml'
const SECRET = 's3cret-that-nobody-may-see'
const client = { base_url: 'https://api.example.com' }

const file = (more: Data): Data => ({ client, resources: ['tickets'], ...more })
const ofClient = (more: Data): Data => file({ client: { ...client, ...more } })
const ofResource = (more: Data): Data => file({ resources: [{ name: 'tickets', ...more }] })
const ofEndpoint = (more: Data | string): Data => ofResource({ endpoint: more })
const ofPaginator = (paginator: unknown): Data => ofEndpoint({ paginator })
const ofAuth = (auth: unknown): Data => ofClient({ auth })
const ofStep = (step: unknown): Data => ofResource({ processing_steps: [step] })
const ofIncremental = (more: Data): Data => ofEndpoint({ incremental: { cursor_path: 'updated_at', ...more } })
const merging = (more: Data): Data => ofResource({ primary_key: 'id', write_disposition: 'merge', ...more })

const strategy = (name: string, more: Data = {}, options: Data = {}): Data =>
  merging({ write_disposition: { disposition: 'merge', strategy: name, ...options }, ...more })
const scd2 = (options: Data): Data => strategy('scd2', {}, options)
const deleteInsert = (options: Data): Data => strategy('delete-insert', {}, options)

const shape: [title: string, data: unknown][] = [
  ['data that is a list [file.top.object]', []],
  ['an empty file [file.top.object]', null],
  ['no client [file.top.client]', { resources: ['tickets'] }],
  ['no resources [file.top.resources]', { client }],
  ['an empty list of resources [file.top.resources]', file({ resources: [] })],
  ['a name that is none [file.top.name]', file({ name: 'my shop!' })],
  ['an unknown key at the top [file.unknown.top]', file({ resorces: [] })],
  ["an unknown key of the client's [file.unknown.client]", ofClient({ base_ulr: 'x' })],
  ['an unknown key of the defaults [file.unknown.defaults]', file({ resource_defaults: { primry_key: 'id' } })],
  ['a name in the defaults [file.unknown.defaults]', file({ resource_defaults: { name: 'x' } })],
  ["an unknown key of a resource's [file.unknown.resource]", ofResource({ write_dispositon: 'merge' })],
  ["an unknown key of an endpoint's [file.unknown.endpoint]", ofEndpoint({ parms: { q: 1 } })],
  ["an unknown key of a paginator's [file.unknown.paginator]", ofPaginator({ type: 'offset', limit: 10, offst: 5 })],
  ["an unknown key of an auth's [file.unknown.auth]", ofAuth({ type: 'bearer', token: SECRET, tokn: SECRET })],
  [
    'unknown keys in several places [file.report.several]',
    { clint: client, resources: [{ nam: 'a' }, { name: 'b', endpont: 'b' }, 7] },
  ],
  ['a client without base_url [file.client.base-url]', { client: {}, resources: ['tickets'] }],
  ['a base_url without a scheme [file.client.base-url]', file({ client: { base_url: 'api.example.com' } })],
  ['a base_url with a password [file.client.base-url]', file({ client: { base_url: `https://me:${SECRET}@api.example.com` } })],
  ['a number in quotes [file.type]', ofClient({ concurrency: '4' })],
  ['a param by a name that every object has [file.type]', ofEndpoint({ params: { constructor: {} } })],
  ['a mask by such a name [file.type]', ofStep({ mask: { constructor: 'md5' } })],
  ['a number that is none [file.type]', ofEndpoint({ params: { since: Number.NaN } })],
  ['a start beyond all numbers [file.type]', ofIncremental({ initial_value: Number.POSITIVE_INFINITY })],
  ['a header that is a number [file.type]', ofClient({ headers: { Authorization: 12345 } })],
  ['a rate limit of no span [file.client.rate-limit]', ofClient({ rate_limit: { requests: 10, per: 'day' } })],
  ['a rate limit of nothing [file.client.rate-limit]', ofClient({ rate_limit: { requests: 0, per: 'second' } })],
  ['a timeout of nothing [file.client.timeout]', ofClient({ timeout: 0 })],
  ['a timeout with other keys [file.client.timeout]', ofClient({ timeout: { conect: 3 } })],
  ['a status that is none [file.client.retry]', ofClient({ retry: { statuses: [429, 5000] } })],
  ['delays that grow smaller [file.client.retry]', ofClient({ retry: { factor: 0.5 } })],
]

const authAndPages: [title: string, data: unknown][] = [
  ['an auth that is only a name [file.auth.name-alone]', ofAuth('bearer')],
  ['a type of auth that there is not [file.auth.type]', ofAuth({ type: 'baerer', token: SECRET })],
  ['a credential in the place of an auth [file.auth.no-secrets]', ofAuth(SECRET)],
  ['an auth without type or token [file.auth.type]', ofAuth({ api_key: SECRET })],
  ['an auth that lacks a field [file.auth.fields]', ofAuth({ type: 'http_basic', username: 'me' })],
  ['a location that there is not [file.auth.fields]', ofAuth({ type: 'api_key', api_key: SECRET, location: 'body' })],
  ['a token with the word Bearer [file.auth.fields]', ofAuth({ type: 'bearer', token: `Bearer ${SECRET}` })],
  [
    'a private key that is none [file.auth.fields]',
    ofAuth({ type: 'oauth2_jwt', client_id: 'me', private_key: SECRET, auth_endpoint: 'https://x.test' }),
  ],
  ['an offset paginator without a limit [file.paginator.fields]', ofPaginator({ type: 'offset' })],
  ['an offset paginator by its name alone [file.paginator.name-alone]', ofPaginator('offset')],
  ['a type of paginator that there is not [file.paginator.type]', ofPaginator({ type: 'pages' })],
  ['a paginator without a type [file.paginator.type]', ofPaginator({ limit: 100 })],
  ['a name of a paginator that there is not [file.paginator.name-alone]', ofPaginator('single')],
  [
    'a paginator that never ends [file.paginator.fields]',
    ofPaginator({ type: 'page_number', total_path: null, stop_after_empty_page: false }),
  ],
  [
    'a param and a body path for one thing [file.paginator.fields]',
    ofPaginator({ type: 'offset', limit: 5, offset_param: 'o', offset_body_path: 'page.o' }),
  ],
]

const resources: [title: string, data: unknown][] = [
  ['a resource without a name, by its index [file.resource.name]', file({ resources: ['a', { endpoint: 'b' }] })],
  ['two resources of one name [file.resource.name]', file({ resources: ['tickets', { name: 'tickets' }] })],
  ['two resources of one table [file.resource.table]', file({ resources: ['Tickets', 'tickets'] })],
  ['a disposition that there is not [file.resource.disposition]', ofResource({ write_disposition: 'upsert' })],
  ['a merge without a key [file.resource.key]', ofResource({ write_disposition: 'merge' })],
  ['a merge by a strategy without a key [file.loading.key]', strategy('upsert', { primary_key: null })],
  ['a strategy that there is not [file.loading.strategy]', strategy('upsrt')],
  [
    'a strategy without a merge [file.loading.misplaced]',
    ofResource({ write_disposition: { disposition: 'append', strategy: 'upsert' } }),
  ],
  ['a merge key without a merge [file.loading.misplaced]', ofResource({ merge_key: 'day' })],
  [
    'hints without a merge [file.loading.misplaced]',
    ofResource({
      write_disposition: 'replace',
      columns: { userDay: { merge_key: true }, gone: { hard_delete: true }, at: { dedup_sort: 'asc' } },
    }),
  ],
  ['a merge key of a strategy that takes none [file.loading.merge-key]', strategy('insert-only', { merge_key: 'day' })],
  ['a column of such a merge key [file.loading.merge-key]', strategy('cdc', { columns: { theDay: { merge_key: true } } })],
  [
    'two columns that delete [file.loading.hints]',
    merging({ columns: { gone: { hard_delete: true }, deleted_at: { hard_delete: true } } }),
  ],
  ['two columns that decide [file.loading.hints]', merging({ columns: { a: { dedup_sort: 'asc' }, b: { dedup_sort: 'desc' } } })],
  [
    'a column that decides between rows of no key [file.loading.hints]',
    merging({ primary_key: null, merge_key: 'day', columns: { at: { dedup_sort: 'desc' } } }),
  ],
  ['an order that there is not [file.loading.hints]', merging({ columns: { at: { dedup_sort: 'newest' } } })],
  ['a contract that there is not [file.loading.contract]', ofResource({ schema_contract: 'frozen' })],
  ['a part of a contract that there is not [file.loading.contract]', ofResource({ schema_contract: { column: 'freeze' } })],
  ['a word of a contract that there is not [file.loading.contract]', ofResource({ schema_contract: { columns: 'ignore' } })],
  ['names for the columns of versions [file.loading.elsewhere]', scd2({ validity_column_names: ['from', 'to'] })],
  ['an instant for active versions [file.loading.elsewhere]', scd2({ active_record_timestamp: '9999-12-31' })],
  ['an instant for the versions of a load [file.loading.elsewhere]', scd2({ boundary_timestamp: '2026-01-01' })],
  ['a column that tells versions apart [file.loading.elsewhere]', scd2({ row_version_column_name: 'hash' })],
  ['rows that are said to be single [file.loading.elsewhere]', deleteInsert({ deduplicated: true })],
  ['SQL of what is loaded [file.loading.elsewhere]', deleteInsert({ source_filter: 'x > 1' })],
  ['SQL of what is replaced [file.loading.elsewhere]', deleteInsert({ destination_scope: 'x > 1' })],
  ['a resource that is skipped [file.loading.elsewhere]', ofResource({ write_disposition: 'skip' })],
  ['a data type that there is not [file.columns.type]', ofResource({ columns: { price: { data_type: 'float' } } })],
  ['a column by its path [file.columns.name]', ofResource({ columns: { 'venue.city': { data_type: 'text' } } })],
  ['a list of columns, one without a name [file.columns.name]', ofResource({ columns: [{ data_type: 'text' }] })],
  [
    'digits of a column that has none [file.columns.decimal]',
    ofResource({ columns: { n: { data_type: 'bigint', precision: 5 } } }),
  ],
  [
    'more digits after the point than in all [file.columns.decimal]',
    ofResource({ columns: { n: { data_type: 'decimal', precision: 5 } } }),
  ],
  ['a step that does two things [file.steps.one]', ofStep({ drop: ['a'], rename: { b: 'c' } })],
  ['a step that there is not [file.steps.one]', ofStep({ remove: ['a'] })],
  ['a function as a step [file.steps.one]', ofStep({ map: 'lambda r: r' })],
  ['a hash without a salt [file.steps.salt]', ofStep({ mask: { email: 'hash' } })],
  ['a mask that there is not [file.steps.mask]', ofStep({ mask: { email: 'md5' } })],
  ['a filter without a condition [file.steps.filter]', ofStep({ filter: { field: 'status' } })],
]

const endpoints: [title: string, data: unknown][] = [
  ['a method that there is not [file.endpoint.method]', ofEndpoint({ method: 'FETCH' })],
  ['two bodies [file.endpoint.bodies]', ofEndpoint({ method: 'POST', json: { a: 1 }, data: { b: 2 } })],
  ['a body of a GET [file.endpoint.bodies]', ofEndpoint({ json: { a: 1 } })],
  ['a selector that is no JSONPath [file.endpoint.selector]', ofEndpoint({ data_selector: 'data[*' })],
  [
    'an action that there is not [file.actions.action]',
    ofEndpoint({ response_actions: [{ status_code: 404, action: 'ingore' }] }),
  ],
  ['an action for nothing [file.actions.condition]', ofEndpoint({ response_actions: [{ action: 'ignore' }] })],
  [
    'a status of an action that is none [file.actions.status]',
    ofEndpoint({ response_actions: [{ status_code: '40x', action: 'ignore' }] }),
  ],
  ['a param of a kind that there is not [file.params.type]', ofEndpoint({ params: { q: { type: 'resolved' } } })],
  ['a param that lacks a field [file.params.resolve]', ofEndpoint({ params: { id: { type: 'resolve', resource: 'shops' } } })],
  [
    'a name in the path that nothing fills [file.params.path]',
    ofEndpoint({ path: 'shops/{shop_id}/tickets', params: { shop: 1 } }),
  ],
  [
    'two incremental params [file.params.incremental]',
    ofEndpoint({ params: { a: { type: 'incremental', cursor_path: 'x' }, b: { type: 'incremental', cursor_path: 'y' } } }),
  ],
  [
    'an end in an incremental param [file.params.incremental]',
    ofEndpoint({ params: { a: { type: 'incremental', cursor_path: 'x', end_value: 5 } } }),
  ],
  ['an incremental without a cursor [file.incremental.cursor-path]', ofEndpoint({ incremental: { start_param: 'since' } })],
  ['a cursor that is a JSONPath [file.incremental.cursor-path]', ofIncremental({ cursor_path: '$.items[*].at' })],
  ['a conversion that there is not [file.incremental.convert]', ofIncremental({ convert: 'epoch' })],
  ['the old name of convert [file.incremental.convert]', ofIncremental({ transform: 'epoch_seconds' })],
  ['an end without a start [file.incremental.end]', ofIncremental({ end_value: '2026-02-01' })],
  ['an end before the start [file.incremental.end]', ofIncremental({ initial_value: '2026-02-01', end_value: '2026-01-01' })],
  ['an end of another kind than the start [file.incremental.end]', ofIncremental({ initial_value: '2026-02-01', end_value: 5 })],
  ['one param for start and end [file.incremental.params]', ofIncremental({ start_param: 'at', end_param: 'at' })],
  ['a last_value_func that there is not [file.incremental.last-value]', ofIncremental({ last_value_func: 'latest' })],
  ['a placeholder that is malformed [file.placeholders.malformed]', ofEndpoint('shops/{resources.shops}/tickets')],
  ['a brace without its partner [file.placeholders.malformed]', ofEndpoint({ params: { q: '{"a": 1}' } })],
  ['a placeholder of no known kind [file.placeholders.malformed]', ofEndpoint({ params: { q: '{nothing.here}' } })],
  [
    'a parent that there is not [file.placeholders.parent]',
    file({ resources: ['shops', { name: 'tickets', endpoint: 'shops/{resources.shop.id}/tickets' }] }),
  ],
  [
    'two parents [file.placeholders.one-parent]',
    file({ resources: ['a', 'b', { name: 'c', endpoint: '{resources.a.id}/{resources.b.id}' }] }),
  ],
  [
    'a cycle [file.placeholders.cycle]',
    file({
      resources: [
        { name: 'a', endpoint: '{resources.b.id}' },
        { name: 'b', endpoint: '{resources.a.id}' },
      ],
    }),
  ],
  ['fields of a parent that there is not [file.placeholders.include]', ofResource({ include_from_parent: ['id'] })],
  [
    'a cursor that a placeholder needs [file.placeholders.cursor]',
    ofEndpoint({ params: { since: '{incremental.start_value}' } }),
  ],
]

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: as they are written in a file
const variables: [title: string, data: unknown][] = [
  [
    'a variable that is not set [file.variables.unset]',
    file({ client: { base_url: '${SHOP_URL}', auth: { token: '${SHOP_TOKEN}' } } }),
  ],
  ['a variable that is malformed [file.variables.malformed]', file({ client: { base_url: '${SHOP-URL}' } })],
  ['a variable where a number is expected [file.variables.texts]', ofPaginator({ type: 'offset', limit: '${LIMIT}' })],
]
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: as they are written in a file

const texts: [title: string, path: string, text: string][] = [
  ['YAML that is not closed [file.yaml.syntax]', './shop.yaml', 'client: {base_url: x\nresources: [a]\n'],
  ['YAML indented by a tab [file.yaml.syntax]', './shop.yml', 'client:\n\tbase_url: x\n'],
  ['a colon in a YAML text [file.yaml.syntax]', './shop.yaml', 'name: shop: one\n'],
  ['a key twice in YAML [file.yaml.duplicates]', './shop.yaml', 'name: a\nclient: {base_url: x}\nname: b\n'],
  ['an alias of nothing in YAML [file.yaml.aliases]', './shop.yaml', 'client: *nowhere\n'],
  ['a tag in YAML [file.yaml.syntax]', './shop.yaml', 'client: !env SHOP\n'],
  ['a YAML file with nothing in it [file.yaml.syntax]', './shop.yaml', '# to be done\n'],
  [
    'a placeholder without quotes in YAML [file.yaml.syntax]',
    './shop.yaml',
    'resources:\n  - name: a\n    endpoint: { params: { id: {resources.b.id} } }\n',
  ],
  ['a key of braces in YAML [file.yaml.syntax]', './shop.yaml', 'name: {{ shop }}\n'],
  ['a key without a value in YAML [file.yaml.syntax]', './shop.yaml', 'client: { base_url: x, headers }\n'],
  ['a key that is null in YAML [file.yaml.syntax]', './shop.yaml', 'client: { headers: { null: x } }\n'],
  ['an alias of a text as defaults in YAML [file.yaml.merge]', './shop.yaml', 'name: &name shop\nclient: { <<: *name }\n'],
  ['an escape that YAML has not [file.yaml.syntax]', './shop.yaml', 'name: "a\\q"\n'],
  ['a star in YAML [file.yaml.syntax]', './shop.yaml', 'resources: [*]\n'],
  ['YAML that is far too deep [file.yaml.syntax]', './shop.yaml', `name: shop\na:\n  b: ${'['.repeat(20_000)}`],
  ['two documents in YAML [file.yaml.syntax]', './shop.yaml', 'name: a\n---\nname: b\n'],
  ['a comma too many in JSON [file.json.syntax]', './shop.json', '{\n  "name": "shop",\n}\n'],
  ['a comma too few in JSON [file.json.syntax]', './shop.json', '{\n  "name": "shop"\n  "client": {}\n}\n'],
  ['JSON that ends early [file.json.syntax]', './shop.json', '{\n  "client": {\n    "base_url": "x"\n'],
  ['single quotes in JSON [file.json.syntax]', './shop.json', "{ 'name': 'shop' }"],
  ['a comment in JSON [file.json.syntax]', './shop.json', '{ "name": // the shop\n  "shop" }'],
  ['a key twice in JSON [file.json.duplicates]', './shop.json', '{ "name": "a",\n  "name": "b" }'],
]

function messageOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (isTributaryError(error) && error.recovery === 'fix-config') return error.message
    throw error
  }
  throw new Error('nothing was thrown')
}

const all: [title: string, run: () => unknown][] = [
  ...[...shape, ...authAndPages, ...resources, ...endpoints, ...variables].map(([title, data]): [string, () => unknown] => [
    title,
    () => connectorFromData(data, { name: 'shop', source: SOURCE })({}),
  ]),
  ...texts.map(([title, path, text]): [string, () => unknown] => [title, () => parseConnectorFile(text, path)({})]),
]

describe('mistakes in a file', () => {
  it.each(all)('%s', (_title, run) => {
    const message = messageOf(run)
    expect(message.split('\n').length).toBeLessThanOrEqual(5)
    expect(message).not.toContain(SECRET)
    expect(message).not.toMatch(/undefined|\[object|Invalid |Expected /)
  })

  it('have the texts of golden/mistakes.txt [file.report.golden]', async () => {
    const page = all.map(([title, run]) => `# ${title.replace(/ \[.*\]$/, '')}\n${messageOf(run)}\n`).join('\n')
    await expect(page).toMatchFileSnapshot('./golden/mistakes.txt')
  })

  it('are of many kinds', () => {
    expect(all.length).toBeGreaterThan(60)
    expect(new Set(all.map(([title]) => title)).size).toBe(all.length)
  })
})

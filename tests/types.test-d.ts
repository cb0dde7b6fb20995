// Checked by `pnpm types`: every line under an expected error must be one, and everything else must compile.
import type { serviceDesk } from '@tributary/connector-service-desk'
import { ticketing } from '@tributary/connector-ticketing'
import {
  apiKeyAuth,
  defineConnector,
  integer,
  offset,
  type ResourceName,
  type RowOf,
  resource,
  secret,
  sync,
  timestamp,
  url,
} from '@tributary/core'
import { duckdb } from '@tributary/destination-duckdb'
import * as v from 'valibot'

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const is = <T extends true>(): T | undefined => undefined

// Rows are exact: names, types and nullability.
interface Ticket {
  id: number
  event_name: string
  ticket_type?: string | null | undefined
  customer_id?: number | null | undefined
  status?: string | null | undefined
  price?: number | null | undefined
  currency?: string | null | undefined
  quantity?: number | null | undefined
  purchased_at?: string | null | undefined
  updated_at?: string | null | undefined
}
type TicketRow = RowOf<typeof ticketing, 'ticket_data'>
is<Equal<{ [K in keyof TicketRow]: TicketRow[K] }, { [K in keyof Ticket]: Ticket[K] }>>()
is<Equal<ResourceName<typeof ticketing>, 'ticket_data'>>()
is<Equal<ResourceName<typeof serviceDesk>, 'service_desk_tickets'>>()
// @ts-expect-error a ticket's id is no text
is<Equal<TicketRow['id'], string>>()
// @ts-expect-error there is no such resource
type _WrongResource = RowOf<typeof ticketing, 'tickets'>
// @ts-expect-error there is no such column
type _WrongColumn = TicketRow['event']

// Options.
const connector = ticketing({ baseUrl: 'https://api.example.com', apiKey: 'k' })
is<Equal<RowOf<typeof connector, 'ticket_data'>, TicketRow>>()
// @ts-expect-error apiKey is missing
ticketing({ baseUrl: 'https://api.example.com' })
// @ts-expect-error apiKey is text
ticketing({ baseUrl: 'https://api.example.com', apiKey: 1 })
// @ts-expect-error there is no such option
ticketing({ baseUrl: 'https://api.example.com', apiKey: 'k', token: 'x' })

// Runs.
const destination = duckdb({ path: 'x.duckdb' })
const result = sync({ connector, destination, resources: ['ticket_data'] })
result.then(({ resources }) => resources.ticket_data.records, console.error)
// @ts-expect-error there is no such resource in the result
result.then(({ resources }) => resources.tickets.records, console.error)
// @ts-expect-error there is no such resource to choose
sync({ connector, destination, resources: ['tickets'] }).catch(console.error)
// @ts-expect-error there is no such disposition
sync({ connector, destination, writeDisposition: 'upsert' }).catch(console.error)

// Keys and cursors are columns of the schema.
const schema = v.object({
  id: integer(),
  name: v.string(),
  at: timestamp(),
  place: v.object({ city: v.string() }),
  tags: v.array(v.string()),
})
const endpoint = { path: '/things', paginator: offset({ limit: 10 }) }
resource({ endpoint, schema, primaryKey: 'id', cursor: 'at' })
resource({ endpoint, schema, primaryKey: ['id', 'place.city'] })
// @ts-expect-error there is no such column
resource({ endpoint, schema, primaryKey: 'identifier' })
// @ts-expect-error one of them is no column
resource({ endpoint, schema, primaryKey: ['id', 'place.town'] })
// @ts-expect-error a list is no key
resource({ endpoint, schema, primaryKey: 'tags' })
// @ts-expect-error there is no such column
resource({ endpoint, schema, cursor: 'updated_at' })

// So are the fields that say how a resource is merged, and the words are those that there are.
const merging = { endpoint, schema, primaryKey: 'id', writeDisposition: 'merge' } as const
resource({ ...merging, mergeStrategy: 'scd2', mergeKey: ['at', 'place.city'], hardDelete: 'name', schemaContract: 'freeze' })
resource({ ...merging, dedupSort: { field: 'at', order: 'desc' }, schemaContract: { dataType: 'discard_row' } })
resource({ ...merging, columns: { extra: { mergeKey: true, hardDelete: true, dedupSort: 'asc' } } })
resource({ endpoint, mergeKey: 'anything', hardDelete: 'anything.else', dedupSort: { field: 'x', order: 'asc' } })
// @ts-expect-error there is no such column
resource({ ...merging, mergeKey: 'day' })
// @ts-expect-error one of them is no column
resource({ ...merging, mergeKey: ['at', 'place.town'] })
// @ts-expect-error there is no such column
resource({ ...merging, hardDelete: 'deleted_at' })
// @ts-expect-error a list says nothing of deletion
resource({ ...merging, hardDelete: 'tags' })
// @ts-expect-error there is no such column
resource({ ...merging, dedupSort: { field: 'version', order: 'desc' } })
// @ts-expect-error there is no such order
resource({ ...merging, dedupSort: { field: 'at', order: 'newest' } })
// @ts-expect-error a column is sorted by in an order
resource({ ...merging, columns: { extra: { dedupSort: true } } })
// @ts-expect-error there is no such strategy
resource({ ...merging, mergeStrategy: 'cdc' })
// @ts-expect-error there is no such mode
resource({ endpoint, schemaContract: 'frozen' })
// @ts-expect-error the part is called dataType
resource({ endpoint, schemaContract: { data_type: 'freeze' } })
// @ts-expect-error there is no such mode of a part
sync({ connector, destination, schemaContract: { columns: 'ignore' } }).catch(console.error)

// @ts-expect-error a limit is a number
offset({ limit: '10' })
// @ts-expect-error a key goes into the query or a header
apiKeyAuth({ name: 'key', value: 'x', in: 'body' })

// What holds for all resources must be in each of them, and endpoints take the options that there are.
const options = v.object({ baseUrl: url(), apiKey: secret(), since: v.optional(v.string()) })
const client = ({ baseUrl }: { baseUrl: string }) => ({ baseUrl })
defineConnector({
  name: 'right',
  options,
  client,
  resourceDefaults: { primaryKey: 'id' },
  resources: {
    things: resource({ schema, endpoint: ({ since }: { since?: string | undefined }) => ({ path: '/t', params: { since } }) }),
  },
})
defineConnector({
  name: 'wrong',
  options,
  client,
  // @ts-expect-error the key is no column of things
  resourceDefaults: { primaryKey: 'key' },
  resources: { things: resource({ schema, endpoint }) },
})
defineConnector({
  name: 'wrong',
  options,
  client,
  // @ts-expect-error the merge key is no column of things
  resourceDefaults: { primaryKey: 'id', mergeKey: 'day' },
  resources: { things: resource({ schema, endpoint }) },
})
defineConnector({
  name: 'wrong',
  options,
  client,
  // @ts-expect-error what is sorted by is no column of things
  resourceDefaults: { primaryKey: 'id', dedupSort: { field: 'version', order: 'asc' } },
  resources: { things: resource({ schema, endpoint }) },
})
defineConnector({
  name: 'wrong',
  options,
  client,
  resources: {
    // @ts-expect-error there is no option `until`
    things: resource({ schema, endpoint: ({ until }: { until: string }) => ({ path: '/t', params: { until } }) }),
  },
})
defineConnector({
  name: 'wrong',
  options,
  // @ts-expect-error there is no option `host`
  client: ({ host }: { host: string }) => ({ baseUrl: host }),
  resources: { things: resource({ endpoint }) },
})

// Placeholders refer to resources and fields that there are.
const posts = resource({ schema, endpoint: { path: 'posts' } })
const untyped = resource({ primaryKey: 'id', cursor: 'at', endpoint: { path: 'untyped' } })
defineConnector({
  name: 'right',
  options,
  client,
  resources: {
    posts,
    untyped,
    comments: resource({ endpoint: { path: 'posts/{resources.posts.id}/{resources.posts.place.city}', params: { limit: 5 } } }),
    byName: resource({ endpoint: { path: 'search', params: { name: '{resources.posts.name}', literal: '{{resources.x.y}}' } } }),
    anything: resource({ endpoint: { path: 'of/{resources.untyped.whatever}' } }),
    computed: resource({ endpoint: ({ since }: { since?: string | undefined }) => ({ path: `of/${since ?? 'all'}` }) }),
  },
})
defineConnector({
  name: 'wrong',
  options,
  client,
  resources: {
    posts,
    // @ts-expect-error there is no resource `post`
    comments: resource({ endpoint: { path: 'posts/{resources.post.id}/comments' } }),
  },
})
defineConnector({
  name: 'wrong',
  options,
  client,
  resources: {
    posts,
    // @ts-expect-error posts have no field `number`
    comments: resource({ endpoint: { path: 'comments', params: { of: '{resources.posts.number}' } } }),
  },
})
defineConnector({
  name: 'wrong',
  options,
  client,
  resources: {
    posts,
    // @ts-expect-error tags are a list
    comments: resource({ endpoint: () => ({ path: 'posts/{resources.posts.tags}' }) }),
  },
})
// @ts-expect-error an endpoint has no such member
resource({ endpoint: { path: 'posts', dataSelektor: 'data' } })
// @ts-expect-error a step has one of three names
resource({ endpoint: { path: 'posts' }, processingSteps: [{ drop: ['a'] }] })

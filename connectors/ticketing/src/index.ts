import { apiKeyAuth, defineConnector, integer, offset, packageVersion, resource, secret, timestamp, url } from '@tributary/core'
import * as v from 'valibot'

const options = v.object({
  baseUrl: v.pipe(url(), v.description('Where the API is, such as https://api.example.com')),
  apiKey: v.pipe(secret(), v.description('Sent as the query parameter api_key with each request')),
  updatedSinceParam: v.optional(
    v.pipe(
      v.string(),
      v.nonEmpty(),
      v.description('Query parameter by which the API filters on updated_at, where it has one: turns incremental sync on'),
    ),
  ),
})

type Options = v.InferOutput<typeof options>

/** One sold ticket. Fields that the API sends beside these become columns as they come. */
const ticket = v.object({
  id: integer(),
  event_name: v.string(),
  ticket_type: v.nullish(v.string()),
  customer_id: v.nullish(integer()),
  status: v.nullish(v.string()),
  price: v.nullish(v.number()),
  currency: v.nullish(v.string()),
  quantity: v.nullish(integer()),
  purchased_at: v.nullish(timestamp()),
  updated_at: v.nullish(timestamp()),
})

export type Ticket = v.InferOutput<typeof ticket>

/** Event tickets of a ticketing API: `ticketing({ baseUrl, apiKey })`. */
export const ticketing = defineConnector({
  name: 'ticketing',
  version: packageVersion(import.meta.url),
  description: 'Event tickets: who bought which ticket for what, and its status.',
  options,
  client: ({ baseUrl, apiKey }) => ({ baseUrl, auth: apiKeyAuth({ name: 'api_key', value: apiKey, in: 'query' }) }),
  resourceDefaults: { primaryKey: 'id', writeDisposition: 'merge' },
  resources: {
    ticket_data: resource({
      description: 'Tickets, one row each.',
      schema: ticket,
      cursor: 'updated_at',
      endpoint: ({ updatedSinceParam }: Options) => ({
        path: '/v1/tickets',
        dataSelector: 'data',
        paginator: offset({ limit: 100 }),
        ...(updatedSinceParam !== undefined && { incremental: { startParam: updatedSinceParam } }),
      }),
    }),
  },
})

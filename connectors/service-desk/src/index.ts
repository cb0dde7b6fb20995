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

/** A request for help. Fields that the API sends beside these become columns as they come. */
const ticket = v.object({
  id: integer(),
  ticket_id: v.nullish(v.string()),
  customer_id: v.nullish(integer()),
  subject: v.nullish(v.string()),
  description: v.nullish(v.string()),
  status: v.nullish(v.string()),
  priority: v.nullish(v.string()),
  assignee: v.nullish(v.string()),
  created_at: v.nullish(timestamp()),
  updated_at: v.nullish(timestamp()),
  resolved_at: v.nullish(timestamp()),
})

export type ServiceDeskTicket = v.InferOutput<typeof ticket>

/** Tickets of a service desk API: `serviceDesk({ baseUrl, apiKey })`. */
export const serviceDesk = defineConnector({
  name: 'service-desk',
  version: packageVersion(import.meta.url),
  description: 'Service desk tickets: who asked for what, its priority and status.',
  options,
  client: ({ baseUrl, apiKey }) => ({ baseUrl, auth: apiKeyAuth({ name: 'api_key', value: apiKey, in: 'query' }) }),
  resourceDefaults: { primaryKey: 'id', writeDisposition: 'merge' },
  resources: {
    service_desk_tickets: resource({
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

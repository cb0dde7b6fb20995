import * as v from 'valibot'
import { authSchema } from './auth.ts'
import { headersSchema } from './headers.ts'
import { paginatorSchema } from './paginator.ts'
import { type AnySchema, found, list, needed, number, oneOf, optional, strict, text, whole } from './words.ts'

/** About 24 days: no timer goes beyond it. */
const MAXIMUM_SECONDS = 2_147_483
const seconds = (least: number): AnySchema =>
  number(least, `a number of seconds, from ${least} to ${MAXIMUM_SECONDS}`, MAXIMUM_SECONDS)

/** When a request is made again. */
export const retrySchema: AnySchema = strict({
  statuses: optional(
    list(whole(100, 599), 'a list of status codes'),
    'Status codes that are worth another try. Default 429, 500, 502, 503, 504.',
  ),
  limit: optional(whole(0), 'Retries of one request. Default 3, which makes at most 4 requests.'),
  factor: optional(number(1, 'a number from 1'), 'Each delay is this many times the one before. Default 2.'),
  initial_delay: optional(seconds(0), 'Seconds before the first retry. Default 0.5.'),
  maximum_delay: optional(seconds(0), 'Seconds that no delay exceeds, whatever Retry-After says. Default 60.'),
})

/** How long an answer may take. */
export const timeoutSchema: AnySchema = v.union(
  [
    seconds(0.001),
    strict({
      connect: optional(seconds(0.001), 'Seconds for the connection. Default 60.'),
      body: optional(seconds(0.001), 'Seconds for all of the answer after it. Default 60.'),
    }),
  ],
  ({ input }) => `expected a number of seconds, or an object with connect and body, found ${found(input)}.`,
)

/** How the API is reached. */
export const clientSchema: AnySchema = strict({
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as it is written in a file
  base_url: needed(text('a URL'), 'Absolute URL of the API, such as https://api.example.com or ${API_BASE_URL}.'),
  headers: optional(headersSchema, 'Sent with every request.'),
  auth: optional(authSchema, 'How the API is shown who asks.'),
  paginator: optional(paginatorSchema, 'For endpoints that name none.'),
  retry: optional(retrySchema, 'When a request is made again.'),
  rate_limit: optional(
    strict({
      requests: needed(whole(1), 'How many requests in that time, a whole number.'),
      per: needed(oneOf('span', ['second', 'minute', 'hour']), 'second, minute or hour.'),
    }),
    'Of all requests together. Default: none but what the API itself asks for.',
  ),
  timeout: optional(timeoutSchema, 'Seconds for one attempt, or { connect, body }. Default 60.'),
  concurrency: optional(whole(1), 'Requests in flight at once. Default 4.'),
  maximum_body_bytes: optional(whole(1), 'Largest response body in bytes. Default 268435456 (256 MiB).'),
})

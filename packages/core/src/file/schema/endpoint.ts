import * as v from 'valibot'
import { CONVERSIONS } from '../convert.ts'
import { authSchema } from './auth.ts'
import { retrySchema, timeoutSchema } from './client.ts'
import { headersSchema } from './headers.ts'
import { paginatorSchema } from './paginator.ts'
import {
  type AnySchema,
  anyText,
  anything,
  comparable,
  custom,
  expected,
  kindOf,
  kinds,
  list,
  needed,
  number,
  oneOf,
  optional,
  record,
  scalar,
  strict,
  text,
} from './words.ts'

const cursor = {
  cursor_path: needed(text('a path'), 'The field that grows whenever a record is made or changed: updated_at, meta.changed.'),
  initial_value: optional(comparable(), 'Where the first run starts.'),
  convert: optional(
    oneOf('conversion', CONVERSIONS),
    `How a value is written in the request, where that differs from how the records have it: ${CONVERSIONS.join(', ')}.`,
  ),
  last_value_func: optional(oneOf('last_value_func', ['max', 'min']), 'Which of the values seen is the cursor. Default max.'),
  row_order: optional(
    oneOf('row_order', ['asc', 'desc']),
    'How the API orders the listing by the cursor, so that paging can end early. Default: not known.',
  ),
  range_start: optional(
    oneOf('range_start', ['closed', 'open']),
    'Whether the start itself is in the range. Default closed: it is.',
  ),
  range_end: optional(oneOf('range_end', ['closed', 'open']), 'Whether the end itself is in the range. Default open: it is not.'),
  lag: optional(
    number(0, 'a number from 0'),
    "How far before the last value a run starts: seconds for timestamps, days for dates, else the cursor's own unit. Default 0.",
  ),
  on_cursor_value_missing: optional(
    oneOf('on_cursor_value_missing', ['raise', 'include', 'exclude']),
    'What becomes of a record that has no value at the cursor. Default raise.',
  ),
}

const TRANSFORM = `transform is the old name of convert, which takes one of ${CONVERSIONS.join(', ')}.`

/** Asking only for what changed. */
export const incrementalSchema: AnySchema = strict(
  {
    ...cursor,
    end_value: optional(comparable(), 'Where every run ends, exclusive: a backfill, which keeps no cursor. Needs initial_value.'),
    start_param: optional(text('a name'), 'Query parameter that takes the start. Left out where there is none yet.'),
    end_param: optional(text('a name'), 'Query parameter that takes the end.'),
  },
  { transform: TRANSFORM },
)

const type = (name: string, description: string): v.LiteralSchema<string, undefined> =>
  v.pipe(v.literal(name), v.description(description)) as never

const parameter = v.union(
  [
    scalar(),
    list(
      custom(
        (value) => ['string', 'boolean'].includes(typeof value) || Number.isFinite(value),
        expected('a text, a number, true or false', kindOf),
        {
          type: ['string', 'number', 'boolean'],
        },
      ),
      'a list of values',
    ),
    kinds('type of param', [
      strict({
        type: type('resolve', 'Takes the value from the records of another resource, which makes this one its child.'),
        resource: needed(text('a name'), "The parent's name."),
        field: needed(text('a path'), "Field of the parent's record; dots reach into objects."),
      }),
      strict(
        { type: type('incremental', 'The param takes the start of the cursor.'), ...cursor },
        {
          transform: TRANSFORM,
          end_value:
            'has no place in a param, which only takes the start. Write the cursor under endpoint.incremental, with start_param and end_param.',
        },
      ),
    ]),
  ],
  ({ input }) =>
    `expected a text, a number, true, false, null, a list of them, or an object with a type, found ${kindOf(input)}.`,
)

const status = custom(
  (value) =>
    typeof value === 'number'
      ? Number.isInteger(value) && value >= 100 && value <= 599
      : typeof value === 'string' && /^[1-5](?:\d\d|xx)$/i.test(value),
  expected('a status such as 404, or a class such as "4xx"'),
  {
    anyOf: [
      { type: 'integer', minimum: 100, maximum: 599 },
      { type: 'string', pattern: '^[1-5](\\d\\d|[xX][xX])$' },
    ],
  },
)

const responseAction = strict({
  status_code: optional(status, 'The status that it is for: 404, "404", or a class such as "4xx".'),
  content: optional(text(), 'A text that the body holds. With status_code, both must hold.'),
  action: needed(
    oneOf('action', ['ignore', 'retry', 'fail']),
    'ignore: the page is empty and ends its listing; retry: the request is made again; fail: at once.',
  ),
})

/** JSON Schema has no flag for it. */
const inAnyCase = (word: string): string => [...word].map((letter) => `[${letter}${letter.toLowerCase()}]`).join('')

const METHODS = ['GET', 'POST', 'PUT', 'PATCH']
const method = custom(
  (value) => typeof value === 'string' && METHODS.includes(value.toUpperCase()),
  expected(`one of ${METHODS.join(', ')}`),
  { type: 'string', anyOf: [{ enum: METHODS }, { pattern: `^(?:${METHODS.map(inAnyCase).join('|')})$` }] },
)

/** How a resource is requested, as an object. */
export const endpointSchema: AnySchema = strict({
  path: optional(
    anyText(),
    "Joined to base_url with one slash. Default: the resource's name. It may hold placeholders such as {resources.posts.id}.",
  ),
  method: optional(method, 'GET, POST, PUT or PATCH, in any case. Default GET.'),
  params: optional(
    record(parameter, 'an object with the query parameters'),
    'Query parameters. null is dropped, a list repeats the key. A name that stands in the path as {name} is put there.',
  ),
  json: optional(anything(), 'Body, sent as JSON. A text that is exactly one placeholder keeps the type of its value.'),
  data: optional(
    v.union(
      [anyText(), record(scalar(), 'an object with the fields')],
      ({ input }) => `expected a text or an object, found ${kindOf(input)}.`,
    ),
    'Body instead of json: a text as it stands, an object as a form.',
  ),
  headers: optional(headersSchema, "Over those of the client's. They may hold placeholders."),
  auth: optional(authSchema, "Instead of the client's; null: none."),
  paginator: optional(
    paginatorSchema,
    'Over those of resource_defaults and the client. Default: found out from the first response.',
  ),
  data_selector: optional(anyText(), 'JSONPath of the records in the response. Default: found out from the first response.'),
  response_actions: optional(
    list(responseAction, 'a list of actions'),
    'What certain responses mean. The first one that matches counts.',
  ),
  incremental: optional(incrementalSchema, 'Ask only for what changed since the last load.'),
  retry: optional(retrySchema, "Over the client's."),
  timeout: optional(timeoutSchema, "Instead of the client's."),
})

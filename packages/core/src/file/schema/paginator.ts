import * as v from 'valibot'
import {
  type AnySchema,
  anyText,
  flag,
  found,
  kinds,
  needed,
  oneOf,
  optional,
  strict,
  text,
  unknownWord,
  whole,
} from './words.ts'

const type = (name: string): v.LiteralSchema<string, undefined> =>
  v.pipe(v.literal(name), v.description('The kind of pagination.')) as never

const stopping = (empty: boolean) => ({
  stop_after_empty_page: optional(flag(), `Whether an empty page is the last one. Default ${empty}.`),
  has_more_path: optional(anyText(), 'Where the response tells, as a boolean or as yes/no text, whether there is more.'),
})
const totalPath = (of: string) =>
  optional(
    anyText(),
    `Where the response has the number of all ${of}. Default total, which may be missing; one that is named here must be there. null: do not look.`,
  )

const jsonLink = {
  next_url_path: optional(text(), 'Where the response has the URL of the next page. Default next.'),
}

const types = kinds('paginator', [
  strict({
    type: type('offset'),
    limit: needed(whole(1), 'How many records a page has.'),
    offset: optional(whole(0), 'Offset of the first page. Default 0.'),
    offset_param: optional(text('a name'), 'Query parameter of the offset. Default offset.'),
    limit_param: optional(text('a name'), 'Query parameter of the limit. Default limit.'),
    offset_body_path: optional(anyText(), 'Where in the JSON body the offset is written, instead of a parameter.'),
    limit_body_path: optional(anyText(), 'Where in the JSON body the limit is written, instead of a parameter.'),
    total_path: totalPath('records'),
    maximum_offset: optional(whole(0), 'No record at this offset or beyond it is requested.'),
    ...stopping(true),
  }),
  strict({
    type: type('page_number'),
    base_page: optional(whole(0), "Number of the API's first page. Default 0."),
    page: optional(whole(0), 'Number of the first page to read. Default: base_page.'),
    page_param: optional(text('a name'), 'Query parameter of the page number. Default page.'),
    page_body_path: optional(anyText(), 'Where in the JSON body the page number is written, instead of a parameter.'),
    total_path: totalPath('pages'),
    maximum_page: optional(whole(0), 'No page of this number or beyond it is requested.'),
    ...stopping(true),
  }),
  strict({
    type: type('cursor'),
    cursor_path: optional(text(), 'Where the response has the cursor of the next page. Default cursors.next.'),
    cursor_param: optional(text('a name'), 'Query parameter of the cursor. Default cursor.'),
    cursor_body_path: optional(anyText(), 'Where in the JSON body the cursor is written, instead of a parameter.'),
    ...stopping(false),
  }),
  strict({ type: type('json_link'), ...jsonLink }),
  // Its name in older configurations.
  strict({ type: type('json_response'), ...jsonLink }),
  strict({
    type: type('header_link'),
    links_next_key: optional(text(), 'Relation of the link to the next page in the Link header (RFC 8288). Default next.'),
  }),
  strict({
    type: type('header_cursor'),
    cursor_key: optional(text('a name'), 'Response header that has the cursor of the next page. Default next.'),
    cursor_param: optional(text('a name'), 'Query parameter of the cursor. Default cursor.'),
  }),
  strict({ type: type('single_page') }),
  strict({ type: type('auto') }),
])

/** Types that need no field, so that their name is enough. */
const NAMED_PAGINATORS: readonly string[] = [
  'page_number',
  'cursor',
  'json_link',
  'json_response',
  'header_link',
  'header_cursor',
  'single_page',
  'auto',
]

/** How a listing is divided into pages. */
export const paginatorSchema: AnySchema = v.union([oneOf('paginator', NAMED_PAGINATORS), types], ({ input }) => {
  if (input === 'offset') return 'offset needs a limit: write an object, { type: offset, limit: 100 }.'
  if (typeof input === 'string') return unknownWord('paginator', input, ['offset', ...NAMED_PAGINATORS])
  return `expected the name of a paginator or an object with a type, found ${found(input)}.`
})

import { auto } from '../paginate/auto.ts'
import { cursor } from '../paginate/cursor.ts'
import { headerCursor } from '../paginate/header-cursor.ts'
import { headerLink } from '../paginate/header-link.ts'
import { jsonLink } from '../paginate/json-link.ts'
import { offset } from '../paginate/offset.ts'
import { pageNumber } from '../paginate/page-number.ts'
import type { Paginator } from '../paginate/paginator.ts'
import { singlePage } from '../paginate/single-page.ts'
import type { PaginatorData } from './data.ts'
import { camelKeys } from './names.ts'

// Each takes what the schema has checked to be its own.
const MAKE: Readonly<Record<string, (options: never) => Paginator>> = {
  offset,
  page_number: pageNumber,
  cursor,
  json_link: jsonLink,
  json_response: jsonLink,
  header_link: headerLink,
  header_cursor: headerCursor,
  single_page: singlePage,
  auto,
}

/** Makes the paginator that a file describes. Throws `PAGINATOR_INVALID`. */
export function paginatorOf(data: PaginatorData): Paginator {
  const { type, ...fields } = typeof data === 'string' ? { type: data } : data
  // For a total, null says not to look for one.
  return MAKE[type]!(camelKeys(fields, ['total_path']) as never)
}

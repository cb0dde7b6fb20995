import { aroundRecords, recordCount } from '../http/page.ts'
import type { Page } from '../http/request.ts'
import { detect, findTotal } from './detect.ts'
import { envelopesOf, isOneObject, plainName, wholeNumber } from './envelope.ts'
import { compileLookup } from './lookup.ts'
import { nextFields } from './next-field.ts'
import { sentFields } from './sent.ts'

/** What the person who runs it should know of the way in which the listing behind this first page was understood. */
export function doubtAbout(page: Page): string | undefined {
  const detected = detect(page)
  if (detected === undefined) return maybeMore(page)
  if (detected.type !== 'pageNumber' || detected.guessed !== true || recordCount(page) === 0) return undefined
  const path = String(detected.totalPath)
  const pages = wholeNumber(compileLookup('Page number', 'totalPath', path)(page)) ?? 0
  if (pages <= 1) return undefined
  return `${page.request.url} tells of ${pages} pages (${path}), but not whether the first is page 0 or 1: it is taken for page 1. To be sure, name page_number as the paginator of the endpoint, with its base_page.`
}

/** Names of fields, as `plainName` has them. */
const MORE = new Set(['hasmore', 'hasnext', 'hasnextpage', 'more', 'moreavailable'])

const SIZES = new Set(['limit', 'perpage', 'pagesize', 'maxresults', 'size', 'top', 'take', 'first', 'rows', 'count'])

/**
 * Whether fewer records came than the request asks for, so that there are no more. A round number of them is no proof: it
 * may be as many as the API gives at most.
 */
function isShort(page: Page): boolean {
  const { request } = page
  const count = recordCount(page)
  const sizes = Object.entries(sentFields(request)).filter(([key]) => SIZES.has(plainName(key)))
  const asked = sizes.map(([, value]) => wholeNumber(value)).find((size) => size !== undefined)
  return asked !== undefined && count < asked && count % 10 !== 0
}

/** Why one page may not be all; `undefined` where the response shows that it is, or is no listing. */
function maybeMore(page: Page): string | undefined {
  const { headers, request } = page
  const count = recordCount(page)
  if (count === 0 || isOneObject(page)) return undefined
  const flags = envelopesOf(aroundRecords(page)).flatMap(({ path, fields }) =>
    Object.entries(fields)
      .filter(([key, value]) => MORE.has(plainName(key)) && typeof value === 'boolean')
      .map(([key, value]) => ({ name: [...path, key].join('.'), value })),
  )
  const more = flags.find(({ value }) => value === true)
  const total = findTotal(page)
  const isMore = total !== undefined && total.count > count
  const isAll = total !== undefined && total.name.toLowerCase() !== 'count'
  const ends = nextFields(page).some(({ value }) => !value) || /\brel="?(?:last|prev)/i.test(headers.link ?? '')
  if (more === undefined && !isMore && (flags.length > 0 || isAll || ends || isShort(page))) return undefined
  const says =
    more !== undefined
      ? `although it says that there is more (${more.name})`
      : isMore
        ? `although it tells of ${total.count} (${total.path})`
        : 'as if that were all'
  const what = count === 1 ? 'its one record is taken' : `its ${count} records are taken`
  return `No pagination was found in the response of ${request.url}: ${what} ${says}. Name the paginator of the endpoint, or single_page if there is only one page.`
}

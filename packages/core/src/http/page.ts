import type { JsonValue, Page, PageRequest } from './request.ts'

// Of a page that was scanned, records and body are made when they are asked for. Most questions can be answered without.

/** How many records a page has. */
export const recordCount = (page: Page): number => page.scanned?.rows.count ?? page.records.length

/** One of its records. */
export const recordAt = (page: Page, index: number): JsonValue =>
  page.scanned === undefined ? page.records[index]! : page.scanned.rows.recordAt(index)

/** The body, where its records do not matter: their list may be empty. */
export const aroundRecords = (page: Page): JsonValue => (page.scanned === undefined ? page.body : page.scanned.around)

/** Whether keys lead through a body to the list of its records, or into it. */
export function leadsToRecords({ scanned }: Page, keys: readonly string[]): boolean {
  if (scanned?.path.every((key, index) => keys[index] === key) !== true) return false
  const member = keys[scanned.path.length]
  return member === undefined || /^(?:\d+|length)$/.test(member)
}

/** The same page, as if it were asked for by another request. */
export const asRequestedBy = (page: Page, request: PageRequest): Page =>
  Object.create(page, { request: { value: request, enumerable: true } }) as Page

import type { JsonValue } from '@tributary/core'

export type Ticket = { [key: string]: JsonValue }

export const API_KEY = 'a-key-that-nobody-may-see'

const EPOCH = Date.UTC(2026, 0, 1)

/** Tickets as such APIs answer them: nested objects, lists, nulls, fields that only some records have. */
export function tickets(count: number, from = 1): Ticket[] {
  return Array.from({ length: count }, (_, index) => ticket(from + index))
}

export function ticket(id: number, changes: Ticket = {}): Ticket {
  return {
    id,
    ticket_id: `T-${id}`,
    event_name: `Event ${id % 17}`,
    ticket_type: id % 5 === 0 ? null : 'standard',
    customer_id: 10_000 + (id % 97),
    subject: `Where is order ${id}?`,
    status: ['open', 'paid', 'closed'][id % 3]!,
    price: (id % 400) / 4,
    venue: { name: `Hall ${id % 7}`, city: id % 2 === 0 ? 'Köln' : null, seat: { row: id % 30 } },
    tags: ['early', 'group', 'member'].slice(0, id % 4),
    ...(id % 11 === 0 && { note: `only on some, like ${id}` }),
    created_at: new Date(EPOCH + id * 1000).toISOString(),
    updated_at: new Date(EPOCH + id * 60_000).toISOString(),
    ...changes,
  }
}

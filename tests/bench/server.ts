// Serves so many tickets from memory, each response so many milliseconds late: `server.ts <rows> <latency>`.
import { serve } from './serve.ts'
import { pageOf, type Tickets, ticketsAsJson } from './tickets.ts'

const [count, latency] = process.argv.slice(2).map(Number) as [number, number]
/** One ticket in so many changes from one generation to the next. */
const CHANGED = 100

const all = ticketsAsJson(Array.from({ length: count }, (_, index) => index))
/** By generation: the hundredth part of all that changed in it. */
const changed = new Map<number, Tickets>()

/** `/g3/v1/tickets?offset=0&limit=1000&updated_since=…`: those that changed in generation 3. Without it, or without a generation, all. */
serve(({ pathname, searchParams }) => {
  const generation = Number(/^\/g(\d+)\//.exec(pathname)?.[1] ?? 0)
  return pageOf(searchParams.has('updated_since') && generation > 0 ? changesOf(generation) : all, searchParams)
}, latency)

function changesOf(generation: number): Tickets {
  const known = changed.get(generation)
  if (known !== undefined) return known
  const first = generation % CHANGED
  const indexes = Array.from({ length: Math.floor(count / CHANGED) }, (_, place) => first + place * CHANGED)
  const tickets = ticketsAsJson(indexes, generation)
  changed.set(generation, tickets)
  return tickets
}

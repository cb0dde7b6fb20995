// Serves tickets from memory, as fast as Node can: what is measured is the reader. Prints its port, ends with its parent.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const count = Number(process.argv[2])
/** One ticket in so many changes from one generation to the next. */
const CHANGED = 100
const YEAR = 366 * 86_400_000

interface Tickets {
  readonly bytes: Buffer
  /** Where each of them begins, and where the last one ends. */
  readonly starts: Float64Array
}

const all = ticketsAsJson(
  Array.from({ length: count }, (_, index) => index),
  0,
)
/** By generation: the hundredth part of all that changed in it. */
const changed = new Map<number, Tickets>()
const head = Buffer.from('{"data":[')
const fail = (error: unknown): void => {
  process.stderr.write(`${String(error)}\n`)
  process.exit(1)
}

/** `/g3/v1/tickets?offset=0&limit=1000&updated_since=…`: those that changed in generation 3. Without it, or without a generation, all. */
const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
  const generation = Number(/^\/g(\d+)\//.exec(pathname)?.[1] ?? 0)
  const { bytes, starts } = searchParams.has('updated_since') && generation > 0 ? changesOf(generation) : all
  const total = starts.length - 1
  const offset = Math.min(Number(searchParams.get('offset') ?? 0), total)
  const end = Math.min(offset + Number(searchParams.get('limit') ?? 100), total)
  // Without the comma behind the last one.
  const data = bytes.subarray(starts[offset], Math.max(starts[offset]!, starts[end]! - 1))
  const tail = Buffer.from(`],"total":${total}}`)
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': head.length + data.length + tail.length })
  response.write(head)
  response.write(data)
  response.end(tail)
})
server.on('error', fail)
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`))
process.stdin.resume().on('end', () => process.exit(0))

function changesOf(generation: number): Tickets {
  const known = changed.get(generation)
  if (known !== undefined) return known
  const first = generation % CHANGED
  const indexes = Array.from({ length: Math.floor(count / CHANGED) }, (_, place) => first + place * CHANGED)
  const tickets = ticketsAsJson(indexes, generation)
  changed.set(generation, tickets)
  return tickets
}

/** Tickets of 12 fields with a nested object and a list, about 300 bytes each, one behind the other with commas. */
function ticketsAsJson(indexes: readonly number[], generation: number): Tickets {
  const parts: Buffer[] = []
  const starts = new Float64Array(indexes.length + 1)
  let length = 0
  for (let from = 0; from < indexes.length; from += 10_000) {
    const texts: string[] = []
    for (let place = from; place < Math.min(from + 10_000, indexes.length); place++) {
      const text = `${JSON.stringify(ticket(indexes[place]!, generation))},`
      texts.push(text)
      starts[place] = length
      length += text.length
    }
    parts.push(Buffer.from(texts.join(''), 'latin1'))
  }
  starts[indexes.length] = length
  return { bytes: Buffer.concat(parts, length), starts }
}

function ticket(index: number, generation: number): object {
  const day = 86_400_000 * (index % 365)
  return {
    id: index + 1,
    event_name: `Event number ${index % 997}`,
    ticket_type: index % 5 === 0 ? null : ['standard', 'vip', 'reduced'][index % 3],
    customer_id: (index * 7919) % 100_003,
    customer_name: `Customer ${(index * 31) % 10_007}`,
    price: ((index * 17) % 20_000) / 100,
    currency: 'EUR',
    status: ['paid', 'reserved', 'refunded'][(index + generation) % 3],
    venue: { name: `Hall ${index % 41}`, city: 'Hamburg', capacity: 500 + (index % 41) * 50 },
    tags: ['early-bird', 'group', 'member'].slice(0, index % 3),
    purchased_at: new Date(1_700_000_000_000 + day).toISOString(),
    // Later than in every generation before.
    updated_at: new Date(1_710_000_000_000 + day + index + generation * YEAR).toISOString(),
  }
}

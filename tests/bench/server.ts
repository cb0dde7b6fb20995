// Serves tickets from memory, as fast as Node can: what is measured is the reader. Prints its port, ends with its parent.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const count = Number(process.argv[2])
const { bytes, starts } = ticketsAsJson(count)
const tail = Buffer.from(`],"total":${count}}`)
const head = Buffer.from('{"data":[')

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://localhost')
  const offset = Math.min(Number(url.searchParams.get('offset') ?? 0), count)
  const end = Math.min(offset + Number(url.searchParams.get('limit') ?? 100), count)
  // Without the comma behind the last one.
  const data = bytes.subarray(starts[offset], Math.max(starts[offset]!, starts[end]! - 1))
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': head.length + data.length + tail.length })
  response.write(head)
  response.write(data)
  response.end(tail)
})
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`))
process.stdin.resume().on('end', () => process.exit(0))

/** Tickets of 12 fields with a nested object and a list, about 300 bytes each, one behind the other with commas. */
function ticketsAsJson(total: number): { bytes: Buffer; starts: Float64Array } {
  const parts: Buffer[] = []
  const offsets = new Float64Array(total + 1)
  let length = 0
  for (let from = 0; from < total; from += 10_000) {
    const texts: string[] = []
    for (let index = from; index < Math.min(from + 10_000, total); index++) {
      const text = `${JSON.stringify(ticket(index))},`
      texts.push(text)
      offsets[index] = length
      length += text.length
    }
    parts.push(Buffer.from(texts.join(''), 'latin1'))
  }
  offsets[total] = length
  return { bytes: Buffer.concat(parts, length), starts: offsets }
}

function ticket(index: number): object {
  const day = 86_400_000 * (index % 365)
  return {
    id: index + 1,
    event_name: `Event number ${index % 997}`,
    ticket_type: index % 5 === 0 ? null : ['standard', 'vip', 'reduced'][index % 3],
    customer_id: (index * 7919) % 100_003,
    customer_name: `Customer ${(index * 31) % 10_007}`,
    price: ((index * 17) % 20_000) / 100,
    currency: 'EUR',
    status: ['paid', 'reserved', 'refunded'][index % 3],
    venue: { name: `Hall ${index % 41}`, city: 'Hamburg', capacity: 500 + (index % 41) * 50 },
    tags: ['early-bird', 'group', 'member'].slice(0, index % 3),
    purchased_at: new Date(1_700_000_000_000 + day).toISOString(),
    updated_at: new Date(1_710_000_000_000 + day + index).toISOString(),
  }
}

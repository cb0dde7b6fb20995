/** Tickets as the body of a listing has them. */
export interface Tickets {
  /** One behind the other, each with a comma behind it. */
  readonly bytes: Buffer
  /** Where each of them begins, and where the last one ends. */
  readonly starts: Float64Array
}

const YEAR = 366 * 86_400_000
const HEAD = Buffer.from('{"data":[')

/** Tickets of 12 fields with a nested object and a list, about 300 bytes each. */
export function ticketsAsJson(indexes: readonly number[], generation = 0): Tickets {
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

/** The body of a page of them: `{"data":[…],"total":…}`, in parts, so that nothing is copied. */
export function pageOf({ bytes, starts }: Tickets, query: URLSearchParams): Buffer[] {
  const total = starts.length - 1
  const offset = Math.min(Number(query.get('offset') ?? 0), total)
  const end = Math.min(offset + Number(query.get('limit') ?? 100), total)
  // Without the comma behind the last one.
  const data = bytes.subarray(starts[offset], Math.max(starts[offset]!, starts[end]! - 1))
  return [HEAD, data, Buffer.from(`],"total":${total}}`)]
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

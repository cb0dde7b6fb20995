// One measured process, of the built packages. Its argument is an order as JSON: `load` loads all pages, `read` fetches and parses
// them, which is the least that any reader does. Both with as many requests in flight. Prints its figures as JSON.
import { destinationOf, processFigures } from './process-figures.mjs'

/** `incremental`: with a cursor, which asks for what changed alone. */
const { mode, url, pageSize, concurrency, incremental, kind, place, dataset } = JSON.parse(process.argv[2])
const rows = mode === 'read' ? await read() : await load()
process.stdout.write(`${JSON.stringify({ ...rows, ...processFigures() })}\n`)

async function read() {
  let next = 0
  let rows = 0
  let total = Number.POSITIVE_INFINITY
  const since = incremental ? '&updated_since=2024-01-01T00:00:00Z' : ''
  const reader = async () => {
    while (next < total) {
      const from = next
      next += pageSize
      const response = await fetch(`${url}/v1/tickets?api_key=bench&offset=${from}&limit=${pageSize}${since}`)
      const page = JSON.parse(await response.text())
      total = page.total
      rows += page.data.length
    }
  }
  await Promise.all(Array.from({ length: concurrency }, reader))
  return { rows }
}

async function load() {
  const [{ ticketing }, { offset, sync }, destination] = await Promise.all([
    import('@tributary/connector-ticketing'),
    import('@tributary/core'),
    destinationOf(kind, place),
  ])
  const connector = ticketing({ baseUrl: url, apiKey: 'bench' })
  // The resource as it is, at the page size of the measurement.
  const endpoint = {
    path: '/v1/tickets',
    dataSelector: 'data',
    paginator: offset({ limit: pageSize }),
    ...(incremental && { incremental: { startParam: 'updated_since' } }),
  }
  const own = {
    ...connector,
    client: { ...connector.client, concurrency },
    resources: { ticket_data: { ...connector.resources.ticket_data, endpoint } },
  }
  let firstPage
  const onEvent = ({ type }) => {
    if (type === 'page') firstPage ??= performance.now()
  }
  const result = await sync({ connector: own, destination, dataset, onEvent })
  if (result.status !== 'ok') throw new Error(JSON.stringify(result))
  const { records, tables } = result.resources.ticket_data
  const { inserted, updated, unchanged } = tables.ticket_data
  return { rows: records, firstPage: firstPage / 1000, inserted, merged: updated + unchanged }
}

// One measured process, of the built packages: `floor` fetches and parses all pages, `sync` loads them.
// Prints its figures as JSON.
import { readFileSync } from 'node:fs'

const [mode, baseUrl, limit, kind, place, dataset] = process.argv.slice(2)
const rows = mode === 'floor' ? await floor() : await load()
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
const figures = { ...rows, cpu: (userCPUTime + systemCPUTime) / 1e6, megabytes: maxRSS / 1024, written: written() }
process.stdout.write(`${JSON.stringify(figures)}\n`)

/** The least that any reader has to do, at the same concurrency. */
async function floor() {
  const size = Number(limit)
  let next = 0
  let read = 0
  let total = Number.POSITIVE_INFINITY
  const reader = async () => {
    while (next < total) {
      const from = next
      next += size
      const response = await fetch(`${baseUrl}/v1/tickets?api_key=bench&offset=${from}&limit=${size}`)
      const page = JSON.parse(await response.text())
      total = page.total
      read += page.data.length
    }
  }
  await Promise.all([reader(), reader(), reader(), reader()])
  return { rows: read }
}

async function load() {
  const [{ ticketing }, { offset, sync }, destination] = await Promise.all([
    import('@tributary/connector-ticketing'),
    import('@tributary/core'),
    theDestination(),
  ])
  const connector = ticketing({ baseUrl, apiKey: 'bench' })
  // The resource as it is, at the page size of the measurement, and incremental.
  const endpoint = {
    path: '/v1/tickets',
    dataSelector: 'data',
    paginator: offset({ limit: Number(limit) }),
    incremental: { startParam: 'updated_since' },
  }
  const own = { ...connector, resources: { ticket_data: { ...connector.resources.ticket_data, endpoint } } }
  let requested
  const onEvent = ({ type }) => {
    if (type === 'page') requested ??= performance.now()
  }
  const result = await sync({ connector: own, destination, dataset, onEvent })
  if (result.status !== 'ok') throw new Error(JSON.stringify(result))
  return { rows: result.resources.ticket_data.records, firstPage: requested / 1000 }
}

async function theDestination() {
  const module = await import(`@tributary/destination-${kind}`)
  return kind === 'postgres' ? module.postgres({ url: place }) : module[kind]({ path: place })
}

/** Megabytes that this process had written to disk; undefined where the system does not tell. */
function written() {
  try {
    return Number(/^write_bytes: (\d+)/m.exec(readFileSync('/proc/self/io', 'utf8'))[1]) / 1e6
  } catch {
    return undefined
  }
}

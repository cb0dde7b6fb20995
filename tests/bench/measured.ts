// One measured process: `floor` fetches and parses all pages, `sync` loads them. Prints its figures as JSON.
import { ticketing } from '@tributary/connector-ticketing'
import { type Connector, offset, sync } from '@tributary/core'
import { duckdb } from '@tributary/destination-duckdb'
import { jsonl } from '@tributary/destination-jsonl'

const [mode, baseUrl, total, limit, path] = process.argv.slice(2) as [string, string, string, string, string]
const started = performance.now()
const rows = mode === 'floor' ? await floor() : await load()
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
const figures = {
  rows,
  seconds: (performance.now() - started) / 1000,
  cpu: (userCPUTime + systemCPUTime) / 1e6,
  megabytes: maxRSS / 1024,
}
process.stdout.write(`${JSON.stringify(figures)}\n`)

/** The least that any reader has to do, at the same concurrency. */
async function floor(): Promise<number> {
  const size = Number(limit)
  let next = 0
  let read = 0
  const reader = async (): Promise<void> => {
    while (next < Number(total)) {
      const from = next
      next += size
      const response = await fetch(`${baseUrl}/v1/tickets?api_key=bench&offset=${from}&limit=${size}`)
      const { data } = JSON.parse(await response.text()) as { data: unknown[] }
      read += data.length
    }
  }
  await Promise.all([reader(), reader(), reader(), reader()])
  return read
}

async function load(): Promise<number> {
  const destination = mode === 'jsonl' ? jsonl({ path }) : duckdb({ path })
  const result = await sync({ connector: withLimit(), destination })
  if (result.status !== 'ok') throw new Error(JSON.stringify(result))
  return result.resources.ticket_data!.records
}

/** The ticketing connector, at the page size of the measurement. */
function withLimit(): Connector {
  const connector = ticketing({ baseUrl, apiKey: 'bench' })
  const paginator = offset({ limit: Number(limit) })
  const endpoint = { path: '/v1/tickets', dataSelector: 'data', paginator }
  return { ...connector, resources: { ticket_data: { ...connector.resources.ticket_data, endpoint } } }
}

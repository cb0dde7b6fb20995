// A process that syncs tickets, to be killed: `<baseUrl> <apiKey> <to> <checkpoint rows> <write disposition>`.
import { ticketing } from '@tributary/connector-ticketing'
import { sync, type WriteDisposition } from '@tributary/core'
import { duckdb } from '@tributary/destination-duckdb'
import { jsonl } from '@tributary/destination-jsonl'

const [baseUrl, apiKey, to, rows, writeDisposition] = process.argv.slice(2) as [string, string, string, string, WriteDisposition]
const path = to.slice(to.indexOf(':') + 1)
const destination = to.startsWith('duckdb:') ? duckdb({ path }) : jsonl({ path })
const connector = ticketing({ baseUrl, apiKey })
let pages = 0
const result = await sync({
  connector,
  destination,
  writeDisposition,
  checkpoint: { rows: Number(rows) },
  onEvent: (event) => {
    if (event.type === 'page') process.stderr.write(`page ${++pages}\n`)
    if (event.type === 'committed') process.stderr.write(`committed ${event.loadId}\n`)
  },
})
process.stderr.write(`${result.status}\n`)

// A process that syncs, to be killed: `<tickets | blog> <baseUrl> <apiKey> <to> <checkpoint rows> <write disposition>`.
import { ticketing } from '@tributary/connector-ticketing'
import { type Connector, sync, type WriteDisposition } from '@tributary/core'
import { duckdb } from '@tributary/destination-duckdb'
import { jsonl } from '@tributary/destination-jsonl'
import { blog } from '../support/blog.ts'

type Args = [what: string, baseUrl: string, apiKey: string, to: string, rows: string, writeDisposition: WriteDisposition]
const [what, baseUrl, apiKey, to, rows, writeDisposition] = process.argv.slice(2) as Args
const path = to.slice(to.indexOf(':') + 1)
const destination = to.startsWith('duckdb:') ? duckdb({ path }) : jsonl({ path })
const connector: Connector = what === 'blog' ? blog(baseUrl, writeDisposition) : ticketing({ baseUrl, apiKey })
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

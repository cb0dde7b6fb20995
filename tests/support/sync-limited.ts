// A process that syncs tickets under a limit on the size of files: `<baseUrl> <apiKey> <to>`. Prints how it ended.
import { ticketing } from '@tributary/connector-ticketing'
import { sync, toTributaryError } from '@tributary/core'
import { duckdb } from '@tributary/destination-duckdb'
import { jsonl } from '@tributary/destination-jsonl'
import { parquet } from '@tributary/destination-parquet'

const [baseUrl, apiKey, to] = process.argv.slice(2) as [string, string, string]
const colon = to.indexOf(':')
const path = to.slice(colon + 1)
const kinds = { duckdb, jsonl, parquet }
const destination = kinds[to.slice(0, colon) as keyof typeof kinds]({ path })
try {
  const { status, resources } = await sync({ connector: ticketing({ baseUrl, apiKey }), destination })
  process.stdout.write(JSON.stringify({ status, error: resources.ticket_data.error }))
} catch (error) {
  const { code, message } = toTributaryError(error)
  process.stdout.write(JSON.stringify({ status: 'failed', error: { code, message } }))
}

// One measured load, of the built packages: `growth-measured.mjs <url> <kind> <place>` loads what the server at that address has.
// Prints its figures as JSON: time and CPU time, in milliseconds, of the load alone, for what a process takes to start is the same at every size. A load
// that fails is a finding too: it says why.
import { connectorFromData, sync } from '@tributary/core'
import { destinationOf, processFigures } from './process-figures.mjs'

const [url, kind, place] = process.argv.slice(2)
const destination = await destinationOf(kind, place)
const { resources, records } = await (await fetch(`${url}/connector`)).json()
const started = performance.now()
const cpuBefore = process.cpuUsage()
const connector = connectorFromData(
  {
    client: { base_url: url },
    resource_defaults: { primary_key: 'id', write_disposition: 'merge' },
    resources,
  },
  { name: 'growth' },
)()
const result = await sync({ connector, destination })
const milliseconds = performance.now() - started
const { user, system } = process.cpuUsage(cpuBefore)
const results = Object.values(result.resources)
const read = results.reduce((sum, resource) => sum + resource.records, 0)
const error = results.find((each) => each.error !== undefined)?.error
const failed = error?.message ?? (read === records ? undefined : `${read} of ${records} records`)
process.stdout.write(`${JSON.stringify({ failed, ...processFigures(), milliseconds, cpu: (user + system) / 1000 })}\n`)

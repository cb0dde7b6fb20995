// Serves one case of growth at one size: `growth-server.ts <name> <size>`. `/connector` is what a connector of it says.
import { CASES } from './growth-cases.ts'
import { serve } from './serve.ts'

const [name, size] = process.argv.slice(2) as [string, string]
const { resources, records, answer } = CASES.find((each) => each.name === name)!.prepare(Number(size))
const connector = Buffer.from(JSON.stringify({ resources, records }))

serve((address) => (address.pathname === '/connector' ? [connector] : answer(address)))

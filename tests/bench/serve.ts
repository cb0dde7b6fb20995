import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * Answers requests with what `answer` gives for their address, as parts of a JSON body: a server as fast as Node can be, for what is
 * measured is the reader. Prints its port, and ends with its parent. `latency`: milliseconds that each response waits.
 */
export function serve(answer: (address: URL) => readonly Buffer[], latency = 0): void {
  const server = createServer((request, response) => {
    const parts = answer(new URL(request.url ?? '/', 'http://localhost'))
    if (latency > 0) setTimeout(send, latency, response, parts)
    else send(response, parts)
  })
  server.on('error', (error) => {
    process.stderr.write(`${String(error)}\n`)
    process.exit(1)
  })
  server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`))
  process.stdin.resume().on('end', () => process.exit(0))
}

function send(response: ServerResponse, parts: readonly Buffer[]): void {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': length })
  for (const part of parts) response.write(part)
  response.end()
}

import type { ServerResponse } from 'node:http'
import type { MockResponse } from './handler.ts'

/** Sends an answer, or goes wrong in the way that it asks for. */
export function deliver(response: ServerResponse, { status = 200, headers = {}, body = '', delivery }: MockResponse): void {
  if (delivery === 'hang' || response.destroyed) return
  if (delivery === 'reset') {
    response.socket?.destroy()
    return
  }
  const bytes = Buffer.from(body)
  const bodyless = status === 204 || status === 304
  response.writeHead(status, { ...headers, ...(!bodyless && { 'content-length': bytes.length }) })
  if (delivery !== 'cut') {
    response.end(bytes)
    return
  }
  response.flushHeaders()
  // Only when the half has left this process, or the client would see a reset instead of a cut.
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => setImmediate(() => response.socket?.destroy()))
}

import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import * as zlib from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import type { ClientConfig } from '../connector/resource.ts'
import { createClient } from './client.ts'
import { createRedactor } from './redact.ts'

const zstdCompress = (zlib as { zstdCompressSync?: (data: string) => Buffer }).zstdCompressSync
const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections()
})

async function receive(encoding: string, body: Buffer, config: Partial<ClientConfig> = {}) {
  const asked: IncomingHttpHeaders[] = []
  const server = createServer(({ headers }, response) => {
    asked.push(headers)
    response.writeHead(200, { 'Content-Encoding': encoding }).end(body)
  })
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const client = createClient({ baseUrl, retry: { limit: 0 }, ...config }, { redactor: createRedactor([]), credentialsHint: '' })
  const observer = { onRequest: () => {}, onRetry: () => {} }
  const request = { method: 'GET', url: `${baseUrl}/x`, params: {}, headers: {} } as const
  try {
    const response = await client.send(request, { observer, signal: new AbortController().signal })
    return { response, accepted: asked[0]!['accept-encoding'] }
  } finally {
    await client.close()
  }
}

const text = JSON.stringify(Array.from({ length: 500 }, (_item, id) => ({ id })))

describe('compression', () => {
  it.each<[string, Buffer]>([
    ['gzip', zlib.gzipSync(text)],
    ['x-gzip', zlib.gzipSync(text)],
    ['deflate', zlib.deflateSync(text)],
    ['deflate', zlib.deflateRawSync(text)],
    ['br', zlib.brotliCompressSync(text)],
    ['identity', Buffer.from(text)],
    ['deflate, gzip', zlib.gzipSync(zlib.deflateSync(text))],
    ...(zstdCompress === undefined ? [] : [['zstd', zstdCompress(text)] satisfies [string, Buffer]]),
  ])('reads %s [http.encoding.read]', async (encoding, body) => {
    expect((await receive(encoding, body)).response).toMatchObject({ body: JSON.parse(text), bytes: text.length })
  })

  it('is asked for as it can be read [http.encoding.accept]', async () => {
    const { accepted } = await receive('identity', Buffer.from('[]'))
    expect(accepted).toBe(['gzip', 'deflate', 'br', ...('createZstdDecompress' in zlib ? ['zstd'] : [])].join(', '))
  })

  it('that was not asked for is an error that says so [http.encoding.unknown]', async () => {
    await expect(receive('compress', Buffer.from('[]'))).rejects.toMatchObject({
      code: 'BODY_INVALID',
      message: expect.stringContaining('in the encoding compress, which was not asked for'),
    })
  })

  it.each(['gzip', 'deflate', 'br'])(
    'that is not what it says is an error that says so: %s [http.encoding.read]',
    async (encoding) => {
      await expect(receive(encoding, Buffer.from('{"plain": true}'))).rejects.toMatchObject({
        code: 'NETWORK',
        message: expect.stringContaining('the body cannot be decompressed ('),
      })
    },
  )

  it.each<[string, (data: Buffer) => Buffer]>([
    ['gzip', (data) => zlib.gzipSync(data)],
    ['br', (data) => zlib.brotliCompressSync(data, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } })],
  ])('cannot smuggle in a body that is too large: %s [http.body.limit]', async (encoding, compress) => {
    const bomb = compress(Buffer.alloc(32 * 1024 * 1024, ' '))
    expect(bomb.length).toBeLessThan(100_000)
    await expect(receive(encoding, bomb, { maximumBodyBytes: 1_000_000 })).rejects.toMatchObject({
      code: 'HTTP_STATUS',
      message: expect.stringContaining('sent more than 1000000 bytes'),
    })
  })
})

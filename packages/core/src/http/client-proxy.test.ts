import { once } from 'node:events'
import { createServer, Server } from 'node:http'
import { type AddressInfo, connect, createServer as createTcpServer, type Server as TcpServer } from 'node:net'
import type { Duplex } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createClient } from './client.ts'
import { proxyPasswords, readProxies } from './proxy.ts'
import { createRedactor, type Redactor } from './redact.ts'

/** The type of the first record of a TLS connection: RFC 8446 §5.1. */
const TLS_HANDSHAKE = 22

const servers: TcpServer[] = []
beforeEach(() => {
  for (const name of ['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'])
    vi.stubEnv(name, undefined)
})
afterEach(() => {
  vi.unstubAllEnvs()
  for (const server of servers.splice(0)) {
    server.close()
    if (server instanceof Server) server.closeAllConnections()
  }
})

async function listen(server: TcpServer): Promise<number> {
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** A proxy that notes what it is asked for; it answers for every http API, and leads tunnels to `port`. */
async function proxy(port = 9) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers['proxy-authorization'] ?? ''}`.trim())
    response.end('["by proxy"]')
  })
  server.on('connect', (request, socket) => {
    asked.push(`CONNECT ${request.url}`)
    const target = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      target.pipe(socket).pipe(target)
    })
    socket.on('error', () => target.destroy())
    target.on('error', () => socket.destroy())
  })
  return { host: `127.0.0.1:${await listen(server)}`, asked }
}

async function get(url: string, redactor: Redactor = createRedactor([])) {
  const client = createClient({ baseUrl: url, retry: { limit: 0 } }, { redactor, credentialsHint: '' })
  const observer = { onRequest: () => {}, onRetry: () => {} }
  try {
    return await client.send({ method: 'GET', url, params: {}, headers: {} }, { observer, signal: new AbortController().signal })
  } finally {
    await client.close()
  }
}

describe('a proxy', () => {
  it.each(['http_proxy', 'HTTP_PROXY'])('is taken from %s, with the whole URL [http.proxy.http]', async (name) => {
    const { host, asked } = await proxy()
    vi.stubEnv(name, `http://${host}`)
    expect(await get('http://api.example/x?a=1')).toMatchObject({ body: ['by proxy'] })
    expect(asked).toEqual(['GET http://api.example/x?a=1'])
  })

  it.each(['https_proxy', 'HTTPS_PROXY'])('is taken from %s, with a tunnel [http.proxy.https]', async (name) => {
    // What is behind the tunnel notes how it is greeted, and hangs up: it has no certificate.
    const greetings: number[] = []
    const tls = createTcpServer((socket) =>
      socket.once('data', (data) => {
        greetings.push(data[0]!)
        socket.destroy()
      }),
    )
    const { host, asked } = await proxy(await listen(tls))
    vi.stubEnv(name, host)
    await expect(get('https://api.example/x')).rejects.toMatchObject({ code: 'NETWORK' })
    expect([asked, greetings]).toEqual([['CONNECT api.example:443'], [TLS_HANDSHAKE]])
  })

  it.each<[string, (socket: Duplex) => void, string]>([
    ['hangs up', (socket) => socket.destroy(), 'opened no tunnel'],
    [
      'refuses',
      (socket) => socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'),
      'answered 407 instead of opening a tunnel',
    ],
  ])('that %s is asked once for each try [http.proxy.refuses]', async (_what, answer, reason) => {
    let asked = 0
    const server = createServer().on('connect', (_request, socket) => {
      asked++
      answer(socket)
    })
    const host = `127.0.0.1:${await listen(server)}`
    vi.stubEnv('HTTPS_PROXY', host)
    await expect(get('https://api.example/x')).rejects.toMatchObject({
      code: 'NETWORK',
      message: expect.stringContaining(`the proxy ${host} ${reason}`),
    })
    expect(asked).toBe(1)
  })

  it.each([
    ['no_proxy', '127.0.0.1'],
    ['NO_PROXY', 'other.example, 127.0.0.1'],
    ['NO_PROXY', '*'],
  ])('is left out where %s is %s [http.proxy.none]', async (name, hosts) => {
    const port = await listen(createServer((_request, response) => response.end('["direct"]')))
    const { host, asked } = await proxy()
    vi.stubEnv('HTTP_PROXY', `http://${host}`)
    expect(await get(`http://127.0.0.1:${port}/x`)).toMatchObject({ body: ['by proxy'] })
    vi.stubEnv(name, hosts)
    expect(await get(`http://127.0.0.1:${port}/x`)).toMatchObject({ body: ['direct'] })
    expect(asked).toHaveLength(1)
  })

  it('gets its own credentials, which no error shows [http.proxy.credentials]', async () => {
    const { host, asked } = await proxy()
    vi.stubEnv('HTTP_PROXY', `http://me:pass%2Fword-1@${host}`)
    const redactor = createRedactor([])
    await get('http://api.example/x', redactor)
    expect(asked).toEqual([`GET http://api.example/x Basic ${Buffer.from('me:pass/word-1').toString('base64')}`])
    expect(redactor.text('pass/word-1 pass%2Fword-1')).toBe('[redacted] [redacted]')
  })

  it.each(['http://', 'ftp://a.example', 'http://me:pass-word@ bad'])(
    'that cannot be read as one, %s, is an error [http.proxy.invalid]',
    async (value) => {
      vi.stubEnv('HTTPS_PROXY', value)
      const error = get('http://api.example/x')
      await expect(error).rejects.toMatchObject({
        code: 'CLIENT_INVALID',
        message: expect.stringContaining('The variable HTTPS_PROXY'),
      })
      await expect(error).rejects.not.toMatchObject({ message: expect.stringContaining('pass-word') })
    },
  )
})

describe('readProxies', () => {
  it.each<[Record<string, string>, { http: string; https: string }]>([
    [{}, { http: '', https: '' }],
    [
      { HTTP_PROXY: 'a:1', https_proxy: 'https://b:2' },
      { http: 'http://a:1', https: 'https://b:2' },
    ],
    [
      { HTTP_PROXY: 'a:1', http_proxy: 'b:1' },
      { http: 'http://b:1', https: '' },
    ],
    [
      { HTTP_PROXY: 'a:1', http_proxy: '' },
      { http: '', https: '' },
    ],
  ])('%j [http.proxy.variables]', (environment, expected) => {
    expect(readProxies(environment)).toMatchObject(expected)
  })

  it.each<[Record<string, string>, string]>([
    [{}, 'localhost,127.0.0.1,[::1]'],
    [{ HTTP_PROXY: 'http://proxy.example:3128' }, 'localhost,127.0.0.1,[::1]'],
    [{ HTTP_PROXY: 'http://proxy.example:3128', NO_PROXY: 'a.example' }, 'a.example,localhost,127.0.0.1,[::1]'],
    [{ HTTP_PROXY: 'http://proxy.example:3128', no_proxy: ' * ' }, '*'],
    [{ HTTP_PROXY: 'http://127.0.0.1:3128', NO_PROXY: 'a.example' }, 'a.example'],
    [{ HTTPS_PROXY: 'http://[::1]:3128' }, ''],
  ])('leaves this machine out of a proxy elsewhere: %j [http.proxy.loopback]', (environment, expected) => {
    expect(readProxies(environment).none).toBe(expected)
  })

  it('asks this machine directly where a proxy elsewhere is set [http.proxy.loopback]', async () => {
    const server = createServer((_request, response) => response.end('["direct"]'))
    const port = await listen(server)
    vi.stubEnv('HTTP_PROXY', 'http://proxy.invalid:9')
    expect((await get(`http://127.0.0.1:${port}/`)).body).toEqual(['direct'])
  })

  it('has no password where there is none', () => {
    expect(proxyPasswords({ http: '', https: 'http://a:1' }).filter((password) => password !== '')).toEqual([])
  })
})

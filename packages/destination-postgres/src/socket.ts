import { connect, type Socket } from 'node:net'
import type { Address } from './address.ts'

/** Connects to the server, or to its socket's file. Rejects with `CONNECT_TIMEOUT`, and with what the operating system says. */
export function openSocket({ host, port, connectTimeout }: Address): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port })
    const late = setTimeout(() => {
      const error = new Error(`no answer within ${connectTimeout} s`)
      socket.destroy(Object.assign(error, { code: 'CONNECT_TIMEOUT' }))
    }, connectTimeout * 1000)
    socket.once('error', reject)
    socket.once('close', () => clearTimeout(late))
    socket.once('connect', () => {
      clearTimeout(late)
      socket.off('error', reject)
      // What a statement or a COPY sends in pieces must not wait for the server's word on the piece before: 40 ms, each time.
      socket.setNoDelay(true)
      // The driver asks it for whom the certificate must be.
      resolve(Object.assign(socket, { host }))
    })
  })
}

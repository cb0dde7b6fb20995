import { type Dispatcher, Pool } from 'undici'
import { describeCause } from '../errors.ts'

/**
 * Connections to a proxy, for tunnels through it. Undici's own takes a proxy that hangs up for a reason to ask again at
 * once and without end, and hides what the proxy answered: here both are errors of the request.
 */
export function createTunnels(proxy: URL, options: object): Dispatcher {
  const pool = new Pool(proxy, options)
  const connect = pool.connect.bind(pool) as (options: Dispatcher.ConnectOptions) => Promise<Dispatcher.ConnectData>
  const tunnel = async (asked: Dispatcher.ConnectOptions): Promise<Dispatcher.ConnectData> => {
    const opened = await connect(asked).catch((error: unknown) => {
      // Without its code, by which undici would know it for one of its own.
      throw new Error(`the proxy ${proxy.host} opened no tunnel: ${describeCause(error)}`)
    })
    if (opened.statusCode === 200) return opened
    opened.socket.on('error', () => {}).destroy()
    throw new Error(`the proxy ${proxy.host} answered ${opened.statusCode} instead of opening a tunnel`)
  }
  return Object.assign(pool, { connect: tunnel })
}

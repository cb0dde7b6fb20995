import { discard } from './body.ts'
import type { Deadline } from './deadline.ts'
import { requestError, statusError } from './http-errors.ts'
import { type Outgoing, outgoing } from './pinning.ts'
import type { PageRequest } from './request.ts'
import type { Sending } from './sending.ts'

const MAXIMUM_REDIRECTS = 10

/** An answer, and the request that led to it in the end. */
export interface Answered {
  readonly response: Response
  readonly sent: Outgoing
}

/**
 * Sends a request and follows redirects itself, because fetch would carry headers along: each hop gets what its origin may
 * have. `deadline` begins when the credentials are there, so that a wait for a token is not a slow API.
 */
export async function follow(sending: Sending, deadline: Deadline): Promise<Answered> {
  const { sender, timeout } = sending
  let current = sending.request
  let hasLeft = false
  for (let hops = 0; ; hops++) {
    const sent = await outgoing(sending, current, hasLeft)
    // Whoever it is that answers there, the path that it chooses is not ours to send credentials to.
    hasLeft ||= !sent.trusted
    const { url, headers, body } = sent
    const wire = { url: url.toString(), method: sent.request.method, headers, ...(body !== undefined && { body }) }
    const response = await sender.transport.fetch(wire, timeout, deadline)
    const location = response.headers.get('location')
    if (location === null || ![301, 302, 303, 307, 308].includes(response.status)) return { response, sent }
    await discard(response)
    if (hops === MAXIMUM_REDIRECTS) throw statusError(sending, { what: `redirects more than ${MAXIMUM_REDIRECTS} times` })
    const target = targetOf(sending, location, url)
    if (sending.isForToken && target.origin !== url.origin) throw tokenElsewhere(sending, target)
    current = redirected(current, target, response.status)
  }
}

function targetOf(sending: Sending, location: string, base: URL): URL {
  const target = URL.canParse(location, base.href) ? new URL(location, base) : undefined
  if (target !== undefined && /^https?:$/.test(target.protocol)) return target
  throw statusError(sending, {
    what: `redirects to ${JSON.stringify(location.slice(0, 200))}, which is no address for HTTP`,
  })
}

/** RFC 9110 §15.4: 303, and by custom 301 and 302 after a POST, are followed with GET. The new URL brings its own query. */
function redirected(request: PageRequest, url: URL, status: number): PageRequest {
  const { json: _json, data: _data, ...rest } = request
  const becomesGet = status === 303 || (request.method === 'POST' && status !== 307 && status !== 308)
  return { ...(becomesGet ? { ...rest, method: 'GET' } : request), url: url.toString(), params: {} }
}

function tokenElsewhere(sending: Sending, target: URL): Error {
  return requestError(sending, {
    code: 'CREDENTIALS_ELSEWHERE',
    recovery: 'fix-config',
    what: `redirects to ${target.origin}, and a request for a token goes to no other origin than its own. Set the URL of the token to where it really is.`,
  })
}

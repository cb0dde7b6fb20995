import type { Handler, MockRequest, MockResponse } from './handler.ts'
import { jsonResponse } from './handlers.ts'

/** What goes wrong with one request. */
export type Fault =
  /** This status, with `{ error }` as JSON. */
  | number
  /** This status with these headers, `retry-after` for one. */
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  /** The socket is destroyed before a byte is answered. */
  | 'reset'
  /** The full length is promised, half of the body is sent, then the socket is destroyed. */
  | 'cut'
  /** Nothing is ever answered; the socket is closed with the server. */
  | 'hang'
  /** A well-formed answer that holds half of the body. */
  | 'truncated'
  /** Status 200 with an HTML page, as a login page or a proxy gives it. */
  | 'html'

/**
 * Answers as `handler` does, but for the faults in `plan`: the first is for the first request, and so on; `undefined` lets
 * one through, and so does the end of the plan. Each call makes a plan of its own, so a handler may be used in several.
 */
export function failing(handler: Handler, plan: readonly (Fault | undefined)[]): Handler {
  let next = 0
  return (request) => {
    const fault = plan[next++]
    return fault === undefined ? handler(request) : answerWith(fault, handler, request)
  }
}

const PAGE = '<!doctype html><html><head><title>Please wait</title></head><body><h1>One moment</h1></body></html>'

async function answerWith(fault: Fault, handler: Handler, request: MockRequest): Promise<MockResponse> {
  if (typeof fault === 'number') return failure(fault)
  if (typeof fault === 'object') return failure(fault.status, fault.headers)
  switch (fault) {
    case 'reset':
    case 'hang':
      return { delivery: fault }
    case 'cut':
      return { ...(await handler(request)), delivery: 'cut' }
    case 'html':
      return { headers: { 'content-type': 'text/html; charset=utf-8' }, body: PAGE }
    case 'truncated': {
      const whole = await handler(request)
      const body = whole.body ?? ''
      return { ...whole, status: 200, body: body.slice(0, Math.floor(body.length / 2)) }
    }
  }
}

const failure = (status: number, headers: Readonly<Record<string, string>> = {}): MockResponse =>
  jsonResponse({ error: `status ${status}, on purpose` }, { status, headers })

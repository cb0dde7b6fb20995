import { isTributaryError, type TributaryError } from '../errors.ts'
import { act } from './act.ts'
import { type Body, createBody, readJsonBody } from './body.ts'
import type { Feedback } from './concurrency.ts'
import { createDeadline, type Deadline } from './deadline.ts'
import { type Answered, follow } from './follow.ts'
import { advice, networkReason, plural, requestError, statusError, unauthorized } from './http-errors.ts'
import { readQuota } from './rate-limit-headers.ts'
import { parseRetryAfter } from './retry.ts'
import type { ApiResponse, Sending } from './sending.ts'
import { abortable } from './wait.ts'

/** What became of one request. */
export type Attempt =
  /** `response`: parses the body, which is here. */
  | { readonly outcome: 'answered'; readonly response: () => Promise<ApiResponse> }
  /** There are new credentials. */
  | { readonly outcome: 'refreshed' }
  /** Worth another try. `error`: when no retry is left, after so many requests. */
  | {
      readonly outcome: 'again'
      readonly reason: string
      readonly retryAfter?: string
      readonly error: (requests: number) => TributaryError
    }

export interface AttemptOptions {
  /** Of its passage through the gate. */
  readonly number: number
  readonly feedback: Feedback
  /** After a 401 new credentials may be asked for. */
  readonly mayRefresh: boolean
}

/** One request, with the redirects that it leads to. Throws what no retry will change. */
export async function attempt(sending: Sending, options: AttemptOptions): Promise<Attempt> {
  const deadline = createDeadline(sending.timeout, sending.signal, () => sending.sender.gate.sent(options.number))
  try {
    const answered = await follow(sending, deadline)
    return await judge(sending, answered, deadline, options)
  } catch (error) {
    sending.signal.throwIfAborted()
    if (isTributaryError(error)) throw error
    return networkFailure(sending, error, deadline.late())
  } finally {
    deadline.end()
  }
}

async function judge(sending: Sending, answered: Answered, deadline: Deadline, options: AttemptOptions): Promise<Attempt> {
  const { response, sent } = answered
  const { status } = response
  const headers = Object.fromEntries(response.headers)
  const body = createBody(sending, response)
  if (!sending.isForToken) takeHints(sending, status, headers, options)

  if (status === 401 && options.mayRefresh && sent.trusted && sending.auth?.refresh !== undefined) {
    // Read first: the connection may be needed for the token.
    await (sending.actions.length === 0 ? body.excerpt() : body.bytes())
    deadline.end()
    if (await refreshed(sending, answered)) return { outcome: 'refreshed' }
  }
  const decision = await act(sending, status, headers, body)
  const reason = `${status} ${response.statusText}`.trim()
  if (decision?.outcome === 'ignore') {
    await body.discard()
    return { outcome: 'answered', response: async () => ({ ...withoutBody(status, headers), ignored: true }) }
  }
  if (decision?.outcome === 'fail') {
    throw requestError(sending, {
      code: 'RESPONSE_ACTION_FAIL',
      recovery: 'fix-config',
      what: `answered ${reason}, which the response action ${decision.name} takes for a failure.${begins(await body.excerpt())}`,
    })
  }
  if (decision?.outcome === 'retry') return again(sending, `${reason}, by the response action ${decision.name}`, headers, body)
  if (sending.retry.statuses.includes(status)) return again(sending, reason, headers, body)
  if (status === 401 && !sending.isForToken) {
    await body.discard()
    throw unauthorized(sending, sent)
  }
  if (status < 200 || status > 299) {
    const todo = advice(sending, sent, status)
    throw statusError(sending, { what: `answered ${reason}`, excerpt: await body.excerpt(), todo })
  }
  if (status === 204 || status === 205) {
    await body.discard()
    return { outcome: 'answered', response: async () => withoutBody(status, headers) }
  }
  const parse = await readJsonBody(sending, response, body)
  return { outcome: 'answered', response: async () => ({ status, headers, ...(await parse()), ignored: false }) }
}

const begins = (excerpt: string): string => (excerpt === '' ? '' : ` The body begins: ${excerpt}`)

const withoutBody = (status: number, headers: Readonly<Record<string, string>>): ApiResponse => ({
  status,
  headers,
  body: undefined,
  bytes: 0,
  echoesSecret: false,
  ignored: false,
})

/** What the answer says of how much the API bears, whatever else it says. */
function takeHints({ sender, retry }: Sending, status: number, headers: Record<string, string>, options: AttemptOptions): void {
  const { gate } = sender
  const retryAfter = headers['retry-after']
  const quota = readQuota(headers)
  if (quota !== undefined) gate.quota(options.number, quota, retry.maximumDelay)
  if (status === 429 && retryAfter !== undefined) {
    gate.hold(Math.min(parseRetryAfter(retryAfter) ?? 0, retry.maximumDelay))
  }
  if (status === 429 || (status === 503 && retryAfter !== undefined)) options.feedback.overloaded()
  else if (status < 400) options.feedback.succeeded()
}

async function refreshed(sending: Sending, { sent }: Answered): Promise<boolean> {
  const { auth, authContext, signal } = sending
  try {
    return (await abortable(Promise.resolve(auth?.refresh?.(sent.request, authContext)), signal)) ?? false
  } catch (error) {
    signal.throwIfAborted()
    if (isTributaryError(error)) throw error
    const what = `answered 401, and its auth could not renew the credentials: ${networkReason(error)}`
    throw requestError(sending, { code: 'AUTH_FAILED', recovery: 'fix-config', what })
  }
}

async function again(sending: Sending, reason: string, headers: Record<string, string>, body: Body): Promise<Attempt> {
  const excerpt = await body.excerpt()
  const retryAfter = headers['retry-after']
  return {
    outcome: 'again',
    reason: sending.sender.redactor.text(reason),
    ...(retryAfter !== undefined && { retryAfter }),
    error: (requests) =>
      statusError(sending, { what: `still answered ${reason} after ${plural(requests, 'request')}`, excerpt, recovery: 'retry' }),
  }
}

function networkFailure(sending: Sending, error: unknown, late: string | undefined): Attempt {
  const text = sending.sender.redactor.text(networkReason(error))
  const isLate = late !== undefined || /Connect Timeout Error/i.test(text)
  const reason = late ?? text
  return {
    outcome: 'again',
    reason,
    error: (requests) =>
      requestError(sending, {
        code: isLate ? 'TIMEOUT' : 'NETWORK',
        recovery: 'retry',
        what: `failed ${plural(requests, 'time')}: ${reason}. Check that the API is up and that baseUrl is right, then run again.`,
      }),
  }
}

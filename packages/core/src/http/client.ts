import { isAscii, isUtf8 } from 'node:buffer'
import { setTimeout as sleep } from 'node:timers/promises'
import { type $Fetch, ofetch } from 'ofetch'
import type { ClientConfig } from '../connector/resource.ts'
import { describeCause, TributaryError } from '../errors.ts'
import { parseJson, stringifyJson } from './json.ts'
import type { Redactor } from './redact.ts'
import type { JsonValue, PageRequest } from './request.ts'
import { DEFAULT_RETRY, type RetryPolicy, retryDelay } from './retry.ts'
import { createSemaphore, type Semaphore } from './semaphore.ts'
import { requestUrl } from './url.ts'

const DEFAULT_TIMEOUT_SECONDS = 60
const DEFAULT_CONCURRENCY = 4
const DEFAULT_MAXIMUM_BODY_BYTES = 256 * 1024 * 1024
const MAXIMUM_REDIRECTS = 10

interface ApiResponse {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** `undefined` for a body that there is not (204). */
  readonly body: JsonValue | undefined
  /** Size of the body, decompressed. */
  readonly bytes: number
  /** The body holds one of the connector's secrets. */
  readonly echoesSecret: boolean
}

/** Told of what happens to the requests of one resource. */
export interface RequestObserver {
  onRequest(): void
  onRetry(retry: { attempt: number; limit: number; delay: number; reason: string }): void
}

/** All HTTP of a connector goes through here: authentication, retry, limits, redaction. */
export interface ApiClient {
  readonly concurrency: number
  /** Sends `request` until it is answered or given up on. Throws a redacted `TributaryError`, or the signal's reason. */
  send(request: PageRequest, observer: RequestObserver, signal: AbortSignal): Promise<ApiResponse>
}

export interface ClientContext {
  readonly redactor: Redactor
  /** What to check when the API refuses the credentials: options and variables. */
  readonly credentialsHint: string
}

export function createClient(config: ClientConfig, context: ClientContext): ApiClient {
  const concurrency = config.concurrency ?? DEFAULT_CONCURRENCY
  if (!Number.isInteger(concurrency) || concurrency < 1) {
    throw new TributaryError({
      code: 'CLIENT_INVALID',
      recovery: 'fix-config',
      message: `concurrency is the number of requests in flight, a whole number from 1, but is ${concurrency}.`,
    })
  }
  const sender: Sender = {
    config,
    context,
    retry: { ...DEFAULT_RETRY, ...config.retry },
    trusted: new Set([config.baseUrl, ...(config.auth?.origins ?? [])].map((url) => new URL(url).origin)),
    semaphore: createSemaphore(concurrency),
    fetch: ofetch.create({ retry: false, ignoreResponseError: true, redirect: 'manual', responseType: 'stream' }),
  }
  return { concurrency, send: (request, observer, signal) => sendWithRetry(sender, request, observer, signal) }
}

interface Sender {
  readonly config: ClientConfig
  readonly context: ClientContext
  readonly retry: RetryPolicy
  /** Origins that get credentials. */
  readonly trusted: ReadonlySet<string>
  readonly semaphore: Semaphore
  readonly fetch: $Fetch
}

type Attempt =
  | { readonly outcome: 'answered'; readonly response: ApiResponse }
  /** `error` when no retry is left. */
  | { readonly outcome: 'again'; readonly reason: string; readonly retryAfter?: string; readonly error: TributaryError }

async function sendWithRetry(
  sender: Sender,
  request: PageRequest,
  observer: RequestObserver,
  signal: AbortSignal,
): Promise<ApiResponse> {
  let refreshed = false
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted()
    const made = await sender.semaphore.run(() => {
      observer.onRequest()
      return attemptOnce(sender, request, signal)
    })
    if (made.outcome === 'answered') {
      if (made.response.status !== 401) return made.response
      if (refreshed || !(await sender.config.auth?.refresh?.())) throw refused(sender, request, made.response)
      refreshed = true
      continue
    }
    const { limit } = sender.retry
    if (attempt > limit) throw made.error
    const delay = retryDelay(sender.retry, attempt, made.retryAfter)
    observer.onRetry({ attempt, limit, delay, reason: made.reason })
    await sleep(delay, undefined, { signal }).catch(() => signal.throwIfAborted())
  }
}

/** One request, with the redirects that it leads to. */
async function attemptOnce(sender: Sender, request: PageRequest, signal: AbortSignal): Promise<Attempt> {
  const seconds = sender.config.timeout ?? DEFAULT_TIMEOUT_SECONDS
  const timeout = AbortSignal.timeout(seconds * 1000)
  const tries = sender.retry.limit + 1
  try {
    const raw = await follow(sender, request, AbortSignal.any([signal, timeout]))
    const { status } = raw
    const headers = Object.fromEntries(raw.headers)
    if (sender.retry.statuses.includes(status)) {
      const excerpt = await readExcerpt(raw, sender)
      const reason = `${status} ${raw.statusText}`.trim()
      return {
        outcome: 'again',
        reason,
        ...(headers['retry-after'] !== undefined && { retryAfter: headers['retry-after'] }),
        error: httpError(sender, request, `still answered ${reason} after ${plural(tries, 'request')}`, excerpt, 'retry'),
      }
    }
    if (status === 401) {
      await raw.body?.cancel()
      return { outcome: 'answered', response: { status, headers, body: undefined, bytes: 0, echoesSecret: false } }
    }
    if (status < 200 || status > 299) {
      throw httpError(
        sender,
        request,
        `answered ${status} ${raw.statusText}`.trim(),
        await readExcerpt(raw, sender),
        'fix-config',
        advice(sender, status),
      )
    }
    return { outcome: 'answered', response: await parseResponse(sender, request, raw, headers) }
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof TributaryError) throw error
    const reason = timeout.aborted ? `no complete answer within ${seconds} s` : sender.context.redactor.text(networkReason(error))
    return {
      outcome: 'again',
      reason,
      error: new TributaryError({
        code: timeout.aborted ? 'TIMEOUT' : 'NETWORK',
        recovery: 'retry',
        message: `${where(sender, request)} failed ${plural(tries, 'time')}: ${reason}. Check that the API is up and that baseUrl is right, then run again.`,
      }),
    }
  }
}

/** Follows redirects itself, so that credentials go to trusted origins only (fetch would carry custom headers along). */
async function follow(sender: Sender, request: PageRequest, signal: AbortSignal): Promise<Response> {
  let current = request
  for (let hops = 0; ; hops++) {
    const trusted = sender.trusted.has(requestUrl(current).origin)
    const authenticated = trusted && sender.config.auth !== undefined ? await sender.config.auth.apply(current) : current
    const headers = headersFor(sender, authenticated, trusted)
    const response = await sender.fetch.raw(requestUrl(authenticated).toString(), {
      method: authenticated.method,
      headers,
      signal,
      ...(authenticated.json !== undefined && { body: stringifyJson(authenticated.json) }),
    })
    const location = response.headers.get('location')
    if (location === null || ![301, 302, 303, 307, 308].includes(response.status)) return response
    await response.body?.cancel()
    if (hops === MAXIMUM_REDIRECTS)
      throw httpError(sender, request, `redirects more than ${MAXIMUM_REDIRECTS} times`, '', 'fix-config')
    current = redirected(current, new URL(location, requestUrl(current)), response.status)
  }
}

/** Of a trusted origin: the client's, and over them the request's. Of another: only what says who asks, and for what. */
function headersFor({ config }: Sender, request: PageRequest, trusted: boolean): Headers {
  const headers = new Headers({ accept: 'application/json' })
  if (request.json !== undefined) headers.set('content-type', 'application/json')
  for (const [name, value] of Object.entries(config.headers ?? {})) {
    if (trusted || /^(?:accept|user-agent)$/i.test(name)) headers.set(name, value)
  }
  if (trusted) for (const [name, value] of Object.entries(request.headers)) headers.set(name, value)
  return headers
}

/** RFC 9110 §15.4: 303, and by custom 301 and 302 after a POST, are followed with GET. The new URL brings its own query. */
function redirected(request: PageRequest, url: URL, status: number): PageRequest {
  const { json, ...rest } = request
  const becomesGet = status === 303 || (request.method === 'POST' && status !== 307 && status !== 308)
  return { ...rest, url: url.toString(), params: {}, ...(becomesGet ? { method: 'GET' } : json !== undefined && { json }) }
}

async function parseResponse(
  sender: Sender,
  request: PageRequest,
  raw: Response,
  headers: Record<string, string>,
): Promise<ApiResponse> {
  const { status } = raw
  if (status === 204 || status === 205) {
    await raw.body?.cancel()
    return { status, headers, body: undefined, bytes: 0, echoesSecret: false }
  }
  const bytes = await readBody(sender, request, raw)
  if (bytes.length === 0) throw bodyError(sender, request, raw, 'an empty body, where JSON was expected', '')
  if (!isUtf8(bytes)) throw bodyError(sender, request, raw, 'a body that is not valid UTF-8', excerptOf(bytes, sender))
  const text = isAscii(bytes) ? bytes.toString('latin1') : bytes.toString('utf8', startsWithBom(bytes) ? 3 : 0)
  try {
    return { status, headers, body: parseJson(text), bytes: bytes.length, echoesSecret: sender.context.redactor.holds(text) }
  } catch {
    throw bodyError(sender, request, raw, `a body that is not JSON (${describeContentType(headers)})`, excerptOf(bytes, sender))
  }
}

const startsWithBom = (bytes: Buffer): boolean => bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf

function describeContentType(headers: Record<string, string>): string {
  return headers['content-type'] === undefined ? 'without a content type' : `content type ${headers['content-type']}`
}

async function readBody(sender: Sender, request: PageRequest, raw: Response): Promise<Buffer> {
  const limit = sender.config.maximumBodyBytes ?? DEFAULT_MAXIMUM_BODY_BYTES
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of raw.body ?? []) {
    length += chunk.length
    if (length > limit) {
      throw httpError(
        sender,
        request,
        `sent more than ${limit} bytes`,
        '',
        'fix-config',
        'Ask for smaller pages, or raise maximumBodyBytes.',
      )
    }
    chunks.push(chunk)
  }
  return chunks.length === 1 ? Buffer.from(chunks[0]!.buffer, chunks[0]!.byteOffset, length) : Buffer.concat(chunks, length)
}

/** The beginning of a body, for an error: whatever of it can be had. */
async function readExcerpt(raw: Response, sender: Sender): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of raw.body ?? []) {
      chunks.push(chunk)
      length += chunk.length
      if (length >= 2048) break
    }
  } catch {
    // The status is what matters; the text only helps.
  }
  return excerptOf(Buffer.concat(chunks), sender)
}

function excerptOf(bytes: Buffer, sender: Sender): string {
  // Redacted before it is cut, so that no half of a secret is left at the end.
  const text = sender.context.redactor.text(bytes.subarray(0, 2048).toString('utf8'))
  const line = text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim()
  return line.length > 200 ? `${line.slice(0, 200)}…` : line
}

function where(sender: Sender, request: PageRequest): string {
  return `${request.method} ${sender.context.redactor.url(requestUrl(request).toString())}`
}

function httpError(
  sender: Sender,
  request: PageRequest,
  what: string,
  excerpt: string,
  recovery: 'retry' | 'fix-config',
  todo = '',
): TributaryError {
  const body = excerpt === '' ? '' : ` The body begins: ${excerpt}`
  const hint = todo === '' ? '' : ` ${todo}`
  return new TributaryError({ code: 'HTTP_STATUS', recovery, message: `${where(sender, request)} ${what}.${hint}${body}` })
}

function bodyError(sender: Sender, request: PageRequest, raw: Response, what: string, excerpt: string): TributaryError {
  const begins = excerpt === '' ? '' : ` It begins: ${excerpt}`
  return new TributaryError({
    code: 'BODY_INVALID',
    recovery: 'fix-config',
    message: `${where(sender, request)} answered ${raw.status} with ${what}. Check that baseUrl and path lead to the API itself.${begins}`,
  })
}

function refused(sender: Sender, request: PageRequest, response: ApiResponse): TributaryError {
  return new TributaryError({
    code: 'UNAUTHORIZED',
    recovery: 'fix-config',
    message: `${where(sender, request)} answered ${response.status}: the API refuses the credentials. ${sender.context.credentialsHint}`,
  })
}

function advice(sender: Sender, status: number): string {
  if (status === 403) return `The credentials are known but may not read this. ${sender.context.credentialsHint}`
  if (status === 404) return 'Check baseUrl and the path of the endpoint.'
  if (status === 400 || status === 422) return 'Check the parameters of the endpoint and the page size.'
  return ''
}

function networkReason(error: unknown): string {
  let current: unknown = error
  // ofetch names the URL in its message; the cause tells more and holds no secret.
  while (current instanceof Error && current.cause instanceof Error) current = current.cause
  const text = describeCause(current)
  return /terminated|other side closed|aborted/.test(text) ? `the connection was cut (${text})` : text
}

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`

import { setMaxListeners } from 'node:events'
import type { Auth } from '../auth/auth.ts'
import type { ClientConfig } from '../connector/resource.ts'
import { TributaryError } from '../errors.ts'
import { createAuthContext } from './auth-context.ts'
import { createBodyBuffers } from './body-buffers.ts'
import { createConcurrency } from './concurrency.ts'
import { createGate } from './gate.ts'
import { proxyPasswords, readProxies } from './proxy.ts'
import { checkRateLimit } from './rate-limit.ts'
import type { Redactor } from './redact.ts'
import type { PageRequest } from './request.ts'
import { retryPolicy } from './retry.ts'
import { isSecretName } from './secret-names.ts'
import { send } from './send.ts'
import type { ApiResponse, Sender, SendOptions } from './sending.ts'
import { resolveTimeout } from './timeout.ts'
import { createTransport } from './transport.ts'

export type { RequestObserver, SendOptions } from './sending.ts'

const DEFAULT_CONCURRENCY = 4
const DEFAULT_MAXIMUM_BODY_BYTES = 256 * 1024 * 1024

/** All HTTP of a connector goes through here: authentication, retry, limits, redaction. */
export interface ApiClient {
  readonly concurrency: number
  /** Sends `request` until it is answered or given up on. Throws a redacted `TributaryError`, or the signal's reason. */
  send(request: PageRequest, options: SendOptions): Promise<ApiResponse>
  /** Called when the run is over: closes the connections, and ends what still uses them. */
  close(): Promise<void>
}

export interface ClientContext {
  readonly redactor: Redactor
  /** What to check when the API refuses the credentials: options and variables. */
  readonly credentialsHint: string
}

/** Makes the client of a connector. Throws `CLIENT_INVALID` where its configuration, or the variables of a proxy, are wrong. */
export function createClient(config: ClientConfig, { redactor, credentialsHint }: ClientContext): ApiClient {
  const { concurrency = DEFAULT_CONCURRENCY, maximumBodyBytes = DEFAULT_MAXIMUM_BODY_BYTES, rateLimit } = config
  const trusted = trustedOrigins(config, redactor)
  checkWhole(concurrency, 'concurrency is the number of requests in flight')
  checkWhole(maximumBodyBytes, 'maximumBodyBytes is the size of the largest body')
  if (rateLimit !== undefined) checkRateLimit(rateLimit, 'The client')
  const retry = retryPolicy('The client', config.retry)
  const timeout = resolveTimeout(config.timeout, 'The client')
  const proxies = readProxies()
  protect(redactor, [...(config.auth?.secrets ?? []), ...proxyPasswords(proxies), ...secretHeaders(config.headers ?? {})])

  const sender: Sender = {
    config,
    redactor,
    credentialsHint,
    transport: createTransport(concurrency, proxies),
    concurrency: createConcurrency(concurrency),
    gate: createGate(rateLimit),
    maximumBodyBytes,
    // Those that are being read, and those whose rows wait for their turn.
    bodies: createBodyBuffers(2 * concurrency),
  }
  const closing = new AbortController()
  return {
    concurrency,
    async send(request, options) {
      closing.signal.throwIfAborted()
      const { observer, signal, responseActions: actions = [] } = options
      // Each request that is under way listens to it.
      setMaxListeners(0, signal)
      const auth = options.auth === undefined ? config.auth : (options.auth ?? undefined)
      protect(redactor, [...(options.auth?.secrets ?? []), ...secretHeaders(request.headers)])
      return await send({
        sender,
        request: checkedRequest(request, redactor),
        isForToken: false,
        auth,
        authContext: createAuthContext(sender, { observer, signal: closing.signal, retry, timeout }),
        trusted: options.auth ? new Set([...trusted, ...originsOf(options.auth)]) : trusted,
        retry: options.retry === undefined ? retry : retryPolicy('The endpoint', retry, options.retry),
        timeout: options.timeout === undefined ? timeout : resolveTimeout(options.timeout, 'The endpoint'),
        actions,
        scan: options.scan,
        observer,
        signal,
      })
    },
    async close() {
      closing.abort(new TributaryError({ code: 'CLIENT_CLOSED', recovery: 'report', message: 'The client is closed.' }))
      await sender.transport.close()
    },
  }
}

function trustedOrigins({ baseUrl, auth }: ClientConfig, redactor: Redactor): ReadonlySet<string> {
  if (!isHttp(baseUrl)) {
    throw invalid(`baseUrl is an absolute http or https URL, but is ${JSON.stringify(redactor.url(String(baseUrl)))}.`)
  }
  const { origin, username, password } = new URL(baseUrl)
  if (username !== '' || password !== '') {
    throw invalid('baseUrl holds a user name or a password. Take them out, and use HTTP basic authentication as the auth.')
  }
  return new Set([origin, ...originsOf(auth)])
}

function originsOf(auth: Auth | undefined): string[] {
  return (auth?.origins ?? []).map((origin) => {
    if (isHttp(origin)) return new URL(origin).origin
    throw invalid(`auth.origins are such as https://files.example.com, but one is ${JSON.stringify(origin)}.`)
  })
}

function checkedRequest(request: PageRequest, redactor: Redactor): PageRequest {
  if (isHttp(request.url)) return { ...request, method: request.method.toUpperCase() as PageRequest['method'] }
  throw new TributaryError({
    code: 'REQUEST_INVALID',
    recovery: 'fix-config',
    message: `The URL of a request is an absolute http or https URL, but is ${JSON.stringify(redactor.url(request.url).slice(0, 200))}. Check the path of the endpoint and its paginator.`,
  })
}

const isHttp = (url: string): boolean => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)

function protect(redactor: Redactor, secrets: readonly string[]): void {
  for (const secret of secrets) redactor.add(secret)
}

/** Values of headers with well-known secret names, and what follows the scheme in them. */
function secretHeaders(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers)
    .filter(([name]) => isSecretName(name))
    .flatMap(([, value]) => [value, value.trim().replace(/^[\w-]+ +/, '')])
}

function checkWhole(value: number, what: string): void {
  if (!Number.isInteger(value) || value < 1) throw invalid(`${what}, a whole number from 1, but is ${value}.`)
}

const invalid = (message: string): TributaryError =>
  new TributaryError({ code: 'CLIENT_INVALID', recovery: 'fix-config', message })

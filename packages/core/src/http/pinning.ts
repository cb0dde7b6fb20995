import { isTributaryError, toTributaryError } from '../errors.ts'
import { requestError } from './http-errors.ts'
import { stringifyJson } from './json.ts'
import type { Redactor } from './redact.ts'
import type { PageRequest, ParamValue } from './request.ts'
import { isSecretName } from './secret-names.ts'
import type { Sending } from './sending.ts'
import { formText, paramTexts, requestUrl } from './url.ts'
import { abortable } from './wait.ts'

/** A request as it may leave: with credentials for an origin that is trusted, without any for another. */
export interface Outgoing {
  /** As `Auth` gave it. */
  readonly request: PageRequest
  readonly url: URL
  readonly trusted: boolean
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

/** What says who asks and for what, and holds no credential. */
const HARMLESS_HEADER = /^(?:accept|user-agent|content-type)$/i

/** What undici refuses, or would not send as it stands. */
const OF_THE_CONNECTION = /^(?:content-length|expect|keep-alive|transfer-encoding|upgrade)$/i

/**
 * `hasLeft`: a redirect has led to another origin, so that no later one can lead back into trust. Throws a redacted
 * `TributaryError`: `CREDENTIALS_ELSEWHERE` where the request cannot be made without what must not leave.
 */
export async function outgoing(sending: Sending, asked: PageRequest, hasLeft = false): Promise<Outgoing> {
  const trusted = !hasLeft && sending.trusted.has(new URL(asked.url).origin)
  const request = trusted ? await authenticated(sending, asked) : withoutCredentials(sending, asked)
  const url = requestUrl(request)
  // Fetch refuses them, and where they came from a server they are not ours.
  url.username = ''
  url.password = ''
  if (!trusted && isSecret(sending.sender.redactor, url.toString())) throw elsewhere(sending, url, 'URL')
  const body = bodyOf(request)
  if (body !== undefined && request.method === 'GET') {
    throw requestError(sending, {
      code: 'REQUEST_INVALID',
      recovery: 'fix-config',
      what: 'cannot have a body (json or data): a GET has none. Set the method to POST, or use params.',
    })
  }
  const headers = headersOf(sending, request, trusted, body?.type)
  return { request, url, trusted, headers, ...(body !== undefined && { body: body.text }) }
}

async function authenticated({ sender, auth, authContext, signal }: Sending, request: PageRequest): Promise<PageRequest> {
  if (auth === undefined) return request
  try {
    return await abortable(Promise.resolve(auth.apply(withClientHeaders(sender, request), authContext)), signal)
  } catch (error) {
    signal.throwIfAborted()
    if (isTributaryError(error)) throw error
    const what = `was not sent: its auth failed: ${toTributaryError(error).message}`
    throw requestError({ sender, request }, { code: 'AUTH_FAILED', recovery: 'fix-config', what })
  }
}

/** So that an auth sees all that is sent: a cookie of its own joins those of the client. */
function withClientHeaders({ config }: Sending['sender'], request: PageRequest): PageRequest {
  const own = new Set(Object.keys(request.headers).map((name) => name.toLowerCase()))
  const others = Object.entries(config.headers ?? {}).filter(([name]) => !own.has(name.toLowerCase()))
  return others.length === 0 ? request : { ...request, headers: { ...Object.fromEntries(others), ...request.headers } }
}

function withoutCredentials(sending: Sending, request: PageRequest): PageRequest {
  const { redactor } = sending.sender
  const { json, data } = request
  const text = bodyOf(request)?.text
  // The plain text too: a form or JSON may write a secret in another way.
  const plain = [text ?? '', ...(typeof data === 'object' ? Object.values(data).flatMap(paramTexts) : [])]
  if ((json !== undefined || data !== undefined) && plain.some((part) => isSecret(redactor, part))) {
    throw elsewhere(sending, requestUrl(request), 'body')
  }
  const url = new URL(request.url)
  for (const [name, value] of [...url.searchParams]) {
    if (holdsSecret(redactor, name, value)) url.searchParams.delete(name, value)
  }
  const params = Object.fromEntries(
    Object.entries(request.params).filter(([name, value]) => !isSecretName(name) && !holdsSecret(redactor, name, value)),
  )
  const headers = Object.fromEntries(
    Object.entries(request.headers).filter(([name, value]) => HARMLESS_HEADER.test(name) && !isSecret(redactor, value)),
  )
  return { ...request, url: url.toString(), params, headers }
}

/** Whether any secret is in it, however short. */
const isSecret = (redactor: Redactor, text: string): boolean => redactor.text(text) !== text

const holdsSecret = (redactor: Redactor, name: string, value: ParamValue): boolean =>
  isSecret(redactor, name) || paramTexts(value).some((text) => isSecret(redactor, text))

function elsewhere(sending: Sending, url: URL, part: string): Error {
  return requestError(sending, {
    code: 'CREDENTIALS_ELSEWHERE',
    recovery: 'fix-config',
    what: `was not sent: its ${part} holds a credential, and ${url.origin} is not the origin of baseUrl. If it may have the credentials, list it in auth.origins.`,
  })
}

/** The client's headers, over them the request's; elsewhere only the harmless of both. */
function headersOf(sending: Sending, request: PageRequest, trusted: boolean, contentType?: string): Record<string, string> {
  const { config, redactor } = sending.sender
  const headers: Record<string, string> = { accept: 'application/json', ...(contentType && { 'content-type': contentType }) }
  const set = (name: string, value: string): void => {
    if (!/^[!#$%&'*+.^`|~\w-]+$/.test(name) || !/^[\t\x20-\x7e\x80-\xff]*$/.test(value.trim())) {
      throw requestError(sending, {
        code: 'REQUEST_INVALID',
        recovery: 'fix-config',
        what: `was not sent: the header ${JSON.stringify(name)} has a character that no header can have. Look for line breaks and for letters outside of Latin-1.`,
      })
    }
    if (OF_THE_CONNECTION.test(name)) {
      throw requestError(sending, {
        code: 'REQUEST_INVALID',
        recovery: 'fix-config',
        what: `was not sent: the header ${name} belongs to the connection, which writes it itself. Take it out.`,
      })
    }
    headers[name.toLowerCase()] = value.trim()
  }
  for (const [name, value] of Object.entries(config.headers ?? {})) {
    if (isForClient(sending, name, trusted) && (trusted || !isSecret(redactor, value))) set(name, value)
  }
  for (const [name, value] of Object.entries(request.headers)) set(name, value)
  return headers
}

/** A token is asked for with the request's own headers; only who asks is the client's to say. */
const isForClient = ({ isForToken }: Sending, name: string, trusted: boolean): boolean =>
  isForToken ? /^user-agent$/i.test(name) : trusted || HARMLESS_HEADER.test(name)

function bodyOf({ json, data }: PageRequest): { text: string; type: string } | undefined {
  if (json !== undefined) return { text: stringifyJson(json), type: 'application/json' }
  if (typeof data === 'string') return { text: data, type: 'text/plain;charset=UTF-8' }
  if (data !== undefined) return { text: formText(data), type: 'application/x-www-form-urlencoded' }
  return undefined
}

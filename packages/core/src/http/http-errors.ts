import { describeCause, type Recovery, TributaryError } from '../errors.ts'
import type { Outgoing } from './pinning.ts'
import type { Sending } from './sending.ts'
import { requestUrl } from './url.ts'

/** What went wrong with a request. Nothing that was sent or received is in it as it was: `message` is redacted as a whole. */
export function requestError(
  { sender, request }: Pick<Sending, 'sender' | 'request'>,
  { code, recovery, what }: { code: string; recovery: Recovery; what: string },
): TributaryError {
  const { redactor } = sender
  const target = redactor.url(requestUrl(request).toString())
  return new TributaryError({ code, recovery, message: redactor.message(`${request.method} ${target} ${what}`) })
}

/** `excerpt`: the beginning of the body, empty where it is not to be shown. */
export function statusError(
  sending: Sending,
  {
    what,
    excerpt = '',
    recovery = 'fix-config',
    todo = '',
  }: { what: string; excerpt?: string; recovery?: Recovery; todo?: string },
): TributaryError {
  const body = excerpt === '' ? '' : ` The body begins: ${excerpt}`
  const hint = todo === '' ? '' : ` ${todo}`
  return requestError(sending, { code: 'HTTP_STATUS', recovery, what: `${what}.${hint}${body}` })
}

export function bodyError(sending: Sending, status: number, what: string, excerpt: string): TributaryError {
  const begins = excerpt === '' ? '' : ` It begins: ${excerpt}`
  return requestError(sending, {
    code: 'BODY_INVALID',
    recovery: 'fix-config',
    what: `answered ${status} with ${what}. Check that baseUrl and path lead to the API itself.${begins}`,
  })
}

export function unauthorized(sending: Sending, sent: Outgoing): TributaryError {
  return requestError(sending, {
    code: 'UNAUTHORIZED',
    recovery: 'fix-config',
    what: `answered 401: the API refuses the credentials. ${credentialsAdvice(sending, sent)}`,
  })
}

/** What to look at when the API answers with a status that no retry will change. */
export function advice(sending: Sending, sent: Outgoing, status: number): string {
  if (sending.isForToken && status < 500) return `It was asked for a token. ${sending.sender.credentialsHint}`
  if (status === 403) return `The credentials are known but may not read this. ${credentialsAdvice(sending, sent)}`
  if (status === 404) return 'Check baseUrl and the path of the endpoint.'
  if (status === 400 || status === 422) return 'Check the parameters of the endpoint and the page size.'
  return ''
}

function credentialsAdvice({ sender }: Sending, { trusted, url }: Outgoing): string {
  if (trusted) return sender.credentialsHint
  return `None were sent, because ${url.origin} is not the origin of baseUrl. If it may have them, list it in auth.origins.`
}

/** What the network says, without the URL and without what was sent. */
export function networkReason(error: unknown): string {
  let current: unknown = error
  // ofetch names the URL in its message; the cause tells more and holds no secret.
  while (current instanceof Error && current.cause instanceof Error) current = current.cause
  const text = describeCause(current)
  const { code, reason } = (current ?? {}) as { code?: unknown; reason?: unknown }
  // What OpenSSL says besides is for those who write it.
  if (typeof code === 'string' && code.startsWith('ERR_SSL_') && typeof reason === 'string')
    return `no TLS connection (${reason})`
  if (typeof code === 'string' && /^(?:Z_|ZSTD_|ERR_[A-Z]*_ERROR_)/.test(code)) return `the body cannot be decompressed (${text})`
  return /terminated|other side closed|aborted/.test(text) ? `the connection was cut (${text})` : text
}

export const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`

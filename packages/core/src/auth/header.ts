import type { PageRequest } from '../http/request.ts'

/** A copy of `request` with this header, instead of all that have its name in whatever case. */
export function withHeader(request: PageRequest, name: string, value: string): PageRequest {
  const others = Object.entries(request.headers).filter(([other]) => !sameName(other, name))
  return { ...request, headers: Object.fromEntries([...others, [name, value]]) }
}

/** Value of the header, whatever the case of its name. */
export function headerOf(request: PageRequest, name: string): string | undefined {
  return Object.entries(request.headers).find(([other]) => sameName(other, name))?.[1]
}

/** A copy of `request` with this cookie beside the others that it has (RFC 6265 §4.2.1), and instead of one of its name. */
export function withCookie(request: PageRequest, name: string, value: string): PageRequest {
  const others = Object.entries(request.headers)
    .filter(([header]) => sameName(header, 'cookie'))
    .flatMap(([, text]) => text.split(';'))
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '' && pair.split('=', 1)[0]!.trim() !== name)
  return withHeader(request, 'Cookie', [...others, `${name}=${cookieValue(value)}`].join('; '))
}

/**
 * As it stands where RFC 6265 §4.1.1 allows all of it, so that a value in base64, or one that is encoded already, arrives
 * unchanged; percent-encoded otherwise, as servers decode it.
 */
function cookieValue(value: string): string {
  return /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/.test(value) ? value : encodeURIComponent(value)
}

const sameName = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()

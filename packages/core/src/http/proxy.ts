import { TributaryError } from '../errors.ts'

/** Proxies as URLs; empty: none. */
export interface Proxies {
  readonly http: string
  readonly https: string
  /** Hosts that are asked directly, as `NO_PROXY` has them. */
  readonly none: string
}

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']

/**
 * Reads `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`; in lower case they win, and one that is set and empty means none. Without
 * a scheme a proxy speaks http, as for curl. Throws `CLIENT_INVALID` for what is no URL.
 */
export function readProxies(environment: Readonly<Record<string, string | undefined>> = process.env): Proxies {
  const [http, https] = [read(environment, 'HTTP_PROXY'), read(environment, 'HTTPS_PROXY')]
  const none = (environment.no_proxy ?? environment.NO_PROXY ?? '').trim()
  // What this machine calls itself leads a proxy elsewhere to that one's own ports: the demo API would not be found.
  const isElsewhere = [http, https].every((url) => url === '' || !LOOPBACK.includes(new URL(url).hostname))
  return { http, https, none: isElsewhere && none !== '*' ? [none, ...LOOPBACK].filter((host) => host !== '').join(',') : none }
}

function read(environment: Readonly<Record<string, string | undefined>>, name: string): string {
  const given = (environment[name.toLowerCase()] ?? environment[name] ?? '').trim()
  if (given === '') return ''
  const url = given.includes('://') ? given : `http://${given}`
  if (URL.canParse(url) && /^(?:https?|socks5?):$/.test(new URL(url).protocol)) return url
  throw new TributaryError({
    code: 'CLIENT_INVALID',
    recovery: 'fix-config',
    // Not what was found: it may hold a password.
    message: `The variable ${name} is the address of a proxy, such as http://proxy.example:3128, but cannot be read as one. Correct it, or unset it.`,
  })
}

/** Password of a proxy, as written and decoded, to be redacted; empty where there is none. */
export function proxyPasswords({ http, https }: Pick<Proxies, 'http' | 'https'>): string[] {
  const passwords = [http, https].filter((url) => url !== '').map((url) => new URL(url).password)
  return passwords.flatMap((password) => [password, decoded(password)])
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

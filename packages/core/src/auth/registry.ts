import { nearest } from '../connector/nearest.ts'
import { TributaryError } from '../errors.ts'
import type { Auth } from './auth.ts'
import { invalidAuth } from './checks.ts'

/** Makes an {@link Auth} from what a file says of it: all keys but `type`, as they are written there. */
export type AuthFactory = (options: Readonly<Record<string, unknown>>) => Auth

/** The types that files know by themselves. */
export const BUILT_IN_AUTHS: readonly string[] = ['bearer', 'api_key', 'http_basic', 'oauth2_client_credentials', 'oauth2_jwt']

/** Names that an auth may be registered by. */
export const AUTH_NAME: RegExp = /^[A-Za-z][\w-]*$/

/**
 * Of the process rather than of this module: a `tributary.config.ts` is loaded by a loader of its own, and may well see
 * another copy of this package than the command does.
 */
const shared = globalThis as unknown as Record<symbol, Map<string, AuthFactory> | undefined>
shared[Symbol.for('tributary.auths')] ??= new Map()
const factories: Map<string, AuthFactory> = shared[Symbol.for('tributary.auths')]!

/**
 * Makes `type: <name>` mean this kind of auth in files, from here on and for all of the process. A name that was
 * registered before is replaced; one of the built-in types cannot be: `AUTH_INVALID`.
 */
export function registerAuth(name: string, factory: AuthFactory): void {
  if (!AUTH_NAME.test(name)) {
    throw invalidAuth('registerAuth', `a name is letters, digits, _ and -, such as my_auth, but this is ${JSON.stringify(name)}.`)
  }
  if (BUILT_IN_AUTHS.includes(name))
    throw invalidAuth('registerAuth', `${name} is built in and cannot be replaced. Choose another name.`)
  if (typeof factory !== 'function') throw invalidAuth('registerAuth', `the factory of ${name} is a function that gives an Auth.`)
  factories.set(name, factory)
}

/** The factory that was registered by this name; the built-in types have none. Throws `AUTH_UNKNOWN`, with the name that was probably meant. */
export function authFactory(name: string): AuthFactory {
  const factory = factories.get(name)
  if (factory !== undefined) return factory
  const names = [...BUILT_IN_AUTHS, ...factories.keys()]
  const near = nearest(name, names)
  throw new TributaryError({
    code: 'AUTH_UNKNOWN',
    recovery: 'fix-config',
    message: `There is no auth of the type ${JSON.stringify(name)}${near === undefined ? '' : `; did you mean ${near}?`} There are ${names.join(', ')}. Others are made known with registerAuth(name, factory).`,
  })
}

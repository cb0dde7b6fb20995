import type { ClientConfig } from '../connector/resource.ts'
import type { RetryPolicy } from '../http/retry.ts'
import type { Timeout } from '../http/timeout.ts'
import type { RetryData, TimeoutData } from './data.ts'
import { camelKeys } from './names.ts'

/** Delays are seconds in a file, and milliseconds in the engine. */
export function retryOf(data: RetryData): Partial<RetryPolicy> {
  const { initial_delay: initial, maximum_delay: maximum, ...rest } = data
  return {
    ...camelKeys(rest),
    ...(typeof initial === 'number' && { initialDelay: initial * 1000 }),
    ...(typeof maximum === 'number' && { maximumDelay: maximum * 1000 }),
  }
}

export const timeoutOf = (data: TimeoutData): Timeout => (typeof data === 'number' ? data : (camelKeys(data) as Timeout))

/** Headers, without those that are null. */
export const headersOf = (data: Readonly<Record<string, string | null>>): NonNullable<ClientConfig['headers']> =>
  Object.fromEntries(Object.entries(data).flatMap(([name, value]) => (value === null ? [] : [[name, value]])))

/** An absolute http or https URL without credentials in it; answers what is wrong with any other. */
export function baseUrlProblem(text: string): string | undefined {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    return 'expected an absolute URL such as https://api.example.com, with http or https.'
  const { username, password } = new URL(text)
  return username === '' && password === '' ? undefined : 'holds a user name or a password. Write them under auth, as http_basic.'
}

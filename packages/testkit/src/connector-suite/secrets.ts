import type { Connector } from '@tributary/core'
import type { MockRequest } from '../mock-api/handler.ts'
import type { ConnectorSuiteOptions } from './options.ts'

/** Credentials that a connector was made with, and those that the suite was told of. */
export function secretsOf({ options, optionInfos }: Connector, { otherSecrets = [] }: ConnectorSuiteOptions): string[] {
  const marked = optionInfos.filter(({ secret }) => secret).map(({ name }) => options[name])
  return [...marked.filter((value): value is string => typeof value === 'string'), ...otherSecrets]
}

/** Whether a text holds one of the secrets: as it is, escaped as in JSON or a URL, or in base64. */
export function holdsSecret(text: string, secrets: readonly string[]): boolean {
  return secrets.some((secret) => formsOf(secret).some((form) => text.includes(form)))
}

/** What a request carries, with what stands in it in base64 made readable, as in a user name and password. */
export function carries({ query, headers, body }: MockRequest, secrets: readonly string[]): boolean {
  const texts = [...query.values(), ...Object.values(headers), body]
  return texts.some((text) => holdsSecret(text, secrets) || holdsSecret(decoded(text), secrets))
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret)
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    new URLSearchParams({ s: secret }).toString().slice(2),
    bytes.toString('base64'),
    bytes.toString('base64url'),
  ]
}

const decoded = (text: string): string => Buffer.from(text.split(' ').at(-1)!, 'base64').toString('utf8')

import type { Auth, AuthContext } from '../auth/auth.ts'
import type { ClientConfig } from '../connector/resource.ts'
import type { ScannedBody } from '../scan/page-scanner.ts'
import type { BodyBuffers } from './body-buffers.ts'
import type { Concurrency } from './concurrency.ts'
import type { Gate } from './gate.ts'
import type { Redactor } from './redact.ts'
import type { JsonValue, PageRequest } from './request.ts'
import type { ResponseAction } from './response-action.ts'
import type { RetryPolicy } from './retry.ts'
import type { ResolvedTimeout, Timeout } from './timeout.ts'
import type { Transport } from './transport.ts'

export interface ApiResponse {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** `undefined` for a body that there is not: 204, and what an action ignores. Of one that was scanned, what is around its records. */
  readonly body: JsonValue | undefined
  readonly scanned?: ScannedBody
  /** Size of the body, decompressed. */
  readonly bytes: number
  /** The body holds one of the connector's secrets. */
  readonly echoesSecret: boolean
  /** A response action said that it means nothing: the listing is at its end. */
  readonly ignored: boolean
}

/** Told of what happens to the requests of one resource. */
export interface RequestObserver {
  /** Called for each request of a page, retries among them; not for those of tokens, which are the client's. */
  onRequest(): void
  /** A request failed and is made again after `delay` milliseconds. `attempt`: 1 is the first retry. No secret is in `reason`. */
  onRetry(retry: { attempt: number; limit: number; delay: number; reason: string }): void
}

/** How one request is sent, where that differs from the client. */
export interface SendOptions {
  readonly observer: RequestObserver
  readonly signal: AbortSignal
  /** Of the endpoint: instead of the client's; null: none. */
  readonly auth?: Auth | null
  /** Over the client's. */
  readonly retry?: Partial<RetryPolicy>
  /** Instead of the client's. */
  readonly timeout?: Timeout
  readonly responseActions?: readonly ResponseAction[]
  /**
   * Reads a body, in UTF-8, without parsing it; undefined: it is to be parsed. Not asked for bodies that hold a secret. `done`: to be called
   * when nobody looks at the bytes any more.
   */
  readonly scan?: (bytes: Buffer, done: () => void) => ScannedBody | undefined
}

/** What all requests of a client share. */
export interface Sender {
  readonly config: ClientConfig
  readonly redactor: Redactor
  /** What to check when the API refuses the credentials: options and variables. */
  readonly credentialsHint: string
  readonly transport: Transport
  readonly concurrency: Concurrency
  readonly gate: Gate
  /** Bytes. */
  readonly maximumBodyBytes: number
  readonly bodies: BodyBuffers
}

/** One request on its way, with all that was decided for it. */
export interface Sending {
  readonly sender: Sender
  readonly request: PageRequest
  /** A token is asked for: it goes to the origin of its own URL and to no other, and what comes is a secret as a whole. */
  readonly isForToken: boolean
  readonly auth: Auth | undefined
  readonly authContext: AuthContext
  /** Origins that get credentials. */
  readonly trusted: ReadonlySet<string>
  readonly retry: RetryPolicy
  readonly timeout: ResolvedTimeout
  readonly actions: readonly ResponseAction[]
  readonly scan: SendOptions['scan']
  readonly observer: RequestObserver
  readonly signal: AbortSignal
}

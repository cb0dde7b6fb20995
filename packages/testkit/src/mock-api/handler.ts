/** One request as the mock API received it. */
export interface MockRequest {
  readonly method: string
  /** Without the query. */
  readonly path: string
  readonly query: URLSearchParams
  /** What stood in the path where the route has `:name`, decoded. */
  readonly params: Readonly<Record<string, string>>
  /** Names in lower case; values that came several times are joined with `, `. */
  readonly headers: Readonly<Record<string, string>>
  /** The body's text; empty where there was none. */
  readonly body: string
}

/**
 * How an answer gets to the client: `whole`; `reset`: the socket is destroyed before a byte is answered; `cut`: the full
 * length is promised, half of the body is sent, then the socket is destroyed; `hang`: nothing is ever answered.
 */
export type Delivery = 'whole' | 'reset' | 'cut' | 'hang'

/** What a handler answers. */
export interface MockResponse {
  /** Default 200. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Default: empty. */
  readonly body?: string
  /** Default `whole`. */
  readonly delivery?: Delivery
}

/** Answers the requests of one route. What it throws becomes a 500 with the error's message. */
export type Handler = (request: MockRequest) => MockResponse | Promise<MockResponse>

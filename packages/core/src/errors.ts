/** What the person (or the scheduler) who sees an error can do about it. */
export type Recovery =
  /** The same run may well succeed later: nothing is wrong with the configuration. */
  | 'retry'
  /** An option, a credential or the connector has to be changed first. */
  | 'fix-config'
  /** The data breaks a declared type, key or shape. */
  | 'fix-data'
  /** A defect in Tributary or a plug-in. */
  | 'report'

export interface TributaryErrorDetails {
  /** Stable, upper snake case, part of the public API: programs branch on it. */
  code: string
  recovery: Recovery
  /** What was expected, what was found, where, and what to do next. Never holds a secret. */
  message: string
  cause?: unknown
}

const marker = Symbol.for('tributary.error')

/** The one error class. Recognise it with {@link isTributaryError}, which also works across duplicate installs. */
export class TributaryError extends Error {
  readonly code: string
  readonly recovery: Recovery

  constructor({ code, recovery, message, cause }: TributaryErrorDetails) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'TributaryError'
    this.code = code
    this.recovery = recovery
    Object.defineProperty(this, marker, { value: true })
  }
}

/** True for every error that Tributary or one of its plug-ins raised on purpose, whichever copy of the package made it. */
export function isTributaryError(error: unknown): error is TributaryError {
  return typeof error === 'object' && error !== null && marker in error
}

/** The error as Tributary reports it: its own as they are, anything else as a defect with its cause kept. */
export function toTributaryError(error: unknown): TributaryError {
  if (isTributaryError(error)) return error
  return new TributaryError({
    code: 'UNEXPECTED',
    recovery: 'report',
    message: error instanceof Error ? error.message : String(error),
    cause: error,
  })
}

/** Text of `error` and of what caused it, without repeating itself: `fetch failed: connect ECONNREFUSED 127.0.0.1:9`. */
export function describeCause(error: unknown): string {
  const parts: string[] = []
  for (let current = error, depth = 0; current !== undefined && current !== null && depth < 5; depth++) {
    const text = causeText(current)
    if (text !== '' && !parts.some((part) => part.includes(text))) parts.push(text)
    current = current instanceof Error ? current.cause : undefined
  }
  return parts.join(': ')
}

function causeText(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error instanceof AggregateError && error.message === '') return error.errors.map(causeText).join(', ')
  return error.message
}

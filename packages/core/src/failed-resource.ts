import type { ResolvedResource } from './connector/resolve.ts'
import { toTributaryError } from './errors.ts'
import type { ResourceRun, RunContext } from './run-resource.ts'

/** A resource that cannot even start, because its tables cannot become what it declares. Those that depend on it can be read. */
export function failedResource({ redactor, emit }: RunContext, resource: ResolvedResource, thrown: unknown): ResourceRun {
  const { code, recovery, message } = toTributaryError(thrown)
  emit({ type: 'resource-started', resource: resource.name, resumed: false })
  emit({ type: 'resource-finished', resource: resource.name, status: 'failed' })
  return {
    resource,
    pending: undefined,
    isAlive: () => false,
    ledgerOf: () => undefined,
    observer: { onRequest: () => {}, onRetry: () => {} },
    warn: () => {},
    fallsShort: () => {},
    scan: () => undefined,
    write: async () => {},
    writeRows: async () => {},
    checkpoint: async () => {},
    finish: async () => {},
    fail: async () => {},
    result: () => ({
      status: 'failed',
      pages: 0,
      requests: 0,
      retries: 0,
      records: 0,
      filtered: 0,
      tables: {},
      warnings: [],
      error: { code, recovery, message: redactor.message(message) },
      seconds: 0,
    }),
  }
}

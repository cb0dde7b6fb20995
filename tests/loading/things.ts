import {
  type Connector,
  type Destination,
  type JsonValue,
  type LoadPlan,
  offset,
  type Reject,
  type ResourceOptions,
  type RowSchema,
  resource,
  type SyncEvent,
  type SyncOptions,
  type SyncResult,
  sync,
} from '@tributary/core'
import { type Handler, memoryDestination, offsetPages } from '@tributary/testkit'
import { crm, serve } from '../support/connector.ts'

export type Thing = { [key: string]: JsonValue }
export type Settings = Partial<ResourceOptions<RowSchema, unknown>>

/** An API with a listing of things, two a page, and a dataset that they are loaded into. */
export interface Things {
  readonly destination: Destination
  /** What the API has from now on. */
  has(...things: readonly JsonValue[]): void
  /** Requests so far. */
  requests(): number
  connector(settings: Settings): Connector
  /** Runs the resource `things` with these settings. */
  run(settings: Settings, options?: Partial<SyncOptions>): Promise<ThingsResult>
  /** Rows of a table without system columns and values that are not there, in order; those of a version have `ended`. */
  rows(table?: string): Promise<Thing[]>
  /** What each commit was asked to do, as it was at the commit. */
  readonly plans: LoadPlan[]
}

export type ThingsResult = SyncResult['resources'][string] & {
  readonly loadIds: readonly number[]
  readonly events: readonly SyncEvent[]
}

export const DATASET = 'crm'

export async function things(given: Destination = memoryDestination(), handler?: Handler): Promise<Things> {
  let records: readonly JsonValue[] = []
  const api = await serve({ '/things': handler ?? offsetPages(() => records) })
  const { destination, plans } = watched(given)
  const connector = (settings: Settings): Connector =>
    crm(api.url, {
      resources: {
        things: resource({
          endpoint: { path: 'things', dataSelector: 'data', paginator: offset({ limit: 2 }) },
          ...settings,
        }),
      },
    })
  return {
    destination,
    plans,
    has(...now) {
      records = now
    },
    requests: () => api.requests.length,
    connector,
    async run(settings, options = {}) {
      const events: SyncEvent[] = []
      const { resources, loadIds } = await sync({
        connector: connector(settings),
        destination,
        onEvent: (event) => void events.push(event),
        ...options,
      })
      return { ...resources.things!, loadIds, events }
    },
    rows: (table = 'things') => rowsOf(destination, table),
  }
}

/** What contracts have left out, as it is kept. */
export async function rejectsOf(destination: Destination): Promise<Reject[]> {
  const reader = await destination.inspect(DATASET)
  const rejects: Reject[] = []
  for await (const reject of reader.rejects()) rejects.push(reject)
  await reader.close()
  return rejects
}

export async function rowsOf(destination: Destination, table: string): Promise<Thing[]> {
  const reader = await destination.inspect(DATASET)
  const rows: Thing[] = []
  try {
    for await (const row of reader.rows(table)) {
      const entries = Object.entries(row).filter(
        ([name, value]) => value !== null && value !== undefined && !name.startsWith('_sync_'),
      )
      const ended = row._sync_valid_to !== null && row._sync_valid_to !== undefined
      rows.push({ ...(Object.fromEntries(entries) as Thing), ...(ended && { ended }) })
    }
  } finally {
    await reader.close()
  }
  return rows
    .map((row) => [JSON.stringify(row), row] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, row]) => row)
}

/** Notes what each commit is asked to do. */
function watched(given: Destination): { destination: Destination; plans: LoadPlan[] } {
  const plans: LoadPlan[] = []
  const destination: Destination = {
    ...given,
    async open(name) {
      const dataset = await given.open(name)
      return {
        read: () => dataset.read(),
        rejects: (of) => dataset.rejects(of),
        close: () => dataset.close(),
        async begin(plan) {
          const session = await dataset.begin(plan)
          return {
            write: (batch) => session.write(batch),
            reject: (rejects) => session.reject(rejects),
            abort: () => session.abort(),
            commit(state) {
              // Members may be getters.
              plans.push({ ...plan })
              return session.commit(state)
            },
          }
        },
      }
    },
  }
  return { destination, plans }
}

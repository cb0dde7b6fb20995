import { type JsonValue, type SyncOptions, type SyncResult, sync } from '@tributary/core'
import { type Handler, type MockApi, offsetPages } from '@tributary/testkit'
import { crm, type Parts } from './connector.ts'
import type { Place, Row } from './places.ts'

export type Item = { [key: string]: JsonValue }

/** Answers the items from `since` on, if it is asked for it and does not ignore that. */
export const since =
  (items: () => readonly Item[], { ignores = false, param = 'since', upTo = 'until' } = {}): Handler =>
  (request) => {
    const [start, end] = [request.query.get(param), request.query.get(upTo)]
    const matches = items().filter(
      ({ at }) => ignores || ((start === null || compare(at!, start) >= 0) && (end === null || compare(at!, end) < 0)),
    )
    return offsetPages(matches)(request)
  }

const compare = (value: JsonValue, text: string): number =>
  typeof value === 'number' ? value - Number(text) : String(value) < text ? -1 : String(value) > text ? 1 : 0

/** Runs `parts` against an API, and tells what went wrong with its resources. */
export async function run(
  api: MockApi,
  place: Place,
  parts: Parts,
  options: Partial<SyncOptions> = {},
): Promise<SyncResult & { errors: (string | undefined)[] }> {
  const result = await sync({ connector: crm(api.url, parts), destination: place.destination, ...options })
  return { ...result, errors: Object.values(result.resources).map(({ error }) => error?.message) }
}

/** Rows as `id@at`, in order. */
export const pairs = (rows: readonly Row[]): string[] => rows.map(({ id, at }) => `${String(id)}@${String(at)}`).sort()

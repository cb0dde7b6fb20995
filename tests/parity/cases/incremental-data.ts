import type { JsonValue } from '@tributary/core'
import { type Handler, jsonResponse } from '@tributary/testkit'
import type { JsonObject } from '../configs.ts'
import type { World } from '../parity-case.ts'
import type { Item } from '../routes.ts'

export const at = (day: number): string => `2026-01-${String(day).padStart(2, '0')}T00:00:00Z`
export const ticket = (id: number, day: number, name = `item ${id}`): Item => ({ id, name, updated_at: at(day) })

/** Records that are looked up for each request. */
export const live =
  (records: () => readonly JsonValue[]): Handler =>
  () =>
    jsonResponse([...records()])

/** All of the day and later, as a well-made API filters; without `since`, everything. */
export const filtering =
  (records: () => readonly Item[], param = 'since', field = 'updated_at'): Handler =>
  ({ query }) => {
    const since = query.get(param)
    return jsonResponse(records().filter((record) => since === null || String(record[field]) >= since))
  }

export const merge = { primary_key: 'id', write_disposition: 'merge' }
export const since = (options: JsonObject = {}): JsonObject => ({
  params: { since: { type: 'incremental', cursor_path: 'updated_at', initial_value: at(1), ...options } },
  paginator: 'single_page',
})
export const incremental = (options: JsonObject = {}, endpoint: JsonObject = {}): JsonObject => ({
  incremental: { cursor_path: 'updated_at', initial_value: at(1), ...options },
  paginator: 'single_page',
  ...endpoint,
})

/** Three tickets; in the second run one of them is changed and another is new. */
export const growing =
  (world: World): (() => readonly Item[]) =>
  () =>
    world.run === 1
      ? [ticket(1, 2), ticket(2, 3), ticket(3, 4)]
      : [ticket(1, 6, 'changed'), ticket(2, 3), ticket(3, 4), ticket(4, 7)]

export const days = [ticket(1, 1), ticket(2, 2), ticket(3, 3), ticket(4, 4)]

export const newestFirst: JsonObject = {
  incremental: { cursor_path: 'updated_at', initial_value: at(1), row_order: 'desc' },
  paginator: { type: 'page_number', total_path: null },
}

/** Tickets of these days, two on a page. */
export const daysByPage =
  (listed: () => readonly number[]): Handler =>
  ({ query }) => {
    const start = Number(query.get('page')) * 2
    return jsonResponse(
      listed()
        .slice(start, start + 2)
        .map((day) => ticket(day, day)),
    )
  }

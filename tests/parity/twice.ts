import type { JsonValue } from '@tributary/core'
import { json } from '@tributary/testkit'
import { itemsFrom, type JsonObject } from './configs.ts'
import type { ParityCase } from './parity-case.ts'

/** A case of two runs of a resource `items`, with these bodies. */
export const twice = (
  name: string,
  shows: string,
  resource: JsonObject,
  first: JsonValue,
  second: JsonValue,
  rows: ParityCase['rows'],
  more: Partial<ParityCase> = {},
): ParityCase => ({
  name,
  shows,
  config: itemsFrom({ paginator: 'single_page' }, { resource }),
  routes: (world) => ({ '/items': (request) => json(world.run === 1 ? first : second)(request) }),
  runs: 2,
  ...(rows !== undefined && { rows }),
  ...more,
})

import { failing, json, jsonResponse } from '@tributary/testkit'
import { configOf, itemsFrom } from '../configs.ts'
import type { ParityCase, ParityGroup } from '../parity-case.ts'
import { items } from '../routes.ts'

const columns = { items: { id: 'BIGINT', name: 'VARCHAR' } }
const one = itemsFrom({ paginator: 'single_page' })

const recovers = (name: string, shows: string, faults: Parameters<typeof failing>[1]): ParityCase => ({
  name,
  shows,
  config: one,
  routes: () => ({ '/items': failing(json(items(2)), faults) }),
  rows: { items: 2 },
})

const equal: ParityCase[] = [
  recovers('retry-500', 'A 500 is retried', [500]),
  recovers('retry-502-503', 'A 502 and a 503 are retried', [502, 503]),
  recovers('retry-429', 'A 429 is retried', [{ status: 429, headers: { 'retry-after': '0' } }]),
  recovers('retry-reset', 'A connection that breaks is retried', ['reset']),
  {
    name: 'retry-on-page-2',
    shows: 'A retry on the way keeps the earlier rows and loads none twice',
    config: itemsFrom({ paginator: { type: 'page_number', total_path: null, maximum_page: 3 } }),
    routes: () => ({ '/items': failing(({ query }) => jsonResponse(items(1, Number(query.get('page')) + 1)), [undefined, 500]) }),
    rows: { items: 3 },
  },
  ...[400, 403, 404, 422].map(
    (status): ParityCase => ({
      name: `error-${status}`,
      shows: `A ${status} fails at once`,
      config: one,
      routes: () => ({ '/items': json({ error: 'no' }, { status }) }),
      fails: { ours: new RegExp(String(status)), dlt: new RegExp(String(status)) },
    }),
  ),
  {
    name: 'error-on-page-2',
    shows: 'A failure on the way loads nothing of a replaced table',
    config: itemsFrom({ paginator: { type: 'page_number', total_path: null } }, { resource: { write_disposition: 'replace' } }),
    routes: () => ({ '/items': failing(json(items(1)), [undefined, 404]) }),
    fails: { ours: /404/, dlt: /404/ },
  },
]

const asked = (times: number): string[] => Array.from({ length: times }, () => 'GET /items')

const better: ParityCase[] = [
  {
    name: 'retry-exhausted',
    shows: 'A 503 that does not go away',
    config: one,
    routes: () => ({ '/items': failing(json(items(1)), [503, 503, 503, 503, 503, 503]) }),
    better: {
      reason:
        'Three retries, four requests, all configurable per client and endpoint; dlt makes five and files cannot change that.',
      ours: { requests: asked(4), error: /503/ },
      dlt: { requests: asked(5), error: /503/ },
    },
  },
  {
    name: 'retry-not-501',
    shows: 'A 501, which will be the same tomorrow',
    config: one,
    routes: () => ({ '/items': json({ error: 'not implemented' }, { status: 501 }) }),
    better: {
      reason: 'Only statuses that may pass are retried; dlt retries every 5xx.',
      ours: { requests: asked(1), error: /501/ },
      dlt: { requests: asked(5), error: /501/ },
    },
  },
  {
    name: 'failed-resource-alone',
    shows: 'One of two resources fails',
    config: configOf(['items', 'broken']),
    routes: () => ({ '/items': json(items(1)), '/broken': json({ error: 'no' }, { status: 404 }) }),
    anyOrder: true,
    better: {
      reason: 'The other one is loaded, and the failure is told; dlt loads nothing.',
      ours: { error: /404/, requests: ['GET /broken', 'GET /items'], tables: { items: items(1) }, columns },
      dlt: { error: /404/, requests: ['GET /broken', 'GET /items'], tables: {}, columns: {} },
    },
  },
]

export const http: ParityGroup = { topic: 'HTTP', cases: [...equal, ...better] }

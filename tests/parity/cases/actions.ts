import { json, jsonResponse, text } from '@tributary/testkit'
import { itemsFrom, type JsonObject } from '../configs.ts'
import type { ParityCase, ParityGroup } from '../parity-case.ts'
import { inTurn, items } from '../routes.ts'

const acting = (actions: JsonObject[], endpoint: JsonObject = {}): JsonObject =>
  itemsFrom({ response_actions: actions, ...endpoint })
const notFound = jsonResponse({ error: 'Nothing found' }, { status: 404 })
const columns = { items: { id: 'BIGINT', name: 'VARCHAR' } }

const equal: ParityCase[] = [
  {
    name: 'ignore-status',
    shows: 'A status that is ignored is no rows',
    config: acting([{ status_code: 404, action: 'ignore' }]),
    routes: () => ({ '/items': () => notFound }),
    rows: {},
  },
  {
    name: 'ignore-content',
    shows: 'A text that is ignored, with status 200',
    config: acting([{ content: 'Nothing found', action: 'ignore' }]),
    routes: () => ({ '/items': text('Nothing found here') }),
    rows: {},
  },
  {
    name: 'ignore-status-and-content',
    shows: 'Status and content both hold',
    config: acting([{ status_code: 404, content: 'Nothing', action: 'ignore' }]),
    routes: () => ({ '/items': () => notFound }),
    rows: {},
  },
  {
    name: 'ignore-ends-keeps-earlier',
    shows: 'Ignoring ends the listing and keeps the earlier rows',
    config: acting([{ status_code: 404, action: 'ignore' }], { paginator: { type: 'page_number', total_path: null } }),
    routes: () => ({ '/items': inTurn(json(items(2)), json(items(2, 3)), notFound) }),
    rows: { items: 4 },
  },
  {
    name: 'ignore-second-action',
    shows: 'The second action may be the one',
    config: acting([
      { status_code: 410, action: 'ignore' },
      { status_code: 404, action: 'ignore' },
    ]),
    routes: () => ({ '/items': () => notFound }),
    rows: {},
  },
  {
    name: 'action-does-not-match',
    shows: 'An action that does not match changes nothing',
    config: acting([{ status_code: 404, content: 'something else', action: 'ignore' }]),
    routes: () => ({ '/items': () => notFound }),
    fails: { ours: /404/, dlt: /404/ },
  },
]

const better: ParityCase[] = [
  {
    name: 'ignore-status-text',
    shows: 'A status as text',
    config: acting([{ status_code: '404', action: 'ignore' }]),
    routes: () => ({ '/items': () => notFound }),
    better: {
      reason: 'A status may be written as text; dlt takes it, never matches it, and fails.',
      ours: { error: null },
      dlt: { error: /404/ },
    },
  },
  {
    name: 'ignore-status-class',
    shows: 'A class of statuses',
    config: acting([{ status_code: '4xx', action: 'ignore' }], { paginator: { type: 'page_number', total_path: null } }),
    routes: () => ({ '/items': inTurn(json(items(2)), jsonResponse({ error: 'gone' }, { status: 410 })) }),
    better: {
      reason: '4xx stands for them all; dlt takes it, never matches it, and fails.',
      ours: { error: null, tables: { items: items(2) }, columns },
      dlt: { error: /410/, tables: {}, columns: {} },
    },
  },
  {
    name: 'action-fail',
    shows: 'A text in a good response that means failure',
    config: acting([{ content: 'quota', action: 'fail' }]),
    routes: () => ({ '/items': json({ data: items(1), warning: 'quota exceeded' }) }),
    better: {
      reason: '`fail` ends the resource with an error; dlt takes the word and loads the rows.',
      ours: { error: /quota|action|fail/, tables: {}, columns: {} },
      dlt: { error: null, tables: { items: items(1) }, columns },
    },
  },
  {
    name: 'action-retry',
    shows: 'A text in a good response that means: not yet',
    config: acting([{ content: 'pending', action: 'retry' }]),
    routes: () => ({ '/items': inTurn(json({ data: [{ state: 'pending' }] }), json({ data: items(1) })) }),
    better: {
      reason: '`retry` makes the request again; dlt takes the word and loads the unfinished answer.',
      ours: { requests: ['GET /items', 'GET /items'], tables: { items: items(1) }, columns },
      dlt: { requests: ['GET /items'], tables: { items: [{ state: 'pending' }] }, columns: { items: { state: 'VARCHAR' } } },
    },
  },
  {
    name: 'action-unknown',
    shows: 'An action that there is not',
    config: acting([{ status_code: 404, action: 'ingore' }]),
    routes: () => ({ '/items': json(items(1)) }),
    better: {
      reason: 'It is a configuration error before any request; dlt takes the word and does nothing.',
      ours: { error: /ingore/, requests: [], tables: {}, columns: {} },
      dlt: { error: null, requests: ['GET /items'], tables: { items: items(1) }, columns },
    },
  },
]

export const actions: ParityGroup = { topic: 'Response actions', cases: [...equal, ...better] }

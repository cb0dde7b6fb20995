import {
  type Connector,
  defineConnector,
  offset,
  type ResourceOptions,
  type Resources,
  type RowSchema,
  replayRejects,
  resource,
  type SyncOptions,
  sync,
  url,
} from '@tributary/core'
import * as v from 'valibot'

/** What is run, killed and run again. */
export interface Scenario {
  /** As it is called in titles and in the table. */
  readonly name: string
  /** What is tested by it. */
  readonly rule: string
  readonly connector: (baseUrl: string) => Connector
  /** Of every run. */
  readonly options?: Partial<SyncOptions>
  /** Rows. */
  readonly checkpoint?: number
  /** Of the run that is killed, instead of a sync like the first one. */
  readonly killed?: 'full-refresh' | 'replay'
  /** Nothing was loaded before. */
  readonly isFirst?: boolean
  /** After the run that was killed was run again, it is run once more, which must add nothing. */
  readonly again?: boolean
}

type Settings = Partial<ResourceOptions<RowSchema, unknown>>

/** Rows, of most runs that are killed. */
export const CHECKPOINT = 40
const listing = { dataSelector: 'data', paginator: offset({ limit: 10 }) }

const connectorOf =
  (resources: Resources) =>
  (baseUrl: string): Connector =>
    defineConnector({ name: 'shop', options: v.object({ baseUrl: url() }), client: (options) => options, resources })({ baseUrl })

const things = (settings: Settings, incremental = false): Scenario['connector'] =>
  connectorOf({
    things: resource({
      primaryKey: 'id',
      ...settings,
      ...(incremental && { cursor: 'at' }),
      endpoint: { path: 'things', ...listing, ...(incremental && { incremental: { startParam: 'since' } }) },
    }),
  })

const merge = { writeDisposition: 'merge' } as const

/** Each way to write rows. Where a run that is over must not be read once more, the API is asked by a cursor. */
export const DISPOSITIONS: readonly Scenario[] = (
  [
    { name: 'append', connector: things({ writeDisposition: 'append' }, true), checkpoint: CHECKPOINT, again: true },
    { name: 'replace', connector: things({ writeDisposition: 'replace' }) },
    { name: 'delete-insert', connector: things(merge, true), checkpoint: CHECKPOINT },
    { name: 'upsert', connector: things({ ...merge, mergeStrategy: 'upsert' }), checkpoint: CHECKPOINT },
    { name: 'insert-only', connector: things({ ...merge, mergeStrategy: 'insert-only' }), checkpoint: CHECKPOINT },
    { name: 'scd2', connector: things({ ...merge, mergeStrategy: 'scd2' }) },
    { name: 'mirror', connector: things({ ...merge, mergeStrategy: 'mirror' }) },
  ] as const
).map((each) => ({ ...each, rule: 'state.kill.dispositions' }))

/** Leaves out posts and comments. */
const strict = { columns: { score: { type: 'bigint' } }, schemaContract: { dataType: 'discard_row' } } as const

/** Posts, their comments, and the likes of these. */
const family = (settings: Settings): Scenario['connector'] => {
  const common = { primaryKey: 'id', ...settings }
  return connectorOf({
    posts: resource({ ...common, cursor: 'at', endpoint: { path: 'posts', ...listing, incremental: { startParam: 'since' } } }),
    comments: resource({ ...common, endpoint: { path: 'posts/{resources.posts.id}/comments', ...listing } }),
    likes: resource({ ...common, endpoint: { path: 'comments/{resources.comments.id}/likes', ...listing } }),
  })
}

/** Once for each destination. */
export const OTHERS: readonly Scenario[] = [
  { name: 'a first run', rule: 'state.kill.first', connector: things(merge), checkpoint: CHECKPOINT, isFirst: true },
  {
    name: 'append without a key',
    rule: 'state.kill.keyless',
    connector: things({ writeDisposition: 'append', primaryKey: [] }, true),
    checkpoint: CHECKPOINT,
    again: true,
  },
  {
    name: 'a full refresh',
    rule: 'state.kill.full-refresh',
    connector: things(merge),
    checkpoint: CHECKPOINT,
    killed: 'full-refresh',
  },
  {
    name: 'dependents, appended',
    rule: 'state.kill.dependents',
    connector: family({ writeDisposition: 'append' }),
    checkpoint: 15,
  },
  {
    name: 'dependents, with rejects',
    rule: 'state.kill.rejects',
    connector: family({ ...merge, ...strict }),
    options: { keepRejects: true },
    checkpoint: 15,
  },
  {
    name: 'rejects, put through again',
    rule: 'state.kill.replay',
    connector: family({ ...merge, ...strict }),
    options: { keepRejects: true },
    checkpoint: 15,
    killed: 'replay',
  },
]

/** Only for files of lines. */
export const COMPRESSED: Scenario = {
  name: 'compressed files',
  rule: 'state.kill.compressed',
  connector: things(merge, true),
  checkpoint: CHECKPOINT,
}

/** Two at once: each of them adds all that there is. */
export const EACH_TIME: Scenario = {
  name: 'append each time',
  rule: 'state.two-runners',
  connector: things({ writeDisposition: 'append' }),
}

export const SCENARIOS: readonly Scenario[] = [...DISPOSITIONS, ...OTHERS, COMPRESSED, EACH_TIME]

export interface Run extends Pick<SyncOptions, 'destination' | 'dataset'> {
  readonly baseUrl: string
  readonly destination: SyncOptions['destination']
  readonly dataset: string
  /** The one that is killed, and the same again; not: the one before it. */
  readonly isSecond: boolean
  /** Commit on the way: of the run that is killed. What a run makes of these rows is the same without. */
  readonly checkpoints: boolean
}

/** Resolves to what went wrong, in any of the resources. */
export async function runScenario(scenario: Scenario, run: Run): Promise<string[]> {
  const { connector, options, checkpoint, killed } = scenario
  const { baseUrl, destination, dataset, isSecond, checkpoints } = run
  const common = { connector: connector(baseUrl), destination, dataset }
  const { resources } =
    isSecond && killed === 'replay'
      ? await replayRejects({ ...common, schemaContract: 'evolve' })
      : await sync({
          ...common,
          ...options,
          ...(checkpoints && checkpoint !== undefined && { checkpoint: { rows: checkpoint } }),
          ...(isSecond && killed === 'full-refresh' && { fullRefresh: true }),
        })
  return Object.values(resources).flatMap(({ error }) => (error === undefined ? [] : [`${error.code}: ${error.message}`]))
}

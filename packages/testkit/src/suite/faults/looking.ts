import type { DatasetReader, JsonValue, LoadRecord, Reject, SchemaVersion } from '@tributary/core'
import { textsIn } from '../../build/texts-of.ts'
import type { Fault, Faults } from './fault.ts'

const versions = (change: (versions: readonly SchemaVersion[]) => SchemaVersion[]): Fault => ({
  look: (reader) => ({ ...reader, schemaVersions: async () => change(await reader.schemaVersions()) }),
})
const rejects = (change: (reject: Reject) => Reject | undefined): Fault => ({
  session: (session) => ({
    ...session,
    reject: (given) => session.reject(given.map(change).filter((reject) => reject !== undefined)),
  }),
})
const loads = (change: (load: LoadRecord) => LoadRecord): Fault => ({
  look: (reader) => ({
    ...reader,
    read: async () => {
      const read = await reader.read()
      return { ...read, loads: read.loads.map(change) }
    },
  }),
})
const rows = (change: (rows: DatasetReader['rows'], table: string) => AsyncIterable<Record<string, unknown>>): Fault => ({
  look: (reader) => ({ ...reader, rows: (table) => change(reader.rows, table) }),
})

async function* none<T>(): AsyncGenerator<T> {}

function rounded(value: JsonValue): JsonValue {
  if (typeof value === 'bigint') return Number(value)
  if (Array.isArray(value)) return value.map(rounded)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, rounded(item)]))
}

/** Of rejects, schema versions, and looking. */
export const lookingFaults: Faults = {
  'loses rejects': {
    noticedBy: 'rejects: are there with the load that left them out, in the order of load and sequence',
    ...rejects(() => undefined),
  },
  'rounds integers of rejects': {
    noticedBy: 'rejects: come back as they were: every part, big integers and hostile text',
    ...rejects((reject) => ({ ...reject, record: rounded(reject.record) })),
  },
  'keeps no column of rejects': {
    noticedBy: 'rejects: come back as they were: every part, big integers and hostile text',
    ...rejects(({ column: _column, ...reject }) => reject),
  },
  'gives rejects in no order': {
    noticedBy: 'rejects: are there with the load that left them out, in the order of load and sequence',
    look: (reader) => ({
      ...reader,
      async *rejects() {
        const all: Reject[] = []
        for await (const reject of reader.rejects()) all.unshift(reject)
        yield* all
      },
    }),
  },
  'gives the rejects of all resources for those of one': {
    noticedBy: 'rejects: replace takes those of its resource away, and no others',
    destination: (destination) => ({
      ...destination,
      open: async (name) => ({ ...(await destination.open(name)), rejects: () => rejectsOf(destination.inspect(name)) }),
    }),
  },
  'keeps rejects of what is replaced': {
    noticedBy: 'rejects: a full refresh takes those of its resource away, and no others',
    plan: (plan) => (plan.disposition === 'replace' ? { ...plan, disposition: 'append' } : plan),
  },
  'keeps no versions of schemas': {
    noticedBy: 'schema versions: the tables of a first load share the first version',
    ...versions(() => []),
  },
  'has a version for each table': {
    noticedBy: 'schema versions: the tables of a first load share the first version',
    ...versions((all) => all.map((version, index) => ({ ...version, version: index + 1 }))),
  },
  'has a version for each load': {
    noticedBy: 'schema versions: a load that changes no schema adds none',
    ...loads((load) => ({ ...load, schemaVersion: load.loadId })),
  },
  'forgets that a table was dropped': {
    noticedBy: 'schema versions: a table that a full refresh drops has a version without a schema',
    ...versions((all) => all.filter(({ schema }) => schema !== undefined)),
  },
  'keeps only the last version of a schema': {
    noticedBy: 'schema versions: each change of a load is in one version more, whatever the resource',
    ...versions((all) =>
      all.filter(({ table, version }) => !all.some((other) => other.table === table && other.version > version)),
    ),
  },
  'gives no rows': { noticedBy: 'append: keeps the rows that are there', ...rows(() => none()) },
  'takes a table that there is not for an empty one': {
    noticedBy: 'looking: a table that there is not is an error that says so',
    ...rows(async function* (read, table) {
      try {
        yield* read(table)
      } catch {}
    }),
  },
  'reads binary as bytes': {
    noticedBy: 'looking: values have the forms that are told of',
    ...rows(async function* (read, table) {
      for await (const row of read(table))
        yield { ...row, ...(row.binary !== undefined && { binary: Buffer.from(String(row.binary), 'base64') }) }
    }),
  },
  'names no datasets': {
    noticedBy: 'looking: datasets are those that were loaded to, in order',
    destination: (destination) => ({ ...destination, datasets: async () => [] }),
  },
  'names datasets that were opened': {
    noticedBy: 'looking: datasets are those that were loaded to, in order',
    destination(destination) {
      const opened = new Set<string>()
      return {
        ...destination,
        open: async (name) => {
          opened.add(name)
          return destination.open(name)
        },
        datasets: async () => [...opened].sort(),
      }
    },
  },
  'makes a dataset where it only looks': {
    noticedBy: 'looking: where nothing was loaded there is nothing, and looking makes nothing',
    destination(destination) {
      const looked = new Set<string>()
      return {
        ...destination,
        inspect: async (name) => {
          looked.add(name)
          return destination.inspect(name)
        },
        datasets: async () => [...new Set([...(await destination.datasets()), ...looked])],
      }
    },
  },
  'makes one dataset of all': {
    noticedBy: 'looking: datasets can have any name',
    destination: (destination) => ({
      ...destination,
      open: () => destination.open('one'),
      inspect: () => destination.inspect('one'),
    }),
  },
  'shows what is staged': {
    noticedBy: 'looking: while a writer has it open, shows what was last committed or says that it is in use',
    destination(destination) {
      const staged: string[] = []
      return {
        ...destination,
        open: async (name) => {
          const dataset = await destination.open(name)
          return {
            ...dataset,
            begin: async (plan) => {
              const session = await dataset.begin(plan)
              const write: typeof session.write = async (batch) => {
                staged.push(...textsIn(batch.ids, batch.rowCount))
                await session.write(batch)
              }
              return { ...session, write }
            },
          }
        },
        inspect: async (name) => ({
          ...(await destination.inspect(name)),
          async *rows() {
            for (const id of staged) yield { id: Number(id.split('.')[0]), _sync_id: id }
          },
        }),
      }
    },
  },
}

async function* rejectsOf(opening: Promise<DatasetReader>): AsyncGenerator<Reject> {
  yield* (await opening).rejects()
}

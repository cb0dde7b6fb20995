import type { Command } from './command.ts'

/** The verbs, each in a module that is only read when it is called: starting up stays cheap. */
export const verbs: Readonly<Record<string, { readonly summary: string; readonly load: () => Promise<Command> }>> = {
  sync: {
    summary: 'Load the data of connectors into tables',
    load: async () => (await import('./commands/sync.ts')).command,
  },
  list: {
    summary: 'Connectors and destinations that are installed, and which are ready',
    load: async () => (await import('./commands/list.ts')).command,
  },
  check: {
    summary: 'Make one request: are the options right, and is the data as declared?',
    load: async () => (await import('./commands/check.ts')).command,
  },
  describe: {
    summary: 'Resources, tables, columns and options of a connector',
    load: async () => (await import('./commands/describe.ts')).command,
  },
  query: {
    summary: 'Ask what was loaded, in SQL',
    load: async () => (await import('./commands/query.ts')).command,
  },
  loads: {
    summary: 'What was loaded when',
    load: async () => (await import('./commands/loads.ts')).command,
  },
  state: {
    summary: 'What resources remember from run to run',
    load: async () => (await import('./commands/state.ts')).command,
  },
  schema: {
    summary: 'Tables and columns, and what changed them',
    load: async () => (await import('./commands/schema.ts')).command,
  },
  rejects: {
    summary: 'What contracts left out, and putting it through again',
    load: async () => (await import('./commands/rejects.ts')).command,
  },
  reset: {
    summary: 'Make resources forget their state, or drop their tables',
    load: async () => (await import('./commands/reset.ts')).command,
  },
}

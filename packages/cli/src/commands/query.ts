import { type Command, defineCommand } from '../command.ts'
import { DEFAULT_DATABASE, DEMO_DATABASE, defaultDatabase } from '../destinations.ts'
import { positiveInteger } from '../plan.ts'
import { FORMATS, type QueryRows, renderRows } from '../query-formats.ts'
import { EXIT } from '../shell.ts'
import { plural } from '../text.ts'

/** Enough to look at; a terminal is no place for a million rows. */
const TABLE_ROWS = 100

/** `tributary query`. */
export const command: Command = defineCommand({
  usage: '"<sql>" [flags]',
  about: 'Runs one SQL statement on a DuckDB file, which is opened for reading only. Tables are called <dataset>.<table>.',
  positionals: { least: 1, most: 1, missing: 'query needs an SQL statement in quotes: tributary query "show all tables".' },
  flags: {
    db: {
      type: 'string',
      value: 'file',
      about: `The DuckDB file, or :memory: to ask files alone. Default: ${DEFAULT_DATABASE}, or ${DEMO_DATABASE} where there is only that.`,
    },
    format: { type: 'string', choices: FORMATS, about: 'How rows are printed. Default: table.' },
    limit: { type: 'string', value: 'n', about: `At most so many rows. Default: ${TABLE_ROWS} for table, all for the others.` },
  },
  examples: [
    ['query "show all tables"', 'what there is'],
    ['query "select * from ticketing.ticket_data limit 10"', 'some rows'],
    ['query "from ticketing._sync_loads" --format json', 'for a program'],
    ['query "from ticketing.ticket_data" --format csv > tickets.csv', 'to a file'],
    [`query "from 'data/lake/ticketing/ticket_data/*.parquet'" --db :memory:`, 'Parquet files'],
  ],
  notes: [
    {
      title: 'Formats',
      text: 'table is for people: wide values are cut with …, NULL stands for no value. csv (RFC 4180), json (one list of objects) and jsonl (an object a line) are whole and exact.',
    },
  ],
  async run({ flags: { db, format = 'table', limit: limitText }, positionals }, shell) {
    const limit = positiveInteger('--limit', limitText) ?? (format === 'table' ? TABLE_ROWS : undefined)
    const path = db ?? defaultDatabase(shell.cwd)
    if (db === undefined) shell.stderr.write(`Database: ${path}\n`)
    const { queryDuckDB } = await import('@tributary/destination-duckdb')
    const result = await queryDuckDB(path, positionals[0]!, limit === undefined ? {} : { limit })
    shell.stdout.write(renderRows(result, format, shell.stdout))
    if (result.truncated) shell.stderr.write(cutNotice(result))
    return EXIT.ok
  },
})

const cutNotice = ({ rows }: QueryRows): string =>
  `There are more: these are the first ${plural(rows.length, 'row')}. --limit <n> shows others.\n`

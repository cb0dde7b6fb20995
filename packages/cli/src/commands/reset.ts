import { type Command, defineCommand } from '../command.ts'
import { oneDataset } from '../datasets.ts'
import { chooseDestination } from '../destinations.ts'
import { EXIT } from '../shell.ts'
import { plural, printable } from '../text.ts'
import { FROM_FLAG, JSON_FLAG, ONE_DATASET_FLAG } from './shared.ts'

/** `tributary reset`. */
export const command: Command = defineCommand({
  usage: '<resource>… [flags]',
  about:
    'Makes resources forget their cursors and what a run that was cut off has left: the next run reads everything again. Their rows stay, unless --tables.',
  positionals: {
    least: 1,
    most: Number.POSITIVE_INFINITY,
    missing: 'reset needs the name of a resource: tributary reset <resource>. tributary state shows what each remembers.',
  },
  flags: {
    tables: { type: 'boolean', about: 'Drop their tables too, with all rows.' },
    to: FROM_FLAG,
    dataset: ONE_DATASET_FLAG,
    json: JSON_FLAG,
  },
  examples: [
    ['reset ticket_data', 'the next run reads all tickets again, and merges them'],
    ['reset ticket_data --tables --dataset ticketing', 'as if it had never been loaded'],
  ],
  async run({ flags: { to, dataset: named, tables, json }, positionals }, shell) {
    const spec = await chooseDestination(to, shell)
    const dataset = await oneDataset(spec, named)
    const { resetResources } = await import('@tributary/core')
    const done = await resetResources({ destination: await spec.make(), dataset, resources: positionals, tables })
    if (json) {
      shell.stdout.write(`${JSON.stringify({ dataset, resources: done }, null, 2)}\n`)
      return EXIT.ok
    }
    for (const [name, { forgot, dropped }] of Object.entries(done)) {
      const what = forgot ? 'forgotten' : Object.keys(dropped).length > 0 ? 'dropped' : 'it remembered nothing, and is as it was'
      const gone = Object.entries(dropped).map(([table, rows]) => `${printable(table)} (${plural(rows, 'row')})`)
      const tables = gone.length === 0 ? '' : ` Dropped: ${gone.join(', ')}.`
      shell.stdout.write(`${printable(name)} in ${spec.path}, dataset ${dataset}: ${what}.${tables}\n`)
    }
    shell.stdout.write('The next sync reads everything again.\n')
    return EXIT.ok
  },
})

import { type ConnectorFactory, describeResources, type OptionInfo, type ResourceDescription } from '@tributary/core'
import { type Command, defineCommand } from '../command.ts'
import { loadConnector } from '../connectors.ts'
import { factLines, loadingFacts } from '../loading-facts.ts'
import { EXIT } from '../shell.ts'
import { alignRows } from '../table.ts'
import { printable } from '../text.ts'
import { JSON_FLAG } from './shared.ts'

/** `tributary describe`. */
export const command: Command = defineCommand({
  usage: '<connector> [flags]',
  about:
    "Shows a connector's resources, the tables and columns they make, and its options. Requests nothing and needs no option set.",
  positionals: { least: 1, most: 1, missing: 'describe needs the name of a connector: tributary describe <connector>.' },
  flags: { json: JSON_FLAG },
  examples: [
    ['describe ticketing', 'its resources, columns and options'],
    ['describe ./shop.yaml', 'of a connector as data'],
  ],
  async run({ flags: { json }, positionals }, shell) {
    const { connector } = await loadConnector(positionals[0]!, shell)
    const resources = describeResources(connector)
    shell.stdout.write(
      json ? `${JSON.stringify(asJson(connector, resources), null, 2)}\n` : `${text(connector, resources).join('\n')}\n`,
    )
    return EXIT.ok
  },
})

type Described = ConnectorFactory['connector']

const asJson = ({ name, version, description, optionInfos }: Described, resources: readonly ResourceDescription[]): object => ({
  name,
  version,
  description,
  options: optionInfos.map(({ name: option, variable, required, secret, description: about }) => ({
    name: option,
    variable,
    required,
    secret,
    description: about,
  })),
  resources: resources.map((resource) => ({
    name: resource.name,
    description: resource.description,
    table: resource.table,
    primary_key: resource.primaryKey,
    write_disposition: resource.writeDisposition,
    ...mergeJson(resource),
    schema_contract: contractJson(resource),
    cursor: resource.cursor,
    endpoint: resource.endpoint,
    tables: resource.tables.map(({ name: table, columns }) => ({
      name: table,
      columns: columns.map(({ name: column, type, nullable, description: about }) => ({
        name: column,
        type,
        nullable,
        description: about,
      })),
    })),
  })),
})

/** Keys of a merge are left out where they say nothing. */
const mergeJson = ({ mergeStrategy, mergeKey, dedupSort, hardDelete, skipUnchanged }: ResourceDescription): object => ({
  merge_strategy: mergeStrategy,
  merge_key: mergeKey,
  dedup_sort: dedupSort,
  hard_delete: hardDelete,
  skip_unchanged: skipUnchanged,
})

/** Without `data_type`, inferred columns evolve, and declared types are promises. */
const contractJson = ({ schemaContract: { tables, columns, dataType } }: ResourceDescription): object => ({
  tables,
  columns,
  data_type: dataType,
})

function text({ name, version, description, optionInfos }: Described, resources: readonly ResourceDescription[]): string[] {
  return [
    `${name} ${version}${description === undefined ? '' : `: ${printable(description)}`}`,
    ...resources.flatMap((resource) => ['', ...resourceText(resource)]),
    '',
    optionInfos.length === 0 ? 'It has no options.' : 'Options:',
    ...alignRows(optionInfos.map(optionRow), ['left', 'left', 'left', 'left']),
  ]
}

function resourceText(resource: ResourceDescription): string[] {
  const { name, description, endpoint, table, tables } = resource
  const facts = [
    endpoint === undefined ? 'an endpoint that depends on the options' : `${endpoint.method} ${endpoint.path}`,
    ...loadingFacts(resource),
    ...(table === name ? [] : [`table ${table}`]),
  ]
  return [
    ...factLines(`${name}: `, facts.map(printable)),
    ...(description === undefined ? [] : [`  ${printable(description)}`]),
    ...tables.flatMap(({ name: each, columns }) => [
      ...(each === table ? [] : [`  ${each}:`]),
      ...alignRows(
        columns.map(({ name: column, type, nullable, description: about = '' }) => [
          `${each === table ? '  ' : '    '}${column}`,
          type,
          nullable ? 'nullable' : '',
          printable(about),
        ]),
        ['left', 'left', 'left', 'left'],
      ),
    ]),
    ...(tables.every(({ columns }) => columns.length === 0) ? ['  No column is declared: they are made as the data comes.'] : []),
  ]
}

const optionRow = ({ name, variable, required, secret, description = '' }: OptionInfo): string[] => [
  `  ${name}`,
  variable,
  [required ? 'required' : 'optional', ...(secret ? ['secret'] : [])].join(', '),
  printable(description),
]

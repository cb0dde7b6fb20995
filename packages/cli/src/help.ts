import { createRequire } from 'node:module'
import type { Command } from './command.ts'
import { commandName, type Shell, widthOf } from './shell.ts'
import { wrap } from './text.ts'
import { verbs } from './verbs.ts'

/** Help is written for a terminal of 80 columns and uses up to 100. */
const width = ({ stdout }: Shell): number => Math.min(Math.max(widthOf(stdout, 80), 60), 100)

export function version(): string {
  return (createRequire(import.meta.url)('../package.json') as { version: string }).version
}

/** What `tributary` alone says. */
export function mainHelp(shell: Shell): string {
  const name = commandName(shell)
  const rows = Object.entries(verbs).map(([verb, { summary }]) => [verb, summary] as const)
  return sections([
    'Tributary syncs REST APIs into tables.',
    block('Usage', [`${name} <verb> [flags]`]),
    block('Verbs', columns(rows, width(shell))),
    block(
      'Start here',
      columns(
        [
          [`${name} sync ticketing`, 'no API configured: uses the embedded demo API, into data/demo.duckdb'],
          [`${name} query "show all tables"`, 'look at what was loaded'],
          [`${name} <verb> --help`, 'what a verb does, its flags, examples'],
        ],
        width(shell),
      ),
    ),
    block(
      'Flags',
      columns(
        [
          ['--help, -h', 'this text'],
          ['--version', 'the version of Tributary'],
        ],
        width(shell),
      ),
    ),
    block('Exit codes', ['0 done · 1 something failed · 2 wrong usage or configuration · 130 interrupted']),
  ])
}

/** What `tributary <verb> --help` says. */
export function verbHelp(verb: string, command: Command, shell: Shell): string {
  const name = commandName(shell)
  const all = width(shell)
  const flags = Object.entries(command.flags).map(([flag, { value, about, choices, multiple }]) => {
    const takes = choices === undefined ? value : choices.join('|')
    return [`--${flag}${takes === undefined ? '' : ` ${takes}`}`, `${about}${multiple === true ? ' Repeatable.' : ''}`] as const
  })
  const examples = command.examples.map(([line, does]) => [`${name} ${line}`, does] as const)
  return sections([
    wrap(command.about, all).join('\n'),
    block('Usage', [`${name} ${verb} ${command.usage}`]),
    block('Flags', columns([...flags, ['--help, -h', 'This text.']], all)),
    block('Examples', columns(examples, all)),
    ...(command.notes ?? []).map(({ title, text }) => block(title, wrap(text, all - 2))),
  ])
}

const sections = (parts: readonly string[]): string => `${parts.join('\n\n')}\n`
const block = (title: string, lines: readonly string[]): string => [`${title}:`, ...lines.map((line) => `  ${line}`)].join('\n')

/** Two columns; a left side that is too long has the line to itself. */
function columns(rows: readonly (readonly [left: string, right: string])[], total: number): string[] {
  const left = Math.min(Math.max(...rows.map(([text]) => text.length)), 34)
  return rows.flatMap(([name, text]) => {
    const lines = wrap(text, total - left - 6)
    const rest = (name.length > left ? lines : lines.slice(1)).map((line) => `${' '.repeat(left + 2)}${line}`)
    return name.length > left ? [name, ...rest] : [`${name.padEnd(left)}  ${lines[0]}`, ...rest]
  })
}

import type { Command } from './command.ts'
import { type FlagProblem, readFlags } from './flags.ts'
import { EXIT, type Shell } from './shell.ts'
import { verbs } from './verbs.ts'

/** Runs a command line and answers its exit code. Never throws: an error is a message on stderr and a code. */
export async function main(rawArgs: readonly string[], shell: Shell): Promise<number> {
  const [first, ...rest] = rawArgs
  let command: Command | undefined
  try {
    if (first === undefined || first === '--help' || first === '-h') return await printHelp(undefined, shell)
    if (first === '--version') return await printVersion(shell)
    if (first === 'help') return await printHelp(rest[0], shell)
    command = await findVerb(first)
    if (asksForHelp(rest)) return await printHelp(first, shell)
    return await runVerb(first, command, rest, shell)
  } catch (error) {
    return await reportFailure(error, command, rest, shell)
  }
}

async function findVerb(name: string): Promise<Command> {
  if (Object.hasOwn(verbs, name)) return await verbs[name]!.load()
  const { unknownName, usageError } = await import('./errors.ts')
  if (!name.startsWith('-')) throw unknownName('verb', name, Object.keys(verbs), 'USAGE', 'See tributary --help.')
  if (['--help', '--version'].includes(name)) throw usageError(`${name} takes no value.`)
  throw unknownName('flag', name.split('=', 1)[0]!, ['--help', '--version'], 'USAGE', 'Other flags come after a verb.')
}

async function runVerb(verb: string, command: Command, rawArgs: readonly string[], shell: Shell): Promise<number> {
  const read = readFlags(command.flags, rawArgs)
  if ('problem' in read) throw await flagError(verb, command, read.problem)
  const { least, most, missing } = command.positionals
  const given = read.input.positionals.length
  if (given >= least && given <= most) return await command.run(read.input, shell)
  const { usageError } = await import('./errors.ts')
  throw usageError(
    given < least && missing !== undefined
      ? missing
      : `${verb} takes ${most === 0 ? 'no names, only flags' : `at most ${most}`}, but there are ${given}: see tributary ${verb} --help.`,
  )
}

async function flagError(verb: string, { flags }: Command, problem: FlagProblem): Promise<Error> {
  const { unknownName, usageError } = await import('./errors.ts')
  const see = `See tributary ${verb} --help.`
  if (problem.kind === 'wrong') return usageError(problem.message)
  if (problem.kind === 'choice') return unknownName(`--${problem.flag}`, problem.found, problem.choices)
  return unknownName(
    'flag',
    problem.flag,
    [...Object.keys(flags), 'help'].map((name) => `--${name}`),
    'USAGE',
    see,
  )
}

const asksForHelp = (rawArgs: readonly string[]): boolean => {
  const end = rawArgs.indexOf('--')
  return (end === -1 ? rawArgs : rawArgs.slice(0, end)).some((text) => text === '--help' || text === '-h')
}

async function printHelp(verb: string | undefined, shell: Shell): Promise<number> {
  const { mainHelp, verbHelp } = await import('./help.ts')
  shell.stdout.write(verb === undefined ? mainHelp(shell) : verbHelp(verb, await findVerb(verb), shell))
  return EXIT.ok
}

async function printVersion(shell: Shell): Promise<number> {
  const { version } = await import('./help.ts')
  shell.stdout.write(`${version()}\n`)
  return EXIT.ok
}

async function reportFailure(
  error: unknown,
  command: Command | undefined,
  rawArgs: readonly string[],
  shell: Shell,
): Promise<number> {
  const [{ toTributaryError }, { exitCodeOf, nextStep }, { printableLines }] = await Promise.all([
    import('@tributary/core'),
    import('./errors.ts'),
    import('./text.ts'),
  ])
  const failure = toTributaryError(error)
  const { code, message, recovery } = failure
  const isUsage = code === 'USAGE'
  shell.stderr.write(`Error: ${printableLines(message)}\n${isUsage ? '' : `${nextStep(recovery)}\n`}`)
  if (rawArgs.includes('--json') && command !== undefined && Object.hasOwn(command.flags, 'json')) {
    const json = command.failure?.({ code, message, recovery }) ?? { status: 'failed', error: { code, message, recovery } }
    shell.stdout.write(`${JSON.stringify(json, null, 2)}\n`)
  }
  return exitCodeOf(failure)
}

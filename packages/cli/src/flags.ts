import { type ParseArgsConfig, parseArgs } from 'node:util'

/** One flag of a verb. */
export interface Flag {
  readonly type: 'string' | 'boolean'
  readonly about: string
  /** What a value looks like in the help: `<file>`. */
  readonly value?: string
  readonly choices?: readonly string[]
  /** May be given several times. */
  readonly multiple?: true
}

export type Flags = Readonly<Record<string, Flag>>

type FlagValue<TFlag extends Flag> = TFlag extends { type: 'boolean' }
  ? boolean
  : TFlag extends { multiple: true }
    ? readonly string[]
    : TFlag extends { choices: readonly (infer TChoice)[] }
      ? TChoice | undefined
      : string | undefined

/** What a verb was given. */
export interface Input<TFlags extends Flags = Flags> {
  readonly flags: { readonly [Name in keyof TFlags]: FlagValue<TFlags[Name]> }
  readonly positionals: readonly string[]
}

/** What is wrong with a command line. Texts never repeat a flag's value: it may be a secret. */
export type FlagProblem =
  | { readonly kind: 'unknown'; readonly flag: string }
  | { readonly kind: 'choice'; readonly flag: string; readonly found: string; readonly choices: readonly string[] }
  | { readonly kind: 'wrong'; readonly message: string }

/**
 * Reads a command line strictly: a flag that is not declared, lacks its value or is given twice is a problem, never
 * ignored. Tokenising is Node's own; short flags do not exist but for `-h`, which is dealt with before.
 */
export function readFlags<TFlags extends Flags>(
  flags: TFlags,
  rawArgs: readonly string[],
): { readonly input: Input<TFlags> } | { readonly problem: FlagProblem } {
  const { tokens } = parseArgs({
    args: [...rawArgs],
    options: nodeOptions(flags),
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  const values = emptyValues(flags)
  const positionals: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value)
    if (token.kind !== 'option') continue
    const flag = Object.hasOwn(flags, token.name) && token.rawName.startsWith('--') ? flags[token.name] : undefined
    const problem = flag === undefined ? { kind: 'unknown' as const, flag: token.rawName } : flagProblem(flag, token, values)
    if (problem !== undefined) return { problem }
    const value = token.value ?? true
    if (flag?.multiple === true) (values[token.name] as unknown[]).push(value)
    else values[token.name] = value
  }
  return { input: { flags: values as Input<TFlags>['flags'], positionals } }
}

function flagProblem(
  { type, value: looksLike = '<value>', choices, multiple }: Flag,
  { name, value, inlineValue }: { name: string; value: string | undefined; inlineValue: boolean | undefined },
  values: Readonly<Record<string, unknown>>,
): FlagProblem | undefined {
  const wrong = (message: string): FlagProblem => ({ kind: 'wrong', message })
  if (type === 'boolean') return value === undefined ? undefined : wrong(`--${name} takes no value.`)
  const isNextFlag = inlineValue === false && value?.startsWith('-') === true && value !== '-'
  if (value === undefined || value === '' || isNextFlag)
    return wrong(
      `--${name} needs a value: --${name} ${looksLike}${isNextFlag ? `, or --${name}=… for one that starts with -` : ''}.`,
    )
  if (multiple !== true && values[name] !== undefined) return wrong(`--${name} is given twice.`)
  return choices === undefined || choices.includes(value) ? undefined : { kind: 'choice', flag: name, found: value, choices }
}

function emptyValues(flags: Flags): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const [name, { type, multiple }] of Object.entries(flags))
    values[name] = type === 'boolean' ? false : multiple === true ? [] : undefined
  return values
}

function nodeOptions(flags: Flags): NonNullable<ParseArgsConfig['options']> {
  return Object.fromEntries(
    Object.entries(flags).map(([name, { type, multiple }]) => [name, { type, multiple: multiple === true }]),
  )
}

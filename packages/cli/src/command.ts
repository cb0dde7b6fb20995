import type { Flags, Input } from './flags.ts'
import type { Shell } from './shell.ts'

/** A verb of the command line: what it takes, how it is explained, and what it does. */
export interface Command<TFlags extends Flags = Flags> {
  /** What follows the verb, such as `<connector>… [flags]`. */
  readonly usage: string
  /** What the verb does, in a few sentences. */
  readonly about: string
  /** How many names it takes, and what to say where there are fewer. */
  readonly positionals: { readonly least: number; readonly most: number; readonly missing?: string }
  readonly flags: TFlags
  /** Command lines without the binary's name, and what they do. */
  readonly examples: readonly (readonly [line: string, does: string])[]
  /** More paragraphs for its help, each under a title. */
  readonly notes?: readonly { readonly title: string; readonly text: string }[]
  /** Does it, and answers the exit code. */
  run(input: Input<TFlags>, shell: Shell): Promise<number>
  /** The JSON object that stands for an error, for verbs with a format of their own. */
  failure?(error: Failure): object
}

/** An error as `--json` shows it. */
export interface Failure {
  readonly code: string
  readonly message: string
  readonly recovery: string
}

/** Types `run` by the flags of the command. */
export const defineCommand = <const TFlags extends Flags>(command: Command<TFlags>): Command<TFlags> => command

/** Where a command reads and writes. Handed in rather than taken from `process`, so that a test can stand in for it. */
export interface Shell {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** The result, and nothing else. */
  readonly stdout: Output
  /** Progress, messages and errors. */
  readonly stderr: Output
}

export interface Output {
  write(text: string): unknown
  readonly isTTY?: boolean
  /** Width of the terminal in characters. */
  readonly columns?: number
}

/** Columns of a terminal; `otherwise` where it is none, or does not tell. */
export const widthOf = ({ columns = 0 }: Output, otherwise: number): number => (columns > 0 ? columns : otherwise)

/** Exit codes of the command. */
export const EXIT: {
  readonly ok: 0
  /** A resource failed, or something that was asked for could not be done. */
  readonly failed: 1
  /** A usage or configuration error: nothing was requested. */
  readonly usage: 2
  readonly interrupted: 130
} = { ok: 0, failed: 1, usage: 2, interrupted: 130 }

/** Whether colours are wanted: https://no-color.org. */
export function wantsColor(output: Output, env: Shell['env']): boolean {
  return output.isTTY === true && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb'
}

type PackageManager = 'pnpm' | 'npm' | 'yarn' | 'bun'

function packageManager({ env }: Pick<Shell, 'env'>): PackageManager | undefined {
  const agent = /^(pnpm|npm|yarn|bun)\//.exec(env.npm_config_user_agent ?? '')?.[1]
  return (agent ?? /\b(pnpm)\b/.exec(env.npm_execpath ?? '')?.[1]) as PackageManager | undefined
}

/** How this command is called where it was started: `pnpm tributary`, or just `tributary`. */
export function commandName(shell: Pick<Shell, 'env'>): string {
  const manager = packageManager(shell)
  return manager === undefined ? 'tributary' : manager === 'npm' ? 'npx tributary' : `${manager} tributary`
}

/** How a package is added to the project: `pnpm add`. */
export function addCommand(shell: Pick<Shell, 'env'>): string {
  const manager = packageManager(shell) ?? 'npm'
  return `${manager} ${manager === 'npm' ? 'install' : 'add'}`
}

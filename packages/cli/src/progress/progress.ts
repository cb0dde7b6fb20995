import type { SyncEventListener } from '@tributary/core'
import type { Shell } from '../shell.ts'

/** Shows on stderr what a run is doing. */
export interface Progress {
  readonly onEvent: SyncEventListener
  /** Prints a line of text, above whatever is being shown. */
  say(text: string): void
  /** Takes away what is half drawn, until the next event: others are about to write. */
  pause(): void
  /** Called once, when the run is over. */
  stop(): void
}

export const PROGRESS_MODES = ['auto', 'bar', 'log', 'none'] as const
export type ProgressMode = (typeof PROGRESS_MODES)[number]

/** `auto` is a bar on a terminal and lines of a log elsewhere. */
export async function createProgress(mode: ProgressMode, shell: Shell): Promise<Progress> {
  const isTerminal = shell.stderr.isTTY === true && shell.env.TERM !== 'dumb'
  const chosen = mode === 'auto' ? (isTerminal ? 'bar' : 'log') : mode
  if (chosen === 'bar') return (await import('./bar.ts')).barProgress(shell)
  if (chosen === 'log') return (await import('./log.ts')).logProgress(shell.stderr)
  return { onEvent: () => {}, say: (text) => shell.stderr.write(`${text}\n`), pause: () => {}, stop: () => {} }
}

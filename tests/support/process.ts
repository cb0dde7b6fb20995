import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { temporaryFolder } from './places.ts'

const ROOT = join(import.meta.dirname, '../..')
const TYPESCRIPT = ['--import', join(ROOT, 'node_modules/tsx/dist/loader.mjs')]
const FROM_SOURCE = ['--conditions=@tributary/source', ...TYPESCRIPT]
/** The packages were built just now: the command is started as its users start it, in half the time. */
const IS_BUILT = process.env.TRIBUTARY_TEST_BUILT === '1'

/** A folder with a project in it that has the connectors installed; it is gone when the test is over. */
export function project(): string {
  const folder = temporaryFolder()
  const scope = join(folder, 'node_modules/@tributary')
  mkdirSync(scope, { recursive: true })
  const names = readdirSync(join(ROOT, 'connectors'))
  for (const name of names) symlinkSync(join(ROOT, 'connectors', name), join(scope, `connector-${name}`))
  const dependencies = Object.fromEntries(names.map((name) => [`@tributary/connector-${name}`, '*']))
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }))
  return folder
}

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  /** Resolves when stderr has shown `text`. */
  shown(text: string | RegExp): Promise<void>
}

export interface ProcessOptions {
  cwd: string
  /** Instead of the surroundings' own variables, but for what a process needs to run. */
  env?: Readonly<Record<string, string>>
  /** Largest size of a file that the process may write, in KiB. */
  fileLimit?: number
}

/** Starts the `tributary` command, in a process of its own: from source, or as it was built. */
export function startTributary(args: readonly string[], options: ProcessOptions): Running {
  if (!IS_BUILT) return start([join(ROOT, 'packages/cli/src/bin.ts'), ...args], options)
  const readsTypeScript = args.some((argument) => argument.endsWith('.ts'))
  return startNode([...(readsTypeScript ? TYPESCRIPT : []), join(ROOT, 'packages/cli/dist/bin.js'), ...args], options)
}

export const tributary = (args: readonly string[], options: ProcessOptions): Promise<Ended> => startTributary(args, options).ended

/** Starts a module from source, in a process of its own. */
export const start = (args: readonly string[], options: ProcessOptions): Running => startNode([...FROM_SOURCE, ...args], options)

function startNode(args: readonly string[], { cwd, env = {}, fileLimit }: ProcessOptions): Running {
  const { PATH, HOME, TMPDIR } = process.env
  const base = Object.fromEntries(Object.entries({ PATH, HOME, TMPDIR }).filter(([, value]) => value !== undefined))
  const command = [process.execPath, ...args]
  // A write beyond the limit is then an error, and no signal.
  const limited = ['bash', '-c', `trap '' XFSZ; ulimit -f ${fileLimit}; exec "$@"`, 'limited', ...command]
  const [program, ...rest] = fileLimit === undefined ? command : limited
  const child = spawn(program!, rest, {
    cwd,
    env: { ...base, ...env } as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let stdout = ''
  let stderr = ''
  const watchers = new Set<() => void>()
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
    for (const watch of watchers) watch()
  })
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }))
  })
  const shown = (wanted: string | RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      const watch = (): void => {
        if (typeof wanted === 'string' ? stderr.includes(wanted) : wanted.test(stderr)) resolve()
      }
      watchers.add(watch)
      watch()
      void ended.then(() => reject(new Error(`ended without showing ${String(wanted)}:\n${stderr}`)))
    })
  return { child, ended, shown }
}

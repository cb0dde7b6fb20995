import { type ChildProcess, spawn } from 'node:child_process'
import type { Figures } from './figures.ts'

/** Runs a process to its end: what it says of itself as JSON, and the time that it took as a whole. */
export async function measure<TSaid extends object = Omit<Figures, 'seconds'>>(
  command: string,
  args: readonly string[],
): Promise<TSaid & { readonly seconds: number }> {
  const started = performance.now()
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.on('data', (chunk) => {
    text += chunk
  })
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve))
  const seconds = (performance.now() - started) / 1000
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}`)
  return { ...(JSON.parse(text.trim().split('\n').at(-1)!) as TSaid), seconds }
}

export interface Server {
  readonly url: string
  stop(): void
}

/** Starts one of the servers of this folder, in a process of its own. */
export async function startServer(program: string, ...args: readonly (string | number)[]): Promise<Server> {
  const file = new URL(program, import.meta.url).pathname
  const child = spawn(process.execPath, ['--import', 'tsx', file, ...args.map(String)], { stdio: ['pipe', 'pipe', 'inherit'] })
  const port = (await firstLine(child)).trim()
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () => {
      child.stdin.end()
      child.kill()
    },
  }
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    child.stdout?.on('data', (chunk) => {
      text += chunk
      if (text.includes('\n')) resolve(text)
    })
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)))
  })
}

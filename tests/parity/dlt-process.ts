import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

interface DltRequest {
  readonly pipeline: string
  readonly folder: string
  readonly config: unknown
}

/** One Python that has dlt loaded, for all cases. */
export interface DltProcess {
  /** Runs a pipeline to its end. Answers the text of its error, or `null`. One at a time. */
  run(request: DltRequest): Promise<string | null>
  close(): Promise<void>
}

/** Variables of the surroundings that Python needs; none of them can configure dlt. */
const KEPT = ['PATH', 'HOME', 'TMPDIR', 'LANG'] as const

export function startDlt(python: string, home: string): DltProcess {
  const surroundings = Object.fromEntries(
    KEPT.map((name) => [name, process.env[name]]).filter(([, value]) => value !== undefined),
  )
  const child = spawn(python, [join(import.meta.dirname, 'dlt_runner.py')], {
    cwd: home,
    // A home of its own: neither settings nor secrets of the user play a part.
    env: { ...surroundings, DLT_DATA_DIR: join(home, '.dlt'), DLT_PROJECT_DIR: home, NO_PROXY: '*', PYTHONUNBUFFERED: '1' },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const ended = once(child, 'close')
  let complaints = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints = (complaints + text).slice(-4000)
  })
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    async run(request) {
      child.stdin.write(`${JSON.stringify(request)}\n`)
      const { value, done } = await answers.next()
      if (done === true) throw new Error(`The process that runs dlt has ended:\n${complaints}`)
      return (JSON.parse(value) as { error: string | null }).error
    },
    async close() {
      child.stdin.end()
      await ended
    },
  }
}

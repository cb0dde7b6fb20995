import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Order } from '../support/sync-until-killed.ts'
import { STEPS, type Step } from './steps.ts'

/**
 * When the process is killed: where it stands still at a step, or so many milliseconds after it came there; or at a share of the
 * time that it takes from its beginning to its end.
 */
export type Moment = AtStep | { readonly share: number }

interface AtStep {
  readonly step: Step
  /** How often it must have come there, from 1. */
  readonly nth: number
  readonly after?: number
}

interface Passed {
  readonly step: Step
  /** Milliseconds since it began. */
  readonly at: number
}

export interface Ended {
  /** False: it was over before. */
  readonly wasKilled: boolean
  readonly inCommit: boolean
  readonly passed: readonly Passed[]
  /** From its beginning to its end, in milliseconds. */
  readonly took: number
  readonly pid: number
  /** What went wrong; undefined where it did not come to its end. */
  readonly errors: readonly string[] | undefined
}

export interface SecondProcess {
  readonly pid: number
  /** Resolves when all code is read in, and it waits. */
  readonly ready: Promise<void>
  /** Lets it begin. `took`: milliseconds, for shares of them. Without a moment, it is left alone. */
  run(moment?: Moment, took?: number): Promise<Ended>
}

const isStep = (line: string): line is Step => (STEPS as readonly string[]).includes(line)

/** `moment` must be given here where it stands still at a step. */
export function startSecond(program: string, order: Order, moment?: Moment): SecondProcess {
  const stopAt = moment !== undefined && 'step' in moment && moment.after === undefined ? moment : undefined
  const child = spawn(process.execPath, [program, JSON.stringify({ ...order, stopAt })], { stdio: ['pipe', 'pipe', 'pipe'] })
  const closed = new Promise<NodeJS.Signals | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (_, signal) => resolve(signal))
  })
  let began = 0
  let errors: string[] | undefined
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  child.stdin.on('error', () => {})
  const passed: Passed[] = []
  const heard = new Map<string, () => void>()
  let onLine = (_: string): void => {}
  const ready = new Promise<void>((resolve) => heard.set('ready', resolve))
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (isStep(line)) passed.push({ step: line, at: performance.now() - began })
    else if (line.startsWith('result ')) errors = JSON.parse(line.slice('result '.length)) as string[]
    heard.get(line)?.()
    onLine(line)
  })
  const count = (step: Step): number => passed.filter((each) => each.step === step).length
  const over = closed.then(() => {})
  const kill = (): void => void child.kill('SIGKILL')

  const dieAt = async (at: Moment, took: number): Promise<void> => {
    if ('share' in at) {
      await Promise.race([sleep(at.share * took), over])
      return kill()
    }
    const { step, nth, after } = at
    await new Promise<void>((resolve) => {
      onLine = (line) => {
        if (after === undefined ? line === 'stopped' : line === step && count(step) === nth) resolve()
      }
      void over.then(resolve)
    })
    if (after !== undefined) await Promise.race([sleep(after), over])
    kill()
  }

  return {
    pid: child.pid!,
    ready: Promise.race([
      ready,
      over.then(() => {
        throw new Error(`The second process ended before it began:\n${stderr}`)
      }),
    ]),
    async run(at, took = 0) {
      began = performance.now()
      child.stdin.write('go\n')
      if (at !== undefined) await dieAt(at, took)
      const signal = await closed
      if (signal !== 'SIGKILL' && errors === undefined) throw new Error(`The second process failed:\n${stderr}`)
      return {
        wasKilled: signal === 'SIGKILL',
        inCommit: signal === 'SIGKILL' && count('committing') > count('committed'),
        passed,
        took: performance.now() - began,
        pid: child.pid!,
        errors,
      }
    },
  }
}

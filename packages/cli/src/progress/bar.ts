import { type Shell, wantsColor, widthOf } from '../shell.ts'
import { count, displayWidth, plural, truncate } from '../text.ts'
import { retryText } from './log.ts'
import type { Progress } from './progress.ts'
import { type ResourceTally, rowRate, tallyResources } from './tally.ts'

const FRAMES = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'
const FRAME_MILLISECONDS = 100
const BAR_WIDTH = 20
const CLEAR_LINE = '\r\u001b[K'
/** A retry is told for this long after it was announced. */
const NOTE_MILLISECONDS = 3000

/** One line of a terminal that is drawn again and again. */
export function barProgress({ stderr, env }: Pick<Shell, 'stderr' | 'env'>): Progress {
  const tally = tallyResources()
  const color = wantsColor(stderr, env)
  let note = { text: '', until: 0 }
  let isDrawn = false
  const clear = (): void => {
    if (isDrawn) stderr.write(CLEAR_LINE)
    isDrawn = false
  }
  const draw = (): void => {
    const now = performance.now()
    const active = [...tally.resources.values()].filter(({ finished }) => !finished)
    if (active.length === 0) return
    const frame = FRAMES[Math.floor(now / FRAME_MILLISECONDS) % FRAMES.length]!
    // The last column stays free: some terminals break the line when it is written to.
    const line = barLine(active, now < note.until ? note.text : '', widthOf(stderr, 80) - 3, now)
    isDrawn = true
    stderr.write(`${CLEAR_LINE}${color ? `\u001b[36m${frame}\u001b[39m` : frame} ${line}`)
  }
  const timer = setInterval(draw, FRAME_MILLISECONDS).unref()
  return {
    onEvent: (event) => {
      const now = performance.now()
      tally.add(event, now)
      if (event.type === 'retry') note = { text: retryText(event), until: now + Math.max(event.delay, NOTE_MILLISECONDS) }
    },
    say: (text) => {
      stderr.write(`${CLEAR_LINE}${text}\n`)
      draw()
    },
    pause: clear,
    stop: () => {
      clearInterval(timer)
      clear()
    },
  }
}

/** The text of the line: parts are left out, least needed first, until it fits `width`. */
export function barLine(active: readonly ResourceTally[], note: string, width: number, now: number): string {
  const sum = {
    rows: active.reduce((rows, resource) => rows + resource.rows, 0),
    pages: active.reduce((pages, resource) => pages + resource.pages, 0),
    startedAt: Math.min(...active.map(({ startedAt }) => startedAt)),
  }
  const total = active.some((resource) => resource.total === undefined)
    ? undefined
    : active.reduce((totals, resource) => totals + resource.total!, 0)
  const share = total === undefined || total === 0 ? undefined : Math.min(1, sum.rows / total)
  const name = active.length === 1 ? active[0]!.name : `${active.length} resources`
  // In the order they are shown; the number is what goes first when space is short.
  const parts: [text: string, rank: number][] = [
    [name, 0],
    ...(share === undefined ? [] : [[bar(share), 5] as [string, number], [`${Math.floor(share * 100)}%`, 1] as [string, number]]),
    [total === undefined ? plural(sum.rows, 'row') : `${count(sum.rows)} of ${count(total)} rows`, 2],
    [`${count(rowRate(sum, now))} rows/s`, 3],
    [plural(sum.pages, 'page'), 4],
    ...(note === '' ? [] : [[note, 1.5] as [string, number]]),
  ]
  for (let worst = 6; worst > 0; worst -= 0.5) {
    const line = parts
      .filter(([, rank]) => rank <= worst)
      .map(([text]) => text)
      .join('  ')
    if (displayWidth(line) <= width) return line
  }
  return truncate(name, width)
}

function bar(share: number): string {
  const full = Math.round(share * BAR_WIDTH)
  return '█'.repeat(full) + '░'.repeat(BAR_WIDTH - full)
}

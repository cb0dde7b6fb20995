import { TributaryError } from '../errors.ts'
import type { JsonValue } from './request.ts'

/** What a response action is told of a response. */
export interface ActionResponse {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** The body as text. */
  readonly text: string
  /** The body parsed, or `undefined` where it is not JSON. */
  readonly body: JsonValue | undefined
}

/**
 * `ignore`: the page is empty and ends its listing; what came before it stays. `retry`: like a status worth another try.
 * `fail`: at once, whatever the retry policy says. `continue`: as if there were no action.
 */
export type ActionOutcome = 'ignore' | 'retry' | 'fail' | 'continue'

/** A rule for responses that mean something else than their status says. The first one that matches counts. */
export interface ResponseAction {
  /** `404`, `'404'`, or a class such as `'4xx'`. */
  statusCode?: number | string
  /** Text that the body holds. With `statusCode`, both must hold. */
  content?: string
  action: 'ignore' | 'retry' | 'fail' | ((response: ActionResponse) => ActionOutcome | Promise<ActionOutcome>)
}

const ACTIONS = ['ignore', 'retry', 'fail']
const KEYS = ['statusCode', 'content', 'action']

/**
 * Throws `RESPONSE_ACTION_INVALID` for an action that could not be meant, before any request. `where` begins the message:
 * `The resource crm.contacts`.
 */
export function checkResponseActions(actions: readonly ResponseAction[], where: string): void {
  if (!Array.isArray(actions)) throw invalid(`${where}: responseActions is a list, but is ${found(actions)}.`)
  for (const [index, action] of actions.entries()) checkAction(action, `${where}: responseActions[${index}]`)
}

function checkAction(given: unknown, where: string): void {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw invalid(`${where} is an object with ${KEYS.join(', ')}, but is ${found(given)}.`)
  const unknown = Object.keys(given).find((key) => !KEYS.includes(key))
  if (unknown !== undefined) throw invalid(`${where} has no ${JSON.stringify(unknown)}; there are ${KEYS.join(', ')}.`)
  const { statusCode, content, action } = given as Record<string, unknown>
  if (statusCode === undefined && content === undefined)
    throw invalid(`${where} says nothing of the responses that it is for: give it a statusCode, a content, or both.`)
  if (statusCode !== undefined && !isStatus(statusCode))
    throw invalid(`${where}.statusCode is a status such as 404, or a class such as '4xx', but is ${found(statusCode)}.`)
  if (content !== undefined && (typeof content !== 'string' || content === ''))
    throw invalid(`${where}.content is a text that the body holds, but is ${found(content)}.`)
  if (typeof action !== 'function' && !ACTIONS.includes(action as string))
    throw invalid(`${where}.action is ${ACTIONS.join(', ')} or a function, but is ${found(action)}.`)
}

const isStatus = (status: unknown): boolean =>
  typeof status === 'number'
    ? Number.isInteger(status) && status >= 100 && status <= 599
    : typeof status === 'string' && /^[1-5](?:\d\d|xx)$/i.test(status)

const found = (value: unknown): string => (value === undefined ? 'missing' : (JSON.stringify(value) ?? typeof value).slice(0, 80))

const invalid = (message: string): TributaryError =>
  new TributaryError({ code: 'RESPONSE_ACTION_INVALID', recovery: 'fix-config', message })

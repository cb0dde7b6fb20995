import { isTributaryError, toTributaryError } from '../errors.ts'
import { type Body, textOf } from './body.ts'
import { requestError } from './http-errors.ts'
import { parseJson } from './json.ts'
import type { JsonValue } from './request.ts'
import type { ActionOutcome, ActionResponse, ResponseAction } from './response-action.ts'
import type { Sending } from './sending.ts'

const OUTCOMES: readonly unknown[] = ['ignore', 'retry', 'fail', 'continue']

export interface Decision {
  readonly outcome: ActionOutcome
  /** For people: which action it was. */
  readonly name: string
}

/** What the first matching response action says; `undefined` where there is none. The body is read only for an action that needs it. */
export async function act(
  sending: Sending,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: Body,
): Promise<Decision | undefined> {
  for (const [index, action] of sending.actions.entries()) {
    if (!matchesStatus(action, status)) continue
    if (action.content !== undefined && !textOf(await body.bytes()).includes(action.content)) continue
    const name = describe(action, index)
    if (typeof action.action !== 'function') return { outcome: action.action, name }
    const text = textOf(await body.bytes())
    return { outcome: await decide(sending, name, action.action, { status, headers, text, body: parsed(text) }), name }
  }
  return undefined
}

function matchesStatus({ statusCode }: ResponseAction, status: number): boolean {
  if (statusCode === undefined) return true
  const text = String(statusCode).toLowerCase()
  return text.endsWith('xx') ? text[0] === String(status)[0] : text === String(status)
}

async function decide(
  sending: Sending,
  name: string,
  ask: Extract<ResponseAction['action'], (response: ActionResponse) => unknown>,
  response: ActionResponse,
): Promise<ActionOutcome> {
  let outcome: unknown
  try {
    outcome = (await ask(response)) ?? 'continue'
  } catch (error) {
    if (isTributaryError(error)) throw error
    throw failure(sending, `was answered, but the response action ${name} threw: ${toTributaryError(error).message}`)
  }
  if (OUTCOMES.includes(outcome)) return outcome as ActionOutcome
  const text = JSON.stringify(outcome) ?? typeof outcome
  throw failure(sending, `was answered, but the response action ${name} said ${text}; it may say ${OUTCOMES.join(', ')}.`)
}

const failure = (sending: Sending, what: string): Error =>
  requestError(sending, { code: 'RESPONSE_ACTION_FAILED', recovery: 'fix-config', what })

function parsed(text: string): JsonValue | undefined {
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}

function describe({ statusCode, content, action }: ResponseAction, index: number): string {
  const parts = [
    ...(statusCode === undefined ? [] : [`statusCode ${statusCode}`]),
    ...(content === undefined ? [] : [`content ${JSON.stringify(content)}`]),
    `action ${typeof action === 'function' ? 'a function' : action}`,
  ]
  return `${index + 1} (${parts.join(', ')})`
}

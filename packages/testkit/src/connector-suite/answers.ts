import { setTimeout as sleep } from 'node:timers/promises'
import { type JsonValue, parseJson } from '@tributary/core'
import type { MockResponse } from '../mock-api/handler.ts'
import { jsonResponse } from '../mock-api/handlers.ts'
import type { Interceptor } from './api.ts'

/** Answers the requests at these places, from 0, in another way, and all others as the API does. */
export function answeringAt(places: Readonly<Record<number, Answer>>): Interceptor {
  let next = 0
  return async (request, answer) => {
    const other = places[next++]
    return other === undefined ? answer() : other(await answer(), request)
  }
}

/** Answers every request from this one on, from 0, in another way. */
export function answeringFrom(place: number, other: Answer): Interceptor {
  let next = 0
  return async (request, answer) => (next++ < place ? answer() : other(await answer(), request))
}

/** What is answered instead of the API's own answer. */
type Answer = (response: MockResponse, request: Parameters<Interceptor>[0]) => MockResponse | Promise<MockResponse>

/** A status with these headers and an error in JSON, which repeats what the API was asked with, as careless ones do. */
export function status(code: number, headers: Readonly<Record<string, string>> = {}): Answer {
  return (_response, { path, query, headers: sent }) =>
    jsonResponse({ error: `status ${code}, on purpose`, asked: `${path}?${query}`, sent: { ...sent } }, { status: code, headers })
}

/** The API's own answer, so many milliseconds later. */
export function late(milliseconds: number): Answer {
  return async (response) => {
    await sleep(milliseconds)
    return response
  }
}

/** The whole length is promised, and half of it sent. */
export const cut: Answer = (response) => ({ ...response, delivery: 'cut' })

/** A page for people, as a proxy or a login gives it. */
export const html: Answer = () => ({
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: '<!doctype html><html><body><h1>Please sign in</h1></body></html>',
})

/** Every record, which is an object in a list, gets one more field; what is no JSON stays as it is. */
export function withField(response: MockResponse, name: string, value: string): MockResponse {
  let body: JsonValue
  try {
    body = parseJson(response.body ?? '')
  } catch {
    return response
  }
  return { ...jsonResponse(added(body, name, value, false)), ...(response.status !== undefined && { status: response.status }) }
}

function added(value: JsonValue, name: string, text: string, isItem: boolean): JsonValue {
  if (Array.isArray(value)) return value.map((item) => added(item, name, text, true))
  if (typeof value !== 'object' || value === null) return value
  // Only the outermost lists are of records.
  if (isItem) return { ...value, [name]: text }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, added(item, name, text, false)]))
}

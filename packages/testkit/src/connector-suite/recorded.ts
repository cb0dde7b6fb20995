import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type JsonValue, parseJson, stringifyJson } from '@tributary/core'
import type { Handler, MockRequest, MockResponse } from '../mock-api/handler.ts'
import { jsonResponse } from '../mock-api/handlers.ts'
import type { Routes } from './options.ts'

/** One request and its answer, as a file of recordings has them. */
export interface Recording {
  readonly request: {
    /** Default `GET`. */
    readonly method?: string
    readonly path: string
    /** All that the query had. `[redacted]` is a credential: any value has its place. A parameter that came several times is a list. */
    readonly query?: Readonly<Record<string, string | readonly string[]>>
    /** JSON, or text that is none. */
    readonly body?: JsonValue
  }
  readonly response: {
    /** Default 200. */
    readonly status?: number
    readonly headers?: Readonly<Record<string, string>>
    /** JSON; `{{origin}}` in a text stands for where the API is, as in links. */
    readonly body?: JsonValue
    /** Instead of `body`, what is no JSON. */
    readonly text?: string
  }
}

/** What stands in the place of a credential in a recording. */
const REDACTED = '[redacted]'

/**
 * Routes that answer from a folder of recordings, one `.json` file for each request: its name says nothing. A request is
 * answered where method, path, the whole query and the body are as recorded, and with a 404 that says so otherwise. Throws
 * where the folder has no recording, one that cannot be read, or two of one request.
 */
export function recorded(folder: string | URL): Routes {
  const path = typeof folder === 'string' ? folder : fileURLToPath(folder)
  const files = readdirSync(path)
    .filter((name) => name.endsWith('.json'))
    .sort()
  if (files.length === 0) throw new Error(`There is no recording in ${path}: a .json file for each request is expected.`)
  const byRoute = new Map<string, Map<string, Recording>>()
  for (const name of files) {
    const recording = readRecording(join(path, name))
    const { method = 'GET', path: of } = recording.request
    const route = `${method} ${of}`
    const recordings = byRoute.get(route) ?? new Map<string, Recording>()
    byRoute.set(route, recordings)
    const key = keyOf(recording.request)
    if (recordings.has(key))
      throw new Error(`Two recordings in ${path} are of one request, ${route}: remove ${name} or the other.`)
    recordings.set(key, recording)
  }
  return Object.fromEntries([...byRoute].map(([route, recordings]) => [route, answerFrom(route, [...recordings.values()])]))
}

function readRecording(file: string): Recording {
  let recording: Partial<Recording> | null
  try {
    recording = parseJson(readFileSync(file, 'utf8')) as unknown as Partial<Recording> | null
  } catch (cause) {
    throw new Error(`${file} is no recording: it is no JSON.`, { cause })
  }
  if (typeof recording?.request?.path !== 'string' || typeof recording.response !== 'object')
    throw new Error(`${file} is no recording: it needs a request with a path, and a response.`)
  return recording as Recording
}

function answerFrom(route: string, recordings: readonly Recording[]): Handler {
  return (request) => {
    const found = recordings.find((recording) => keyOf(recording.request) === keyOfAsked(request, recording))
    if (found === undefined) return jsonResponse({ error: `no recording of ${route} with this query and body` }, { status: 404 })
    return responseOf(found.response, `http://${request.headers.host}`)
  }
}

function responseOf({ status = 200, headers = {}, body, text }: Recording['response'], origin: string): MockResponse {
  const there = (value: string): string => value.replaceAll('{{origin}}', origin)
  const moved = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), there(value)]))
  if (text !== undefined) return { status, headers: moved, body: there(text) }
  return { status, headers: { 'content-type': 'application/json', ...moved }, body: there(stringifyJson(body ?? null)) }
}

/** What tells requests of one route apart. */
function keyOf({ query = {}, body }: Recording['request']): string {
  const params = Object.entries(query).map(([name, value]) => [name, ...[value].flat()])
  return stringifyJson([params.sort(byName), body ?? null])
}

function keyOfAsked({ query, body }: MockRequest, { request }: Recording): string {
  const names = [...new Set(query.keys())]
  const hidden = (name: string): boolean => request.query?.[name] === REDACTED
  const asked = Object.fromEntries(names.map((name) => [name, hidden(name) ? REDACTED : query.getAll(name)]))
  return keyOf({ path: '', query: asked, body: bodyOf(body) })
}

function bodyOf(text: string): JsonValue {
  if (text === '') return null
  try {
    return parseJson(text)
  } catch {
    return text
  }
}

const byName = (a: readonly string[], b: readonly string[]): number => (a[0]! < b[0]! ? -1 : a[0]! > b[0]! ? 1 : 0)

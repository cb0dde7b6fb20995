import { setTimeout as sleep } from 'node:timers/promises'
import { type JsonValue, stringifyJson } from '@tributary/core'
import type { Handler, MockResponse } from './handler.ts'

export interface JsonOptions {
  /** Default 200. */
  status?: number
  /** Added to `content-type: application/json`. */
  headers?: Readonly<Record<string, string>>
}

/** A JSON answer; `bigint` values are written as plain digits. */
export function jsonResponse(value: JsonValue, { status = 200, headers = {} }: JsonOptions = {}): MockResponse {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: stringifyJson(value) }
}

/** Answers every request with the same JSON value; `bigint` values are written as plain digits. */
export function json(value: JsonValue, options?: JsonOptions): Handler {
  const response = jsonResponse(value, options)
  return () => response
}

export interface TextOptions {
  /** Default 200. */
  status?: number
  /** Default `text/plain; charset=utf-8`. */
  contentType?: string
}

/** Answers every request with the same text. */
export function text(body: string, { status = 200, contentType = 'text/plain; charset=utf-8' }: TextOptions = {}): Handler {
  return () => ({ status, headers: { 'content-type': contentType }, body })
}

/** Answers as `handler` does, but so many milliseconds later. */
export function delayed(handler: Handler, milliseconds: number): Handler {
  return async (request) => {
    await sleep(milliseconds)
    return handler(request)
  }
}

export interface ApiKey {
  /** Default `api_key`. */
  name?: string
  value: string
  /** Default `query`. */
  in?: 'query' | 'header'
}

/** Answers as `handler` does where the request has the key, and with a 401 in JSON otherwise. */
export function withApiKey(handler: Handler, { name = 'api_key', value, in: place = 'query' }: ApiKey): Handler {
  return (request) => {
    const given = place === 'query' ? request.query.get(name) : request.headers[name.toLowerCase()]
    return given === value ? handler(request) : jsonResponse({ error: 'invalid api key' }, { status: 401 })
  }
}

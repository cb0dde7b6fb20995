import { isAscii, isUtf8 } from 'node:buffer'
import type { ScannedBody } from '../scan/page-scanner.ts'
import { bodyError, statusError } from './http-errors.ts'
import { parseJson } from './json.ts'
import type { JsonValue } from './request.ts'
import type { Sending } from './sending.ts'
import { READABLE_ENCODINGS } from './transport.ts'

/** Bytes of a body that nobody wants: read to their end, so that the connection can be used again; of a longer one the connection is closed. */
const DISCARDED_BYTES = 64 * 1024
const EXCERPT_BYTES = 2048
const EXCERPT_CHARACTERS = 200

/** The body of a response, which is read when it is asked for, and once. */
export interface Body {
  /** All of it, decompressed. Throws a `TributaryError` where it is larger than the client allows. */
  bytes(): Promise<Buffer>
  /** The beginning, redacted and in one line, for an error: whatever of it can be had. Empty where the whole body is a secret. */
  excerpt(): Promise<string>
  discard(): Promise<void>
  /** Called when nobody looks at its bytes any more: their memory is used again. */
  done(): void
}

export function createBody(sending: Sending, response: Response): Body {
  let whole: Promise<Buffer> | undefined
  let memory: Buffer | undefined
  const isSecret = sending.isForToken && response.ok
  return {
    bytes() {
      whole ??= readAll(sending, response).then(({ buffer, length }) => {
        memory = buffer
        return buffer.subarray(0, length)
      })
      return whole
    },
    async excerpt() {
      const bytes = await (whole ?? readSome(response))
      return isSecret ? '' : excerptOf(sending, bytes)
    },
    discard: async () => {
      if (whole === undefined) await discard(response)
    },
    done() {
      if (memory !== undefined) sending.sender.bodies.give(memory)
      memory = undefined
    },
  }
}

export const discard = async (response: Response): Promise<void> => void (await readSome(response))

/** What an API says of the length of a body is believed up to here. */
const MOST_AT_FIRST = 4 * 1024 * 1024

async function readAll(sending: Sending, response: Response): Promise<{ buffer: Buffer; length: number }> {
  const { maximumBodyBytes: limit, bodies } = sending.sender
  let buffer = bodies.take(Math.min(Number(response.headers.get('content-length')) || 0, MOST_AT_FIRST))
  let length = 0
  for await (const chunk of response.body ?? []) {
    if (length + chunk.length > limit) {
      const todo = 'Ask for smaller pages, or raise maximumBodyBytes.'
      throw statusError(sending, { what: `sent more than ${limit} bytes`, todo })
    }
    if (length + chunk.length > buffer.length) {
      const larger = bodies.take(Math.max(2 * buffer.length, length + chunk.length))
      buffer.copy(larger, 0, 0, length)
      bodies.give(buffer)
      buffer = larger
    }
    buffer.set(chunk, length)
    length += chunk.length
  }
  return { buffer, length }
}

async function readSome(response: Response): Promise<Buffer> {
  const kept: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of response.body ?? []) {
      if (length < EXCERPT_BYTES) kept.push(chunk)
      length += chunk.length
      if (length >= DISCARDED_BYTES) break
    }
  } catch {
    // The status is what matters; the text only helps.
  }
  return Buffer.concat(kept)
}

function excerptOf(sending: Sending, bytes: Buffer): string {
  // Redacted before it is cut, so that no half of a secret is left at the end.
  const text = sending.sender.redactor.text(bytes.subarray(0, EXCERPT_BYTES).toString('utf8'))
  const line = text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim()
  return line.length > EXCERPT_CHARACTERS ? `${line.slice(0, EXCERPT_CHARACTERS)}…` : line
}

export interface ParsedBody {
  readonly body: JsonValue
  readonly scanned?: ScannedBody
  readonly bytes: number
  readonly echoesSecret: boolean
}

/** Reads a body that must be JSON, and parses it when it is asked to. Throws `BODY_INVALID`, as that does. */
export async function readJsonBody(sending: Sending, response: Response, body: Body): Promise<() => Promise<ParsedBody>> {
  const { status, headers } = response
  const encoding = unreadableEncoding(headers.get('content-encoding'))
  if (encoding !== undefined) {
    await body.discard()
    throw bodyError(sending, status, `a body in the encoding ${encoding}, which was not asked for and cannot be read here`, '')
  }
  const bytes = await body.bytes()
  if (bytes.length === 0) throw bodyError(sending, status, 'an empty body, where JSON was expected', '')
  return () => parseBody(sending, response, body, bytes)
}

async function parseBody(sending: Sending, { status, headers }: Response, body: Body, bytes: Buffer): Promise<ParsedBody> {
  if (!isUtf8(bytes)) throw bodyError(sending, status, 'a body that is not valid UTF-8', await body.excerpt())
  const echoesSecret = sending.sender.redactor.holdsIn(bytes)
  const scanned = echoesSecret ? undefined : sending.scan?.(bytes, body.done)
  if (scanned !== undefined) return { body: scanned.around, scanned, bytes: bytes.length, echoesSecret }
  try {
    const parsed = { body: parseJson(textOf(bytes)), bytes: bytes.length, echoesSecret }
    body.done()
    return parsed
  } catch {
    const type = headers.get('content-type')
    const described = type === null ? 'without a content type' : `content type ${type}`
    throw bodyError(sending, status, `a body that is not JSON (${described})`, await body.excerpt())
  }
}

/** A body as text, without a byte order mark; what is not UTF-8 becomes U+FFFD. */
export function textOf(bytes: Buffer): string {
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
  return isAscii(bytes) ? bytes.toString('latin1') : bytes.toString('utf8', hasMark ? 3 : 0)
}

function unreadableEncoding(header: string | null): string | undefined {
  const encodings = (header ?? '').split(',').map((encoding) => encoding.trim().toLowerCase())
  return encodings.find((encoding) => !['', 'identity', 'x-gzip'].includes(encoding) && !READABLE_ENCODINGS.includes(encoding))
}

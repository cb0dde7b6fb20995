import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { Auth } from '../auth/auth.ts'
import { createClient } from './client.ts'
import { createRedactor } from './redact.ts'
import { type ActionResponse, checkResponseActions, type ResponseAction } from './response-action.ts'

const SECRET = 'a-long-secret'
const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections()
})

/** Sends one request to a server that gives these answers in turn, the last of them again and again. */
async function send(answers: readonly (readonly [number, string])[], responseActions: readonly ResponseAction[], auth?: Auth) {
  let requests = 0
  const server = createServer((_request, response) => {
    const [status, body] = answers[Math.min(++requests, answers.length) - 1]!
    response.writeHead(status, { 'X-Own': 'o' }).end(body)
  })
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const retry = { limit: 2, initialDelay: 1 }
  const redactor = createRedactor([SECRET])
  const client = createClient({ baseUrl, retry, ...(auth && { auth }) }, { redactor, credentialsHint: '' })
  const reasons: string[] = []
  const observer = { onRequest: () => {}, onRetry: ({ reason }: { reason: string }) => void reasons.push(reason) }
  const signal = new AbortController().signal
  const request = { method: 'GET', url: `${baseUrl}/x`, params: {}, headers: {} } as const
  try {
    const response = await client.send(request, { observer, signal, responseActions })
    return { response, requests, reasons }
  } catch (error) {
    return { error, requests, reasons }
  } finally {
    await client.close()
  }
}

const ignored = { ignored: true, body: undefined, bytes: 0 }

describe('ignore', () => {
  it.each<[string, number, string, Partial<ResponseAction>]>([
    ['a status as a number', 404, '', { statusCode: 404 }],
    ['a status as text', 404, '', { statusCode: '404' }],
    ['a class', 410, '', { statusCode: '4xx' }],
    ['a class in capitals', 503, '', { statusCode: '5XX' }],
    ['content', 400, 'no such archive', { content: 'such' }],
    ['content of a success', 200, '{"error":"empty"}', { content: '"empty"' }],
    ['a status and content, both', 404, 'gone', { statusCode: 404, content: 'gone' }],
    ['a body that is no JSON', 200, '<html>', { statusCode: 200 }],
    ['401', 401, '', { statusCode: 401 }],
  ])('matches %s: no body, no error, no retry [action.match]', async (_what, status, body, match) => {
    expect(await send([[status, body]], [{ ...match, action: 'ignore' }])).toMatchObject({
      response: { status, ...ignored },
      requests: 1,
    })
  })

  it.each<[string, number, string, Partial<ResponseAction>]>([
    ['another status', 404, '', { statusCode: 403 }],
    ['another class', 404, '', { statusCode: '5xx' }],
    ['other content', 404, 'gone', { content: 'Gone' }],
    ['the status alone', 404, 'gone', { statusCode: 404, content: 'other' }],
    ['the content alone', 404, 'gone', { statusCode: 400, content: 'gone' }],
  ])('does not match %s [action.match]', async (_what, status, body, match) => {
    expect(await send([[status, body]], [{ ...match, action: 'ignore' }])).toMatchObject({
      error: { code: 'HTTP_STATUS' },
      requests: 1,
    })
  })

  it('of a 2xx leaves the others as they are [action.ignore]', async () => {
    expect(await send([[200, '[1]']], [{ content: 'nothing', action: 'ignore' }])).toMatchObject({
      response: { body: [1], ignored: false },
    })
  })
})

it('the first that matches counts [action.first]', async () => {
  const actions: ResponseAction[] = [
    { statusCode: 403, action: 'fail' },
    { statusCode: '4xx', action: 'ignore' },
    { statusCode: 404, action: 'fail' },
  ]
  expect(await send([[404, '']], actions)).toMatchObject({ response: ignored })
})

it('a token that ran out is renewed before an action looks at the 401 [action.refresh]', async () => {
  let refreshes = 0
  const auth: Auth = { apply: (request) => request, refresh: async () => ++refreshes > 0 }
  expect(
    await send(
      [
        [401, ''],
        [200, '[1]'],
      ],
      [{ statusCode: '4xx', action: 'ignore' }],
      auth,
    ),
  ).toMatchObject({ response: { body: [1] } })
  expect(await send([[401, '']], [{ statusCode: '4xx', action: 'ignore' }], auth)).toMatchObject({
    response: ignored,
    requests: 2,
  })
})

describe('retry', () => {
  it.each([404, 200])('tries a %i again as the policy says [action.retry]', async (status) => {
    const busy = [status, `"busy ${SECRET}"`] as const
    const action = { content: 'busy', action: 'retry' } as const
    expect(await send([busy, busy, [200, '[1]']], [action])).toMatchObject({ response: { body: [1] }, requests: 3 })
    const { error, requests, reasons } = await send([busy], [action])
    expect(requests).toBe(3)
    expect(error).toMatchObject({
      code: 'HTTP_STATUS',
      message: expect.stringMatching(
        /still answered .*by the response action 1 \(content "busy", action retry\) after 3 requests\..*busy \[redacted\]/,
      ),
    })
    expect(reasons).toHaveLength(2)
  })
})

describe('fail', () => {
  it.each([503, 200])('fails at once on a %i and names itself [action.fail]', async (status) => {
    expect(await send([[status, `no ${SECRET}`]], [{ statusCode: status, action: 'fail' }])).toMatchObject({
      error: {
        code: 'RESPONSE_ACTION_FAIL',
        message: expect.stringMatching(
          new RegExp(
            `the response action 1 \\(statusCode ${status}, action fail\\) takes for a failure. The body begins: no \\[redacted\\]$`,
          ),
        ),
      },
      requests: 1,
    })
  })
})

describe('a function', () => {
  it('is told of the response [action.function]', async () => {
    const told: ActionResponse[] = []
    const action = (response: ActionResponse) => {
      told.push(response)
      return 'ignore' as const
    }
    await send([[404, '{"id":12345678901234567890}']], [{ statusCode: 404, action }])
    await send([[500, 'no json']], [{ statusCode: 500, action }])
    expect(told).toMatchObject([
      { status: 404, headers: { 'x-own': 'o' }, text: '{"id":12345678901234567890}', body: { id: 12_345_678_901_234_567_890n } },
      { status: 500, text: 'no json', body: undefined },
    ])
  })

  it.each<[string, () => unknown, object]>([
    ['ignore', async () => 'ignore', { response: ignored, requests: 1 }],
    ['retry', () => 'retry', { error: { code: 'HTTP_STATUS' }, requests: 3 }],
    ['fail', () => 'fail', { error: { code: 'RESPONSE_ACTION_FAIL' }, requests: 1 }],
    ['continue', () => 'continue', { error: { code: 'HTTP_STATUS' }, requests: 1 }],
    ['nothing', () => {}, { error: { code: 'HTTP_STATUS' }, requests: 1 }],
    [
      'nonsense',
      () => 'skip',
      { error: { code: 'RESPONSE_ACTION_FAILED', message: expect.stringContaining('said "skip"; it may say') }, requests: 1 },
    ],
    [
      'an error',
      () => Promise.reject(new Error(`why: ${SECRET}`)),
      {
        error: { code: 'RESPONSE_ACTION_FAILED', message: expect.stringMatching(/a function\) threw: why: \[redacted\]$/) },
        requests: 1,
      },
    ],
  ])('says %s [action.function]', async (_what, said, expected) => {
    const action = said as Extract<ResponseAction['action'], () => unknown>
    expect(await send([[404, '']], [{ statusCode: 404, action }])).toMatchObject(expected)
  })

  it('lets a success be one [action.function]', async () => {
    expect(await send([[200, '[1]']], [{ statusCode: 200, action: () => 'continue' }])).toMatchObject({
      response: { body: [1], ignored: false },
    })
  })
})

describe('checkResponseActions', () => {
  it('takes what is meant', () => {
    const fits: ResponseAction[] = [
      { statusCode: 404, action: 'ignore' },
      { statusCode: '5XX', content: 'a', action: () => 'fail' },
    ]
    expect(() => checkResponseActions(fits, 'crm.a')).not.toThrow()
  })

  it.each<[unknown, string]>([
    [{}, 'crm.a: responseActions is a list, but is {}.'],
    [['ignore'], 'crm.a: responseActions[0] is an object with statusCode, content, action, but is "ignore".'],
    [
      [{ action: 'ignore' }],
      'crm.a: responseActions[0] says nothing of the responses that it is for: give it a statusCode, a content, or both.',
    ],
    [[{ statusCode: 404 }], 'crm.a: responseActions[0].action is ignore, retry, fail or a function, but is missing.'],
    [
      [{ statusCode: 404, action: 'skip' }],
      'crm.a: responseActions[0].action is ignore, retry, fail or a function, but is "skip".',
    ],
    [
      [
        { statusCode: 404, action: 'fail' },
        { statusCode: '6xx', action: 'fail' },
      ],
      'crm.a: responseActions[1].statusCode is a status such as 404, or a class such as \'4xx\', but is "6xx".',
    ],
    [
      [{ statusCode: '40x', action: 'fail' }],
      'crm.a: responseActions[0].statusCode is a status such as 404, or a class such as \'4xx\', but is "40x".',
    ],
    [
      [{ statusCode: 99, action: 'fail' }],
      "crm.a: responseActions[0].statusCode is a status such as 404, or a class such as '4xx', but is 99.",
    ],
    [[{ content: '', action: 'fail' }], 'crm.a: responseActions[0].content is a text that the body holds, but is "".'],
    [[{ content: 4, action: 'fail' }], 'crm.a: responseActions[0].content is a text that the body holds, but is 4.'],
    [[{ status: 404, action: 'fail' }], 'crm.a: responseActions[0] has no "status"; there are statusCode, content, action.'],
  ])('refuses %j [action.invalid]', (actions, message) => {
    expect(() => checkResponseActions(actions as ResponseAction[], 'crm.a')).toThrow(
      expect.objectContaining({ code: 'RESPONSE_ACTION_INVALID', recovery: 'fix-config', message }),
    )
  })
})

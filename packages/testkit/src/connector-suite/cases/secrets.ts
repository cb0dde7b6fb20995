import assert from 'node:assert/strict'
import type { MockRequest } from '../../mock-api/handler.ts'
import { startMockApi } from '../../mock-api/mock-api.ts'
import { answeringFrom, html, status, withField } from '../answers.ts'
import { type Api, type Interceptor, type Run, withApi } from '../api.ts'
import { type ConnectorCase, firstReason, type Subject } from '../case.ts'
import { leftBehind } from '../left-behind.ts'
import { expectOk } from '../outcome.ts'
import { carries, holdsSecret } from '../secrets.ts'

const applies = ({ survey }: Subject): string | undefined =>
  firstReason(survey.secrets.length === 0 && 'the connector has no credentials')

/** Names that say what the option holds. */
const CREDENTIAL = /(?:^|_)(?:api_?key|key|token|password|passwd|secret|credentials?|signature)$/i

/** A secret shorter than this may stand somewhere by chance. */
const SHORTEST = 8

export const secretCases: readonly ConnectorCase[] = [
  {
    name: 'its credentials are marked as secret(), and long enough to be looked for [suite.connector.secrets.marked]',
    run: async ({ survey }) => {
      const { optionInfos } = survey.run.connector
      const words = (name: string): string => name.replaceAll(/([a-z\d])(?=[A-Z])/g, '$1_')
      const unmarked = optionInfos.filter(({ name, secret }) => !secret && CREDENTIAL.test(words(name)))
      assert.deepEqual(
        unmarked.map(({ name }) => name),
        [],
        'options that sound like credentials and are not secret()',
      )
      assert.ok(
        survey.secrets.every((secret) => secret.length >= SHORTEST),
        `the suite needs credentials of ${SHORTEST} characters or more`,
      )
    },
  },
  {
    name: 'every request has its credentials [suite.connector.secrets.sent]',
    applies,
    run: async ({ options, survey }) => {
      const isAuthorized = options.isAuthorized ?? ((request: MockRequest) => carries(request, survey.secrets))
      const without = survey.run.requests.filter((request) => !isAuthorized(request))
      assert.ok(survey.run.requests.length > 0, 'nothing was requested')
      assert.deepEqual(
        without.map(({ method, path }) => `${method} ${path}`),
        [],
        'requests without credentials',
      )
    },
  },
  {
    name: 'no secret stands in the path of a URL, where servers and proxies write it down [suite.connector.secrets.path]',
    applies,
    run: async ({ survey: { run, secrets } }) => {
      assert.deepEqual(
        run.requests.filter(({ path }) => holdsSecret(path, secrets)).length,
        0,
        'requests with a secret in their path',
      )
    },
  },
  {
    name: 'credentials do not follow a redirect to another origin [suite.connector.secrets.redirect]',
    applies,
    run: (subject) =>
      withElsewhere(subject, (elsewhere) => (request) => ({
        status: 307,
        headers: { location: address(elsewhere, request, subject) },
      })),
  },
  {
    name: 'credentials do not follow a link to another origin [suite.connector.secrets.link]',
    applies: (subject) => firstReason(applies(subject), !subject.survey.hasLinks && 'no answer holds a link to its own API'),
    run: (subject) =>
      withElsewhere(subject, (elsewhere, api) => async (_request, answer) => {
        const { headers = {}, body = '', ...rest } = await answer()
        const moved = (text: string): string => text.replaceAll(api.url, elsewhere)
        return {
          ...rest,
          headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, moved(value)])),
          body: moved(body),
        }
      }),
  },
  {
    name: 'no secret is in what a run says or keeps, whatever befalls it [suite.connector.secrets.leaks]',
    applies,
    run: async (subject) => {
      const faults: readonly (Interceptor | undefined)[] = [
        undefined,
        answeringFrom(0, status(401)),
        answeringFrom(0, status(403)),
        answeringFrom(0, status(500)),
        answeringFrom(0, html),
      ]
      for (const fault of faults) {
        await withApi(subject.options, async (api) => {
          api.intercept(fault)
          await expectNoSecret(await api.run(), subject)
        })
      }
    },
  },
  {
    name: 'a secret that the API sends back is redacted [suite.connector.secrets.echoed]',
    applies,
    run: (subject) =>
      withApi(subject.options, async (api) => {
        const echo = `sent by ${subject.survey.secrets.join(' and ')}`
        api.intercept(async (_request, answer) => withField(await answer(), 'echo_of_the_suite', echo))
        const run = await api.run({ schemaContract: 'evolve' })
        expectOk(run)
        await expectNoSecret(run, subject)
      }),
  },
]

async function expectNoSecret(run: Run, { survey }: Subject): Promise<void> {
  assert.ok(run.requests.length > 0, 'nothing was requested')
  const leaks = [...(await leftBehind(run))].filter(([, text]) => holdsSecret(text, survey.secrets)).map(([where]) => where)
  assert.deepEqual(leaks, [], 'where a secret stands')
}

/** Runs with an API that leads to another origin, and rejects where credentials went there, or nothing did. */
async function withElsewhere(subject: Subject, leading: (elsewhere: string, api: Api) => Interceptor): Promise<void> {
  const { options, survey } = subject
  // Whatever it is asked for, it answers with a 404.
  await using elsewhere = await startMockApi({})
  await withApi(options, async (api) => {
    api.intercept(leading(elsewhere.url, api))
    const run = await api.run()
    assert.ok(elsewhere.requests.length > 0 || run.result?.status !== 'ok', 'it neither went to the other origin nor failed')
    assert.deepEqual(
      elsewhere.requests.filter((request) => carries(request, survey.secrets)).map(({ path }) => path),
      [],
    )
  })
}

/** Where the request would go elsewhere, without the credentials that it came with. */
function address(elsewhere: string, { path, query }: MockRequest, { survey }: Subject): string {
  const rest = [...query].filter(([, value]) => !holdsSecret(value, survey.secrets))
  return `${elsewhere}${path}?${new URLSearchParams(rest)}`
}

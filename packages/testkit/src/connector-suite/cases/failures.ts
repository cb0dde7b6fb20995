import assert from 'node:assert/strict'
import type { SyncEvent } from '@tributary/core'
import { answeringAt, answeringFrom, cut, html, status } from '../answers.ts'
import { type Interceptor, type Run, withApi } from '../api.ts'
import { type ConnectorCase, firstReason, type Subject } from '../case.ts'
import { contentOf, expectOk, resultOf, rowsOf } from '../outcome.ts'
import { requestLine } from '../survey.ts'

export const failureCases: readonly ConnectorCase[] = [
  {
    name: 'a 401 fails at once, and the error says which credential to check [suite.connector.failures.unauthorized]',
    applies: ({ survey }) => firstReason(survey.secrets.length === 0 && 'the connector has no credentials'),
    run: (subject) =>
      withApi(subject.options, async (api) => {
        api.intercept(answeringFrom(0, status(401)))
        const run = await api.run()
        await expectNothing(run, subject)
        // Once more is right where a token may have ended.
        const lines = run.requests.map(requestLine)
        const counts = lines.map((line) => lines.filter((other) => other === line).length)
        assert.ok(Math.max(...counts) <= 2, `the same request was made ${Math.max(...counts)} times`)
        const messages = errorsOf(run)
        const names = run.connector.optionInfos.filter(({ secret }) => secret).flatMap(({ name, variable }) => [name, variable])
        for (const message of messages) {
          assert.ok(
            names.some((name) => message.includes(name)),
            `the error names none of ${names.join(', ')}: ${message}`,
          )
        }
      }),
  },
  {
    name: 'after a 429 it waits as Retry-After asks, and everything comes once [suite.connector.failures.too-many-requests]',
    run: (subject) =>
      recovers(subject, answeringAt({ 0: status(429, { 'retry-after': '1' }) }), (retries) => {
        assert.ok(retries[0]!.delay >= 1000, `it asked again after ${retries[0]!.delay} of 1000 milliseconds`)
      }),
  },
  {
    name: 'after a 500 it asks again, and everything comes once [suite.connector.failures.server-error]',
    run: (subject) => recovers(subject, answeringAt({ 0: status(500) })),
  },
  {
    name: 'after a body that was cut off it asks again, and everything comes once [suite.connector.failures.cut-off]',
    run: (subject) => recovers(subject, answeringAt({ 0: cut })),
  },
  {
    name: 'where a 500 stays, it fails by name and loads nothing of the listing [suite.connector.failures.server-down]',
    run: (subject) =>
      withApi(subject.options, async (api) => {
        const isPaged = subject.survey.run.requests.length > subject.survey.resources.length
        api.intercept(answeringFrom(isPaged ? 1 : 0, status(500)))
        const run = await api.run()
        await expectNothing(run, subject, isPaged)
        assert.ok(
          errorsOf(run).some((message) => message.includes('500')),
          `no error names the status: ${errorsOf(run).join(' · ')}`,
        )
      }),
  },
  {
    name: 'a page for people in the place of data fails by name, and loads nothing [suite.connector.failures.no-json]',
    run: (subject) =>
      withApi(subject.options, async (api) => {
        api.intercept(answeringFrom(0, html))
        await expectNothing(await api.run(), subject)
      }),
  },
]

type Retry = Extract<SyncEvent, { type: 'retry' }>

/** Rejects unless the run tried again, and then came to the rows of one that nothing befell. */
function recovers({ options, survey }: Subject, interceptor: Interceptor, check?: (retries: Retry[]) => void): Promise<void> {
  return withApi(options, async (api) => {
    const whole = await api.run()
    expectOk(whole)
    api.intercept(interceptor)
    const run = await api.run()
    expectOk(run)
    const retries = run.events.filter((event) => event.type === 'retry')
    assert.ok(retries.length > 0, 'it did not try again')
    check?.(retries)
    for (const { name } of survey.resources) assert.deepEqual(await contentOf(run, name), await contentOf(whole, name))
  })
}

/** Rejects unless the run failed and committed no row. `someMayPass`: the listing of one resource may have had all its pages. */
async function expectNothing(run: Run, { survey }: Subject, someMayPass = false): Promise<void> {
  assert.ok(!run.isEndless, `the run had to be stopped after ${run.requests.length} requests`)
  assert.ok(run.requests.length > 0, 'nothing was requested')
  assert.ok(errorsOf(run).length > 0, 'no resource has an error')
  for (const { name, description, records } of survey.resources) {
    const { status: outcome, records: came } = resultOf(run, name)
    const hadAll = someMayPass && outcome === 'ok' && came === records
    assert.ok(hadAll || outcome !== 'ok', `${name} ends as if all was well, with ${came} of ${records} records`)
    if (!hadAll) assert.deepEqual(await rowsOf(run, description.table), [], `rows of ${name}, which failed`)
  }
  const dataset = await run.destination.open(run.result?.dataset ?? run.connector.name)
  await dataset.close()
}

/** What failed by itself, and not because what it depends on did. */
function errorsOf({ thrown, result }: Run): string[] {
  const errors = Object.values(result?.resources ?? {}).flatMap(({ error }) => (error === undefined ? [] : [error]))
  return [...(thrown === undefined ? [] : [thrown]), ...errors.filter(({ code }) => code !== 'PARENT_FAILED')].map(
    ({ message }) => message,
  )
}

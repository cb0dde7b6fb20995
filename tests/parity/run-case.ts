import { join } from 'node:path'
import { connectorFromData, isTributaryError, sync } from '@tributary/core'
import { duckdb } from '@tributary/destination-duckdb'
import { type MockApi, startMockApi } from '@tributary/testkit'
import { BASE } from './configs.ts'
import type { DltProcess } from './dlt-process.ts'
import { inOrder } from './nest-rows.ts'
import type { Outcome, ParityCase, World } from './parity-case.ts'
import { DLT, OURS, readTables } from './read-tables.ts'
import { requestLine } from './request-line.ts'

/** Runs the configuration once against the API at `url`. Answers the text of its error, or `null`. */
type Side = (parityCase: ParityCase, url: string) => Promise<string | null>

/** What dlt does with a case. */
export async function outcomeOfDlt(parityCase: ParityCase, dlt: DltProcess, folder: string): Promise<Outcome> {
  const side: Side = async ({ name, config }, url) =>
    dlt.run({ pipeline: name.replaceAll('-', '_'), folder, config: JSON.parse(JSON.stringify(config).replaceAll(BASE, url)) })
  return outcomeOf(parityCase, side, () => readTables(join(folder, 'dlt.duckdb'), 'parity', DLT))
}

/** What Tributary does with a case. */
export async function ourOutcome(parityCase: ParityCase, folder: string): Promise<Outcome> {
  const path = join(folder, 'ours.duckdb')
  const side: Side = async ({ config }, url) => {
    try {
      const connector = connectorFromData(config, { name: 'parity' })({ PARITY_BASE_URL: url })
      const { resources } = await sync({ connector, destination: duckdb({ path }) })
      const failed = Object.values(resources).find(({ error }) => error !== undefined)
      return failed?.error?.message ?? null
    } catch (error) {
      if (isTributaryError(error)) return error.message
      throw error
    }
  }
  return outcomeOf(parityCase, side, () => readTables(path, 'parity', OURS))
}

async function outcomeOf(
  parityCase: ParityCase,
  side: Side,
  read: () => Promise<Pick<Outcome, 'tables' | 'columns'>>,
): Promise<Outcome> {
  const world: World = { run: 1 }
  await using api = await startMockApi(parityCase.routes(world))
  const requests: string[] = []
  let error: string | null = null
  for (; world.run <= (parityCase.runs ?? 1); world.run++) {
    if (world.run > 1) requests.push(`run ${world.run}`)
    const before = api.requests.length
    error ??= await side(parityCase, api.url)
    requests.push(...linesOf(parityCase, api, before))
  }
  const { tables, columns } = await read()
  return { error, requests: withoutUrl(requests, api), tables: withoutUrl(tables, api), columns }
}

function linesOf({ headers, anyOrder = false }: ParityCase, { requests }: MockApi, from: number): string[] {
  const lines = requests.slice(from).map((request) => requestLine(request, headers))
  return anyOrder ? inOrder(lines) : lines
}

/** The port is another one each time. */
const withoutUrl = <T>(value: T, { url }: MockApi): T =>
  JSON.parse(JSON.stringify(value).replaceAll(url, BASE).replaceAll(encodeURIComponent(url), BASE)) as T

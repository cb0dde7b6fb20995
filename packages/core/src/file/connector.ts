import type { Connector, ConnectorFactory, Resources } from '../connector/connector.ts'
import { resolveResources } from '../connector/resolve.ts'
import type { ClientConfig } from '../connector/resource.ts'
import { TributaryError, toTributaryError } from '../errors.ts'
import { connectorContext } from '../http/context.ts'
import { baseUrlProblem, headersOf, retryOf, timeoutOf } from './client.ts'
import type { ClientData, FileData } from './data.ts'
import { mergeResources } from './merge.ts'
import { inFileWords } from './names.ts'
import { createParts, type Parts } from './parts.ts'
import type { Problem, Report } from './place.ts'
import { fileError, validate } from './problems.ts'
import { resourceOf } from './resource.ts'
import { findVariables, holdsVariable, readValues, substitute } from './variables.ts'

export interface FromDataOptions {
  /** Of the connector, where the data has no `name`: mostly the file's stem. */
  name: string
  /** What errors call the data by: the file's path, as the user wrote it. Default: the name. */
  source?: string
}

/**
 * A connector from data: the vocabulary of dlt's `rest_api` source, with `${NAME}` in any text for what comes from the
 * environment. Each such name is an option of the connector. Throws `CONNECTOR_INVALID`, which names the place of each
 * mistake; its factory throws `OPTIONS_INVALID` where a name has no value.
 */
export function connectorFromData(data: unknown, { name: otherwise, source = otherwise }: FromDataOptions): ConnectorFactory {
  const collect = collector(source, data)
  const optionInfos = findVariables(data, collect.report)
  for (const { place, text } of validate(data)) collect.report(place, text)
  collect.done()
  const file = data as FileData
  const described = build(file, createParts(collect.report, false))
  collect.done()
  const about = {
    name: file.name ?? otherwise,
    version: '0.0.0',
    ...(typeof file.description === 'string' && { description: file.description }),
    optionInfos,
    resourceDefaults: {},
  }
  const create = (given: Readonly<Record<string, unknown>> = {}): Connector => {
    const options = readValues(source, optionInfos, given)
    const mistakes = collector(source, data)
    const built = build(substitute(file, options), createParts(mistakes.report, true))
    mistakes.done()
    const connector = { ...about, ...built, options }
    checkResources(connector, source)
    return connector
  }
  return Object.assign(create, { connector: { ...about, resources: described.resources } })
}

/** Collects mistakes, and throws them together. */
function collector(source: string, data: unknown): { readonly report: Report; done(): void } {
  const problems: Problem[] = []
  return {
    report: (place, text) => void problems.push({ place, text }),
    done() {
      if (problems.length > 0) throw fileError(source, data, problems)
    },
  }
}

function build(file: FileData, parts: Parts): Pick<Connector, 'client' | 'resources'> {
  const resources: Resources = {}
  const indexes = new Map<string, number>()
  for (const [index, merged] of mergeResources(file).entries()) {
    const { name, place } = merged
    const other = indexes.get(name)
    if (other !== undefined)
      parts.report(
        [...place, 'name'],
        `is ${JSON.stringify(name)}, as is that of resources[${other}]. Give one of them another name.`,
      )
    indexes.set(name, index)
    Object.defineProperty(resources, name, { value: resourceOf(merged, parts), enumerable: true, configurable: true })
  }
  return { client: clientOf(file.client, parts), resources }
}

function clientOf(data: ClientData, parts: Parts): ClientConfig {
  const { base_url: baseUrl, headers, retry, rate_limit: rateLimit, timeout, concurrency, maximum_body_bytes: maximum } = data
  parts.attempt(['client', 'base_url'], baseUrl, () => {
    const problem = holdsVariable(baseUrl) ? undefined : baseUrlProblem(baseUrl)
    if (problem !== undefined) parts.report(['client', 'base_url'], problem)
  })
  const auth = data.auth ? parts.auth(['client', 'auth'], data.auth) : undefined
  const paginator = data.paginator ? parts.paginator(['client', 'paginator'], data.paginator) : undefined
  return {
    baseUrl,
    ...(headers && { headers: headersOf(headers) }),
    ...(auth && { auth }),
    ...(paginator && { paginator }),
    ...(retry && { retry: retryOf(retry) }),
    ...(rateLimit && { rateLimit }),
    ...(timeout && { timeout: timeoutOf(timeout) }),
    ...(typeof concurrency === 'number' && { concurrency }),
    ...(typeof maximum === 'number' && { maximumBodyBytes: maximum }),
  }
}

/** Finds what only shows when the resources are seen together: placeholders, parents, tables. In the words of a file. */
function checkResources(connector: Connector, source: string): void {
  const names = Object.keys(connector.resources)
  const isNoneSelected = names.every((name) => connector.resources[name]!.selected === false)
  try {
    resolveResources(connector, isNoneSelected ? names : undefined, undefined)
  } catch (error) {
    const { code, recovery, message } = toTributaryError(error)
    const text = connectorContext(connector).redactor.message(inFileWords(message))
    throw new TributaryError({ code, recovery, message: `There is a mistake in ${source}:\n  ${text}`, cause: error })
  }
}

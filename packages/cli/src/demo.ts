import type { Connector, ConnectorFactory, Destination, OptionInfo } from '@tributary/core'
import { misspelledVariables, type OptionSources } from './options.ts'

/** A connector with somewhere to ask, and how to let that go. */
export interface Source {
  readonly connector: Connector
  stop(): Promise<void>
}

/** Whether the embedded demo API stands in for a connector's. */
export async function hasDemo(name: string): Promise<boolean> {
  const { demoKinds } = await import('@tributary/demo-api')
  return (demoKinds as readonly string[]).includes(name)
}

/** Starts the embedded demo API for a connector. A higher `revision` has some records changed. */
export async function startDemo(factory: ConnectorFactory, revision: number): Promise<Source> {
  const { demoKinds, startDemoApi } = await import('@tributary/demo-api')
  const kind = demoKinds.find((candidate) => candidate === factory.connector.name)!
  const demo = await startDemoApi({ kind, revision })
  return { connector: factory({ baseUrl: demo.url, apiKey: demo.apiKey }), stop: () => demo.stop() }
}

/** How many loads of a connector a dataset has: the demo API answers as if that much time had passed. */
export async function countLoads(connector: string, destination: Destination, datasetName: string): Promise<number> {
  const dataset = await destination.open(datasetName)
  try {
    const { loads } = await dataset.read()
    return loads.filter((load) => load.connector === connector).length
  } finally {
    await dataset.close()
  }
}

/** Says that the demo API is used, and what to set to leave it. */
export function demoNotice(name: string, infos: readonly OptionInfo[], sources: OptionSources): string {
  const needed = infos.filter(({ required }) => required).map(({ variable }) => variable)
  const misspelled = misspelledVariables(infos, sources, `${name.replaceAll('-', '_').toUpperCase()}_`)
  return [
    `No API is configured for ${name}, so the embedded demo API is used.`,
    ...misspelled.map(({ variable, meant }) => `${variable} is set, but is no option: did you mean ${meant}?`),
    `For your own, set ${needed.join(' and ')} (in the environment or in .env).`,
    '',
  ].join('\n')
}

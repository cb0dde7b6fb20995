import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Connector, ConnectorFactory } from '@tributary/core'
import { type DemoKind, demoKinds, startDemoApi } from '@tributary/demo-api'
import { onTestFinished } from 'vitest'

const FOLDER = join(import.meta.dirname, '../../connectors')

/** A connector of ours, as its folder has it. */
export interface Installed {
  /** Of the folder, and of its demo API. */
  readonly folder: DemoKind
  make(options: { baseUrl: string; apiKey: string }): Connector
}

const isFactory = (value: unknown): value is ConnectorFactory =>
  typeof value === 'function' && typeof (value as { connector?: unknown }).connector === 'object'

/** Every connector that there is a folder for, so that a new one is here by itself. Throws for one without a demo API. */
export async function installedConnectors(): Promise<Installed[]> {
  const folders = readdirSync(FOLDER, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  return Promise.all(
    folders.map(async ({ name }) => {
      const manifest = JSON.parse(readFileSync(join(FOLDER, name, 'package.json'), 'utf8')) as { name: string }
      const folder = demoKinds.find((kind) => kind === name)
      if (folder === undefined) throw new Error(`${manifest.name} has no demo API: packages/demo-api should have one for it`)
      const module = (await import(join(FOLDER, name, 'src/index.ts'))) as Record<string, unknown>
      const factory = Object.values(module).find(isFactory)
      if (factory === undefined) throw new Error(`${manifest.name} exports no connector`)
      return { folder, make: factory as unknown as Installed['make'] }
    }),
  )
}

/** A demo API of a connector as of a revision, for one test. */
export async function demoConnector({ folder, make }: Installed, revision: number): Promise<Connector> {
  const api = await startDemoApi({ kind: folder, revision })
  onTestFinished(() => api.stop())
  return make({ baseUrl: api.url, apiKey: api.apiKey })
}

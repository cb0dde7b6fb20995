import { createClient } from '../http/client.ts'
import { connectorContext } from '../http/context.ts'
import type { Connector } from './connector.ts'
import { resolveResources } from './resolve.ts'

/**
 * Checks all that can be checked without a request: what the client is told, and the resources with those that they depend
 * on. Throws the error that a sync would fail with.
 */
export async function validateConnector(connector: Connector): Promise<void> {
  const client = createClient(connector.client, connectorContext(connector))
  await client.close()
  resolveResources(connector, undefined, undefined)
}

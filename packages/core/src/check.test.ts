import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { checkConnector, describeResources } from './check.ts'
import type { Connector } from './connector/connector.ts'
import { connectorFromData } from './file/connector.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections()
})

type Data = Record<string, unknown>

/** A connector of one resource, whose listing is `records`. */
async function connectorOf(records: unknown, more: Data = {}): Promise<Connector> {
  const server = createServer((_request, response) => response.end(JSON.stringify(records)))
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const columns = { id: { data_type: 'bigint' } }
  return connectorFromData(
    { client: { base_url: baseUrl }, resources: [{ name: 'items', columns, ...more }] },
    { name: 'shop' },
  )({})
}

describe('checkConnector', () => {
  it.each<[string, unknown, Data, string[]]>([
    ['nothing, where all is allowed', [{ id: 1, list: [1, 2] }], {}, []],
    [
      'rows of a table that may not be made',
      [{ id: 1, list: [1, 2] }],
      { schema_contract: { tables: 'discard_value' } },
      ['The contract leaves 2 rows or values out of items__list: tables.'],
    ],
    [
      'a value that does not fit',
      [{ id: 1 }, { id: 'two' }],
      { schema_contract: { data_type: 'discard_value' } },
      ['The contract leaves 1 row or value out of items: data_type.'],
    ],
  ])('warns of what a contract would leave out: %s [contracts.check]', async (_what, records, more, warnings) => {
    const connector = await connectorOf(records, more)
    const result = await checkConnector({ connector })
    expect(result.warnings.filter((warning) => warning.startsWith('The contract'))).toEqual(warnings)
  })

  it('fails as a run would where a contract freezes what comes [contracts.check]', async () => {
    const connector = await connectorOf([{ id: 1, list: [1] }], { schema_contract: 'freeze' })
    await expect(checkConnector({ connector })).rejects.toMatchObject({
      code: 'CONTRACT_BROKEN',
      message: expect.stringContaining('list'),
    })
  })
})

it('describeResources tells how a resource is merged [dispositions.described]', () => {
  const of = (more: Data) =>
    describeResources(
      connectorFromData({ client: { base_url: 'https://a.example' }, resources: [{ name: 'items', ...more }] }, { name: 'shop' })
        .connector,
    )[0]!
  expect(of({ primary_key: 'id', write_disposition: { disposition: 'merge', strategy: 'cdc' } }).mergeStrategy).toBe('mirror')
  expect(of({ primary_key: 'id', write_disposition: 'merge' }).mergeStrategy).toBe('delete-insert')
  expect(of({})).not.toHaveProperty('mergeStrategy')
})

import { json } from '@tributary/testkit'
import { BASE, configOf, itemsFrom, type JsonObject } from '../configs.ts'
import type { ParityCase, ParityGroup } from '../parity-case.ts'
import { items } from '../routes.ts'

const mistake = (name: string, shows: string, config: JsonObject, ours: RegExp, dlt: RegExp = ours): ParityCase => ({
  name: `mistake-${name}`,
  shows,
  config,
  routes: () => ({ '/items': json(items(1)) }),
  fails: { ours, dlt },
})

export const mistakes: ParityGroup = {
  topic: 'Top level: mistakes',
  cases: [
    mistake('top-level-key', 'An unknown key at the top', { ...itemsFrom(), resorces: [] }, /resorces/),
    mistake('client-key', "An unknown key of the client's", itemsFrom({}, { client: { base_ulr: BASE } }), /base_ulr/),
    mistake('resource-key', "An unknown key of a resource's", itemsFrom({}, { resource: { primry_key: 'id' } }), /primry_key/),
    mistake('endpoint-key', "An unknown key of an endpoint's", itemsFrom({ parms: { q: 1 } }), /parms/),
    mistake(
      'paginator-key',
      "An unknown key of a paginator's",
      itemsFrom({ paginator: { type: 'offset', limit: 2, ofset: 1 } }),
      /ofset/,
    ),
    mistake('paginator-type', 'A paginator type that there is not', itemsFrom({ paginator: { type: 'pages' } }), /pages/),
    mistake('paginator-name', 'A paginator name that there is not', itemsFrom({ paginator: 'pages' }), /pages/),
    mistake('offset-without-limit', 'An offset paginator without a limit', itemsFrom({ paginator: { type: 'offset' } }), /limit/),
    mistake('no-name', 'A resource without a name', configOf([{ endpoint: 'items' }]), /name/),
    mistake('two-of-one-name', 'Two resources of one name', configOf(['items', 'items']), /items/, /already defined/),
    mistake('no-client', 'No client', { resources: ['items'] }, /client/),
    mistake('no-resources', 'No resources', { client: { base_url: BASE } }, /resources/),
    mistake(
      'write-disposition',
      'A write disposition that there is not',
      itemsFrom({}, { resource: { write_disposition: 'upsert' } }),
      /upsert/,
    ),
    mistake(
      'merge-strategy',
      'A merge strategy that there is not',
      itemsFrom({}, { resource: { primary_key: 'id', write_disposition: { disposition: 'merge', strategy: 'upsrt' } } }),
      /upsrt/,
    ),
    mistake('contract', 'A contract that there is not', itemsFrom({}, { resource: { schema_contract: 'frozen' } }), /frozen/),
    mistake(
      'contract-part',
      'A part of a contract that there is not',
      itemsFrom({}, { resource: { schema_contract: { colums: 'freeze' } } }),
      /colums/,
    ),
    {
      name: 'mistake-dedup-sort',
      shows: 'An order that there is not',
      config: itemsFrom(
        {},
        { resource: { primary_key: 'id', write_disposition: 'merge', columns: { at: { dedup_sort: 'newest' } } } },
      ),
      routes: () => ({ '/items': json(items(1)) }),
      better: {
        reason: 'A mistake in the configuration is told before any request.',
        ours: { error: /newest/, requests: [] },
        dlt: { error: /newest/, requests: ['GET /items'] },
      },
    },
    mistake('method', 'A method that there is not', itemsFrom({ method: 'FETCH' }), /FETCH/),
    mistake('params-type', 'A param of a type that there is not', itemsFrom({ params: { q: { type: 'resolved' } } }), /resolved/),
    mistake('path-param', 'A placeholder in the path that nothing fills', itemsFrom({ path: 'items/{id}' }), /\bid\b/),
  ],
}

import { keyColumns } from '../connector/column.ts'
import type { ResourceDefaults } from '../connector/resource.ts'
import type { WriteDisposition } from '../load/plan.ts'
import { columnsOf } from './columns.ts'
import type { DispositionData } from './data.ts'
import type { MergedResource } from './merge.ts'
import type { Report } from './place.ts'

/**
 * How the rows of a resource are loaded. Reports a merge without a key, and what the vocabulary has but no load does yet:
 * nothing that was asked for is left undone in silence.
 */
export function dispositionOf(
  resource: MergedResource,
  report: Report,
): Pick<ResourceDefaults, 'primaryKey' | 'writeDisposition' | 'skipUnchanged'> {
  const { data, place, columns } = resource
  const { write_disposition: given = 'append', primary_key: key } = data
  const {
    disposition,
    strategy,
    skip_unchanged: skip,
  }: DispositionData = typeof given === 'string' ? { disposition: given } : (given ?? {})
  if (disposition === 'merge') checkMerge(resource, strategy ?? 'delete-insert', report)
  else if (strategy !== undefined && strategy !== null)
    report(
      [...place, 'write_disposition', 'strategy'],
      `is of a merge, but the disposition is ${disposition}. Write merge, or take the strategy out.`,
    )
  checkContract(resource, report)
  const hasKey = key !== undefined || keyColumns(columnsOf({ ...resource, columns }, () => {})).length > 0
  if (disposition === 'merge' && !hasKey && data.merge_key === undefined)
    report(
      [...place, 'primary_key'],
      'is missing. To merge, it takes the field, or the list of fields, that tells records apart.',
    )
  return {
    writeDisposition: (disposition ?? 'append') as WriteDisposition,
    ...(typeof skip === 'boolean' && { skipUnchanged: skip }),
    ...(key !== undefined && key !== null && { primaryKey: key }),
  }
}

function checkMerge({ data, columns, place }: MergedResource, strategy: string, report: Report): void {
  if (strategy !== 'delete-insert') {
    report(
      [...place, 'write_disposition', 'strategy'],
      `${strategy} is not supported yet. Write delete-insert, which replaces rows of the same key, or leave it out.`,
    )
  }
  if (data.merge_key !== undefined)
    report([...place, 'merge_key'], 'is not supported yet. Merge by primary_key, and take it out.')
  for (const [name, column] of Object.entries(columns)) {
    for (const hint of ['merge_key', 'hard_delete', 'dedup_sort'] as const) {
      if (column[hint] !== undefined && column[hint] !== null && column[hint] !== false)
        report([...place, 'columns', name, hint], 'is not supported yet in a merge. Take it out.')
    }
  }
}

function checkContract({ data, place }: MergedResource, report: Report): void {
  const contract = data.schema_contract ?? 'evolve'
  const rules = typeof contract === 'string' ? { '': contract } : contract
  for (const [part, rule] of Object.entries(rules)) {
    if (rule !== null && rule !== 'evolve')
      report(
        [...place, 'schema_contract', ...(part === '' ? [] : [part])],
        `${rule} is not supported yet. Write evolve, or leave it out.`,
      )
  }
}

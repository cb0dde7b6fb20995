import type { ContractMode, SchemaContract } from '@tributary/core'
import { unknownName, usageError } from './errors.ts'

const MODES: readonly ContractMode[] = ['evolve', 'freeze', 'discard_row', 'discard_value']
const FORM = 'one word, or one for each part: columns=freeze,data_type=discard_row'
const PARTS = { tables: 'tables', columns: 'columns', data_type: 'dataType' } as const

/** Reads `freeze`, or `columns=discard_row,data_type=freeze`. Throws a usage error. */
export function parseContract(text: string): SchemaContract {
  if (!text.includes('=')) return modeOf(text)
  const contract: Partial<Record<'tables' | 'columns' | 'dataType', ContractMode>> = {}
  for (const assignment of text.split(',')) {
    const [name = '', mode = '', ...more] = assignment.split('=').map((word) => word.trim())
    if (name === '' || more.length > 0) throw usageError(`--contract has ${JSON.stringify(assignment)}, but takes ${FORM}.`)
    if (!Object.hasOwn(PARTS, name)) throw unknownName('part of a contract called', name, Object.keys(PARTS))
    const part = PARTS[name as keyof typeof PARTS]
    if (contract[part] !== undefined) throw usageError(`--contract says twice what becomes of ${name}.`)
    contract[part] = modeOf(mode)
  }
  return contract
}

function modeOf(word: string): ContractMode {
  const mode = MODES.find((known) => known === word)
  if (mode === undefined) throw unknownName('contract', word, MODES, 'USAGE', `--contract takes ${FORM}.`)
  return mode
}

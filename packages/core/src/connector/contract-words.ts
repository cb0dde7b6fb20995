import type { ContractMode } from './contract.ts'

const MODES: readonly ContractMode[] = ['evolve', 'freeze', 'discard_row', 'discard_value']
const PARTS: readonly string[] = ['tables', 'columns', 'dataType']

/** What is wrong with a contract, as it goes on after its name: for callers that no compiler has checked. */
export function contractProblem(contract: unknown): string | undefined {
  if (typeof contract !== 'object' || contract === null) return contract === undefined ? undefined : modeProblem(contract)
  for (const [part, mode] of Object.entries(contract)) {
    if (!PARTS.includes(part)) return `has a part ${JSON.stringify(part)}; there are ${PARTS.join(', ')}`
    const problem = mode === undefined ? undefined : modeProblem(mode, ` for ${part}`)
    if (problem !== undefined) return problem
  }
  return undefined
}

const modeProblem = (mode: unknown, where = ''): string | undefined =>
  MODES.some((each) => each === mode) ? undefined : `is ${JSON.stringify(mode)}${where}; there are ${MODES.join(', ')}`

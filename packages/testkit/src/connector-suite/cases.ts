import { type ConnectorCase, forEachResource } from './case.ts'
import { cursorCases } from './cases/cursor.ts'
import { failureCases } from './cases/failures.ts'
import { keyCases } from './cases/keys.ts'
import { pageCases } from './cases/pages.ts'
import { parentCases } from './cases/parents.ts'
import { schemaCases } from './cases/schema.ts'
import { secretCases } from './cases/secrets.ts'

const RESOURCE_CASES = [...schemaCases, ...keyCases, ...cursorCases, ...pageCases, ...parentCases]

/** Every rule that a connector with these resources keeps, as cases that can be run one by one. */
export function connectorCases(resources: readonly string[]): readonly ConnectorCase[] {
  return [...RESOURCE_CASES.flatMap((each) => forEachResource(each, resources)), ...failureCases, ...secretCases]
}

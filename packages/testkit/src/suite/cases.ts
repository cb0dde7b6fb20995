import type { DestinationCase } from './case.ts'
import { appendCases } from './cases/append.ts'
import { atomicityCases } from './cases/atomicity.ts'
import { childCases } from './cases/children.ts'
import { concurrencyCases } from './cases/concurrency.ts'
import { duplicateCases } from './cases/duplicates.ts'
import { mergeCases } from './cases/merge.ts'
import { modelCases } from './cases/model.ts'
import { nameCases } from './cases/names.ts'
import { replaceCases } from './cases/replace.ts'
import { schemaCases } from './cases/schema-changes.ts'
import { stateCases } from './cases/state.ts'
import { typeCases } from './cases/types.ts'
import { volumeCases } from './cases/volume.ts'
import { wideningCases } from './cases/widening.ts'

/** Every rule of loading that a destination keeps, as cases that can be run one by one. */
export const destinationCases: readonly DestinationCase[] = [
  ...appendCases,
  ...replaceCases,
  ...mergeCases,
  ...duplicateCases,
  ...childCases,
  ...atomicityCases,
  ...stateCases,
  ...schemaCases,
  ...wideningCases,
  ...typeCases,
  ...nameCases,
  ...volumeCases,
  ...concurrencyCases,
  ...modelCases,
]

import type { ProcessingStep } from '../extract/steps.ts'
import type { StepData } from './data.ts'
import { drop, rename } from './fields.ts'
import { filterOf, hasCondition } from './filter.ts'
import { mask } from './mask.ts'
import type { Place, Report } from './place.ts'

const KINDS = ['drop', 'rename', 'mask', 'filter'] as const

/** The steps of a file, as functions. Reports those that do several things or nothing, and hashes without a salt. */
export function stepsOf(steps: readonly StepData[], place: Place, report: Report): ProcessingStep[] {
  return steps.flatMap((step, index) => {
    const at = [...place, 'processing_steps', index]
    const kinds = KINDS.filter((kind) => step[kind] !== undefined && step[kind] !== null)
    if (kinds.length !== 1) {
      report(
        at,
        `does ${kinds.length === 0 ? 'nothing' : `${kinds.join(' and ')} at once`}. A step is one of ${KINDS.join(', ')}; write several steps.`,
      )
      return []
    }
    checkStep(step, at, report)
    return [stepOf(step)]
  })
}

function checkStep({ mask: masks, salt, filter }: StepData, at: Place, report: Report): void {
  const hashed = Object.entries(masks ?? {}).find(([, how]) => how === 'hash')?.[0]
  const hasSalt = salt !== undefined && salt !== null
  if (hashed !== undefined && !hasSalt)
    report(
      [...at, 'salt'],
      `is missing. A hash needs a secret, or anybody could try out values: { mask: { ${hashed}: hash }, salt: "\${MASK_SALT}" }.`,
    )
  if (hashed === undefined && hasSalt) report([...at, 'salt'], 'has nothing to salt: only mask with hash takes one. Take it out.')
  if (filter !== undefined && filter !== null && !hasCondition(filter))
    report([...at, 'filter'], 'has no condition. Give equals, not_equals, in, exists, greater_than or less_than.')
}

function stepOf(step: StepData): ProcessingStep {
  if (step.drop) return { map: drop(step.drop) }
  if (step.rename) return { map: rename(step.rename) }
  if (step.mask) return { map: mask(step.mask, step.salt ?? '') }
  return { filter: filterOf(step.filter!) }
}

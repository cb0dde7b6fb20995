import { TributaryError } from '../errors.ts'
import type { JsonValue } from '../http/request.ts'
import { toJsonValue } from './json-value.ts'

/** One thing that becomes of each record. Steps run in their order; a function that throws fails the resource. */
export type ProcessingStep =
  /** Keeps the records for which it answers true. */
  | { readonly filter: (record: JsonValue) => boolean }
  /** Puts another record in its place. */
  | { readonly map: (record: JsonValue) => JsonValue }
  /** Puts any number of records in its place. */
  | { readonly flatMap: (record: JsonValue) => Iterable<JsonValue> }

/**
 * What steps make of records. `position`: of the first on the page. `onFiltered` is called for each record that a filter left out. Throws
 * `STEP_FAILED`, naming the step and the record.
 */
export type ApplySteps = (records: readonly JsonValue[], position: number, onFiltered?: () => void) => readonly JsonValue[]

/** What one step makes of what the steps before it made of one record. */
type ApplyStep = (records: readonly JsonValue[], position: number, onFiltered: () => void) => JsonValue[]

/** Compiles the steps of a resource. Throws `RESOURCE_INVALID` for a step that is none. */
export function compileSteps(resource: string, steps: readonly ProcessingStep[]): ApplySteps {
  const compiled = steps.map((step, index) => compileStep(resource, step, index))
  if (compiled.length === 0) return (records) => records
  return (records, position, onFiltered = () => {}) =>
    records.flatMap((record, index) => compiled.reduce((sofar, apply) => apply(sofar, position + index, onFiltered), [record]))
}

const KINDS = ['filter', 'map', 'flatMap'] as const

function compileStep(resource: string, step: ProcessingStep, index: number): ApplyStep {
  const names = typeof step === 'object' && step !== null ? Object.keys(step) : []
  const kind = KINDS.find((each) => each === names[0])
  if (kind === undefined || names.length !== 1 || typeof (step as Record<string, unknown>)[kind] !== 'function') {
    throw new TributaryError({
      code: 'RESOURCE_INVALID',
      recovery: 'fix-config',
      message: `The resource ${resource} cannot run: its processing step ${index + 1} should be one function under filter, map or flatMap, but has ${names.join(', ') || 'none'}.`,
    })
  }
  const guarded =
    <T>(apply: (record: JsonValue) => T) =>
    (record: JsonValue, place: number): T => {
      try {
        const made = apply(record)
        return awaited(made)
      } catch (error) {
        throw failed(resource, `${index + 1} (${kind})`, place, error)
      }
    }
  if ('filter' in step) {
    const keeps = guarded(step.filter)
    return (records, position, onFiltered) => {
      const kept = records.filter((record) => keeps(record, position))
      if (kept.length < records.length) onFiltered()
      return kept
    }
  }
  if ('map' in step) {
    const change = guarded((record) => toJsonValue(awaited(step.map(record))))
    return (records, position) => records.map((record) => change(record, position))
  }
  const spread = guarded((record) => listOf(step.flatMap(record)).map((each) => toJsonValue(each)))
  return (records, position) => records.flatMap((record) => spread(record, position))
}

function awaited<T>(made: T): T {
  if (made === undefined) throw new TypeError('it gave nothing back')
  if (made instanceof Promise) throw new TypeError('it is asynchronous, which a step cannot be')
  return made
}

/** A text can be iterated too, but nobody means its letters. */
function listOf(made: Iterable<JsonValue>): JsonValue[] {
  awaited(made)
  if (typeof made === 'object' && made !== null && Symbol.iterator in made) return [...made]
  throw new TypeError(`it gave a ${made === null ? 'null' : typeof made} back, where a list of records was expected`)
}

function failed(resource: string, step: string, place: number, cause: unknown): TributaryError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new TributaryError({
    code: 'STEP_FAILED',
    recovery: 'fix-config',
    message: `${resource}: processing step ${step} failed at record ${place + 1} of its page: ${reason}. Mend the function, or let a step before it leave such records out.`,
    cause,
  })
}

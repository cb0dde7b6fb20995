/**
 * Why a run has not read all that there is. `range`: a cursor or a window asked for a part, or a limit for a few pages; what lies in
 * that part came as a whole.
 */
export type Shortfall = 'range' | 'other'

/** Notes what stood in the way of reading everything: what did not come then may still be there. */
export interface Completeness {
  /** `reason`: what happened, so that it reads behind `because`. Noted once. */
  fallsShort(reason: string, kind: Shortfall): void
  /** Whether nothing stood in the way. `withinRange`: but for a range. */
  isComplete(withinRange: boolean): boolean
  /** The reasons, in the order in which they came up. */
  reasons(withinRange: boolean): string
}

export function createCompleteness(): Completeness {
  const reasons = new Map<string, Shortfall>()
  const that = (withinRange: boolean): string[] =>
    [...reasons].flatMap(([reason, kind]) => (withinRange && kind === 'range' ? [] : [reason]))
  return {
    fallsShort: (reason, kind) => void reasons.set(reason, reasons.get(reason) ?? kind),
    isComplete: (withinRange) => that(withinRange).length === 0,
    reasons: (withinRange) => that(withinRange).join(', and '),
  }
}

import type { ConnectorSuiteOptions } from './options.ts'
import type { ResourceFacts, Survey } from './survey.ts'

/** What a case is about: the options of the suite, and what a first run told of the connector. */
export interface Subject {
  readonly options: ConnectorSuiteOptions
  readonly survey: Survey
}

/** One rule that every connector keeps. */
export interface ConnectorCase {
  /** Unique. At its end stand the rules that it holds, in square brackets. */
  readonly name: string
  /** Why it cannot be applied; undefined: it can. */
  applies?(subject: Subject): string | undefined
  /** Rejects where the connector breaks the rule. */
  run(subject: Subject): Promise<void>
}

/** One rule that every resource keeps: a case for each of them, called `<resource>: <name>`. */
export interface ResourceCase {
  readonly name: string
  applies?(resource: ResourceFacts, subject: Subject): string | undefined
  run(resource: ResourceFacts, subject: Subject): Promise<void>
}

/** The cases of a rule for the resources of a connector. */
export function forEachResource({ name, applies, run }: ResourceCase, names: readonly string[]): ConnectorCase[] {
  return names.map((resource): ConnectorCase => {
    const of = ({ survey }: Subject): ResourceFacts => survey.resources.find((facts) => facts.name === resource)!
    return {
      name: `${resource}: ${name}`,
      ...(applies !== undefined && { applies: (subject) => applies(of(subject), subject) }),
      run: (subject) => run(of(subject), subject),
    }
  })
}

/** The first of several reasons, if there is any. */
export const firstReason = (...reasons: readonly (string | false | undefined)[]): string | undefined =>
  reasons.find((reason): reason is string => typeof reason === 'string')

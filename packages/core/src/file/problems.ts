import * as v from 'valibot'
import { TributaryError } from '../errors.ts'
import { type Place, type Problem, placeText } from './place.ts'
import { connectorSchema } from './schema/connector.ts'

/** An error is read at a glance, or not at all. */
const LINES = 5

/** What is wrong with the shape of a file's data. */
export function validate(data: unknown): Problem[] {
  const { issues = [] } = v.safeParse(connectorSchema, data)
  return issues.flatMap((issue) => leaves(issue, []))
}

type Issue = v.BaseIssue<unknown>

/**
 * The issues that say what is wrong. Of a union, these are the ones of the alternative that was probably meant, for it
 * is of the right kind and something inside of it is wrong; where there is none, that of the union itself.
 */
function leaves(issue: Issue, above: Place): Problem[] {
  const place = [...above, ...keysOf(issue)]
  if (issue.type !== 'union' || issue.issues === undefined) return [{ place, text: issue.message }]
  const inside = issue.issues.filter(isInside)
  return inside.length === 0 ? [{ place, text: issue.message }] : inside.flatMap((each) => leaves(each, place))
}

function isInside(issue: Issue): boolean {
  return keysOf(issue).length > 0 || (issue.issues ?? []).some(isInside)
}

const keysOf = (issue: Issue): Place => (issue.path ?? []).map(({ key }) => key as string | number)

/** The error of a file: its problems, one a line, the first ones where there are many. `source`: as the author knows it. */
export function fileError(source: string, data: unknown, problems: readonly Problem[]): TributaryError {
  const lines = problems.map(({ place, text }) => `  ${place.length === 0 ? '' : `${placeText(place, data)}: `}${text}`)
  const shown = lines.length < LINES ? lines : lines.slice(0, LINES - 2)
  const more = lines.length - shown.length
  const title = problems.length === 1 ? `There is a mistake in ${source}:` : `There are ${problems.length} mistakes in ${source}:`
  return invalidFile([title, ...shown, ...(more > 0 ? [`  and ${more} more.`] : [])].join('\n'))
}

export const invalidFile = (message: string): TributaryError =>
  new TributaryError({ code: 'CONNECTOR_INVALID', recovery: 'fix-config', message })

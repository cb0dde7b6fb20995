import type { Paginator } from './paginator.ts'

/** One request, and no more. */
export function singlePage(): Paginator {
  return { first: (request) => request, next: () => [] }
}

import type { Paginator } from './paginator.ts'

/** One request, and no more. */
export function singlePage(): Paginator {
  return { kind: 'single_page', first: (request) => request, next: () => [] }
}

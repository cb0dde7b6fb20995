import type { ParityGroup } from '../parity-case.ts'
import { actions } from './actions.ts'
import { auth } from './auth.ts'
import { contracts } from './contracts.ts'
import { dependents } from './dependents.ts'
import { detection } from './detection.ts'
import { http } from './http.ts'
import { incrementals } from './incremental.ts'
import { loading } from './loading.ts'
import { mergeKeys } from './merge-keys.ts'
import { merges } from './merges.ts'
import { mistakes } from './mistakes.ts'
import { paginateCursor } from './paginate-cursor.ts'
import { paginateLink } from './paginate-link.ts'
import { paginateOffset } from './paginate-offset.ts'
import { paginatePage } from './paginate-page.ts'
import { requests } from './requests.ts'
import { tables } from './shapes.ts'

/** In the order of the page that is made of them. */
export const groups: readonly ParityGroup[] = [
  mistakes,
  loading,
  merges,
  mergeKeys,
  contracts,
  tables,
  requests,
  auth,
  paginateOffset,
  paginatePage,
  paginateCursor,
  paginateLink,
  detection,
  dependents,
  actions,
  http,
  incrementals,
]

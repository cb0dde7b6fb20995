import type { DestinationCase } from './case.ts'
import { appendCases } from './cases/append.ts'
import { atomicityCases } from './cases/atomicity.ts'
import { childCases } from './cases/children.ts'
import { concurrencyCases } from './cases/concurrency.ts'
import { dedupSortCases } from './cases/dedup-sort.ts'
import { dedupSortMeetsCases } from './cases/dedup-sort-meets.ts'
import { dedupSortTieCases } from './cases/dedup-sort-ties.ts'
import { doubledKeyCases } from './cases/doubled-keys.ts'
import { doubledKeyScd2Cases } from './cases/doubled-keys-scd2.ts'
import { duplicateCases } from './cases/duplicates.ts'
import { formCases } from './cases/forms.ts'
import { halfPairCases } from './cases/half-pairs.ts'
import { hardDeleteCases } from './cases/hard-delete.ts'
import { insertOnlyCases } from './cases/insert-only.ts'
import { lookingCases } from './cases/looking.ts'
import { mergeCases } from './cases/merge.ts'
import { mergeKeyCases } from './cases/merge-key.ts'
import { mergeKeyMeetsCases } from './cases/merge-key-meets.ts'
import { mirrorCases } from './cases/mirror.ts'
import { modelCases } from './cases/model.ts'
import { nameCases } from './cases/names.ts'
import { nameOptionCases } from './cases/names-options.ts'
import { noMergeCases } from './cases/no-merge.ts'
import { rejectCases } from './cases/rejects.ts'
import { repeatCases } from './cases/repeats.ts'
import { replaceCases } from './cases/replace.ts'
import { replayCases } from './cases/replays.ts'
import { scd2Cases } from './cases/scd2.ts'
import { scd2AbsentCases } from './cases/scd2-absent.ts'
import { scd2FromPlainCases } from './cases/scd2-from-plain.ts'
import { scd2RefreshCases } from './cases/scd2-refresh.ts'
import { schemaCases } from './cases/schema-changes.ts'
import { schemaVersionCases } from './cases/schema-versions.ts'
import { stateCases } from './cases/state.ts'
import { typeCases } from './cases/types.ts'
import { upsertCases } from './cases/upsert.ts'
import { upsertGapCases } from './cases/upsert-gaps.ts'
import { upsertListCases } from './cases/upsert-lists.ts'
import { upsertRepeatCases } from './cases/upsert-repeats.ts'
import { volumeCases } from './cases/volume.ts'
import { volumeStrategyCases } from './cases/volume-strategies.ts'
import { wideningCases } from './cases/widening.ts'

/** Every rule of loading that a destination keeps, as cases that can be run one by one. */
export const destinationCases: readonly DestinationCase[] = [
  ...appendCases,
  ...replaceCases,
  ...noMergeCases,
  ...mergeCases,
  ...duplicateCases,
  ...childCases,
  ...upsertCases,
  ...upsertGapCases,
  ...upsertListCases,
  ...upsertRepeatCases,
  ...insertOnlyCases,
  ...scd2Cases,
  ...scd2RefreshCases,
  ...scd2AbsentCases,
  ...scd2FromPlainCases,
  ...mirrorCases,
  ...mergeKeyCases,
  ...mergeKeyMeetsCases,
  ...dedupSortCases,
  ...dedupSortTieCases,
  ...dedupSortMeetsCases,
  ...hardDeleteCases,
  ...doubledKeyCases,
  ...doubledKeyScd2Cases,
  ...repeatCases,
  ...replayCases,
  ...rejectCases,
  ...atomicityCases,
  ...stateCases,
  ...schemaCases,
  ...schemaVersionCases,
  ...lookingCases,
  ...formCases,
  ...wideningCases,
  ...typeCases,
  ...halfPairCases,
  ...nameCases,
  ...nameOptionCases,
  ...volumeCases,
  ...volumeStrategyCases,
  ...concurrencyCases,
  ...modelCases,
]

import { type DatasetReader, isTributaryError } from '@tributary/core'
import type { DestinationSpec } from './destinations.ts'
import { unknownName, usageError } from './errors.ts'

/** Opens datasets of a destination for looking, one after the other: the named one, or all. Throws `DATASET_UNKNOWN`, `FILE_NOT_FOUND`. */
export async function eachDataset<T>(
  spec: DestinationSpec,
  named: string | undefined,
  look: (dataset: string, reader: DatasetReader) => Promise<T>,
): Promise<T[]> {
  const destination = await spec.make()
  const names = await destination.datasets()
  if (named !== undefined && !names.includes(named)) throw unknownDataset(spec, named, names)
  const seen: T[] = []
  for (const name of named === undefined ? names : [named]) {
    const reader = await destination.inspect(name)
    try {
      seen.push(await look(name, reader))
    } finally {
      await reader.close()
    }
  }
  return seen
}

/**
 * `name`, if there is a dataset of that name: what writes to one would make it otherwise. Throws `DATASET_UNKNOWN`,
 * `FILE_NOT_FOUND`. Where a sync is at work, this is left to who opens the dataset, and waits for its turn there.
 */
export async function existingDataset(spec: DestinationSpec, name: string): Promise<string> {
  try {
    const names = await (await spec.make()).datasets()
    if (names.includes(name)) return name
    throw unknownDataset(spec, name, names)
  } catch (error) {
    if (isTributaryError(error) && error.code === 'DATASET_IN_USE') return name
    throw error
  }
}

/** The one dataset that is meant: the named one, or the only one that there is. Throws a usage error where that is not clear. */
export async function oneDataset(spec: DestinationSpec, named: string | undefined): Promise<string> {
  if (named !== undefined) return await existingDataset(spec, named)
  const names = await (await spec.make()).datasets()
  const [only, ...others] = names
  if (only === undefined)
    throw usageError(`There are no datasets in ${spec.path}. Sync into it first, or name another.`, 'DATASET_UNKNOWN')
  if (others.length > 0) throw usageError(`${spec.path} has several datasets: say which with --dataset ${names.join(' | ')}.`)
  return only
}

const unknownDataset = ({ path }: DestinationSpec, name: string, names: readonly string[]): Error =>
  unknownName(`dataset in ${path} called`, name, names, 'DATASET_UNKNOWN')

import type { DatasetReader } from '@tributary/core'
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

/** The one dataset that is meant: the named one, or the only one that there is. Throws a usage error where that is not clear. */
export async function oneDataset(spec: DestinationSpec, named: string | undefined): Promise<string> {
  const names = await (await spec.make()).datasets()
  if (named !== undefined) {
    if (names.includes(named)) return named
    throw unknownDataset(spec, named, names)
  }
  const [only, ...others] = names
  if (only === undefined)
    throw usageError(`There are no datasets in ${spec.path}. Sync into it first, or name another.`, 'DATASET_UNKNOWN')
  if (others.length > 0) throw usageError(`${spec.path} has several datasets: say which with --dataset ${names.join(' | ')}.`)
  return only
}

const unknownDataset = ({ path }: DestinationSpec, name: string, names: readonly string[]): Error =>
  unknownName(`dataset in ${path} called`, name, names, 'DATASET_UNKNOWN')

import { join } from 'node:path'
import { type JsonValue, type LoadPlan, parseJson, type Reject, stringifyJson } from '@tributary/core'
import { placeFile } from './files.ts'
import { createLineWriter, type LineWriter, readLines } from './line-files.ts'
import type { RejectFile } from './manifest.ts'
import { REJECTS } from './paths.ts'

/** `<load>.jsonl`; `<load>-<other>.jsonl` where a load writes anew what another one had left out. */
export const isRejectFile = (name: string): boolean => /^\d+(?:-\d+)?\.jsonl$/.test(name)

/** What a load leaves out, in files of its own until it is committed: one for each load that had left it out first. */
export interface StagedRejects {
  write(rejects: readonly Reject[]): Promise<void>
  /**
   * The rejects of a dataset after the load: those of before without what the load takes away, and its own. Puts their files in their
   * place, where nobody sees them until the manifest names them.
   */
  place(folder: string, before: readonly RejectFile[]): Promise<RejectFile[]>
  /** Lets the files go that are still open. */
  close(): Promise<void>
}

interface StagedFile {
  readonly name: string
  readonly path: string
  readonly writer: LineWriter
  /** Position of the record of the last one. */
  last: number
  isSorted: boolean
}

export function stageRejects(staging: string, plan: LoadPlan): StagedRejects {
  const files = new Map<number, StagedFile>()
  const close = async (): Promise<void> => {
    for (const { writer } of files.values()) await writer.close()
  }
  /** A file of before as it is, or what is left of it in a file of this load. */
  const withoutOutdated = async (
    folder: string,
    file: RejectFile,
    gone: ReadonlySet<number> | undefined,
  ): Promise<RejectFile[]> => {
    if (gone === undefined) return [file]
    const name = `${plan.id}-${file.loadId}.jsonl`
    const path = join(staging, `rejects-${name}`)
    const rows = await copyWithout(join(folder, REJECTS, file.name), path, gone)
    if (rows === 0) return []
    await placeFile(path, join(folder, REJECTS, name))
    return [{ ...file, name, rows }]
  }
  return {
    async write(rejects) {
      for (const loadId of new Set(rejects.map((reject) => reject.loadId))) {
        const group = rejects.filter((reject) => reject.loadId === loadId)
        const name = loadId === plan.id ? `${plan.id}.jsonl` : `${plan.id}-${loadId}.jsonl`
        const path = join(staging, `rejects-${name}`)
        const file = files.get(loadId) ?? { name, path, writer: await createLineWriter(path), last: 0, isSorted: true }
        files.set(loadId, file)
        for (const { sequence } of group) {
          file.isSorted &&= sequence >= file.last
          file.last = sequence
        }
        await file.writer.write(group.map((reject) => stringifyJson(reject as unknown as JsonValue)))
      }
    },
    async place(folder, before) {
      await close()
      const outdated = outdatedOf(plan)
      const kept: RejectFile[] = []
      for (const file of before) {
        if (file.resource !== plan.resource) kept.push(file)
        else if (!isTaken(plan, file)) kept.push(...(await withoutOutdated(folder, file, outdated.get(file.loadId))))
      }
      for (const [loadId, { name, path, writer, isSorted }] of files) {
        if (!isSorted) await sortFile(path)
        const gone = outdated.get(loadId)
        const left = gone === undefined ? path : `${path}.left`
        const rows = gone === undefined ? writer.rows : await copyWithout(path, left, gone)
        if (rows === 0) continue
        await placeFile(left, join(folder, REJECTS, name))
        kept.push({ name, loadId, resource: plan.resource, rows })
      }
      files.clear()
      return kept.sort((a, b) => a.loadId - b.loadId)
    },
    async close() {
      await close()
      files.clear()
    },
  }
}

/** Whether a load takes away all rejects of a file of its resource. */
const isTaken = ({ disposition, replays }: LoadPlan, { loadId }: RejectFile): boolean =>
  disposition === 'replace' || loadId === replays

/** Sequences of rejects that go, by their load. */
function outdatedOf({ outdatedRejects = [] }: LoadPlan): Map<number, Set<number>> {
  const byLoad = new Map<number, Set<number>>()
  for (const { loadId, sequence } of outdatedRejects) byLoad.set(loadId, (byLoad.get(loadId) ?? new Set()).add(sequence))
  return byLoad
}

/** Brings rejects into the order of their records. That they come in another one is rare, so they are sorted in memory. */
async function sortFile(path: string): Promise<void> {
  const lines: { line: string; sequence: number }[] = []
  for await (const part of readLines(path)) for (const line of part) lines.push({ line, sequence: sequenceOf(line) })
  lines.sort((a, b) => a.sequence - b.sequence)
  const writer = await createLineWriter(path)
  await writer.write(lines.map(({ line }) => line))
  await writer.close()
}

/** Copies a file of rejects without those that are gone; answers how many are left. */
async function copyWithout(from: string, to: string, gone: ReadonlySet<number>): Promise<number> {
  const writer = await createLineWriter(to)
  for await (const lines of readLines(from)) await writer.write(lines.filter((line) => !gone.has(sequenceOf(line))))
  await writer.close()
  return writer.rows
}

const sequenceOf = (line: string): number => (parseJson(line) as unknown as Reject).sequence

/** Reads a file of rejects, in the order in which they were staged, which is that of their records. */
export async function* readRejects(folder: string, { name }: RejectFile): AsyncGenerator<Reject> {
  for await (const lines of readLines(join(folder, REJECTS, name))) {
    for (const line of lines) yield parseJson(line) as unknown as Reject
  }
}

import { join } from 'node:path'
import { type JsonValue, type LoadPlan, parseJson, type Reject, stringifyJson } from '@tributary/core'
import { placeFile } from './files.ts'
import { createLineWriter, type LineWriter, readLines } from './line-files.ts'
import type { RejectFile } from './manifest.ts'
import { REJECTS } from './paths.ts'

/** `<load>.jsonl`; `<load>-<other>.jsonl` where a load stages again what another one had left out. */
export const isRejectFile = (name: string): boolean => /^\d+(?:-\d+)?\.jsonl$/.test(name)

/** What a load leaves out, in files of its own until it is committed: one for each load that had left it out first. */
export interface StagedRejects {
  write(rejects: readonly Reject[]): Promise<void>
  /** Puts the files in their place, where nobody sees them until the manifest names them. */
  place(folder: string): Promise<RejectFile[]>
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
    async place(folder) {
      await close()
      const placed: RejectFile[] = []
      for (const [loadId, { name, path, writer, isSorted }] of files) {
        if (!isSorted) await sortFile(path)
        await placeFile(path, join(folder, REJECTS, name))
        placed.push({ name, loadId, resource: plan.resource, rows: writer.rows })
      }
      files.clear()
      return placed
    },
    async close() {
      await close()
      files.clear()
    },
  }
}

/** Brings rejects into the order of their records. That they come in another one is rare, so they are sorted in memory. */
async function sortFile(path: string): Promise<void> {
  const lines: { line: string; sequence: number }[] = []
  for await (const part of readLines(path)) {
    for (const line of part) lines.push({ line, sequence: (parseJson(line) as unknown as Reject).sequence })
  }
  lines.sort((a, b) => a.sequence - b.sequence)
  const writer = await createLineWriter(path)
  await writer.write(lines.map(({ line }) => line))
  await writer.close()
}

/** The rejects of a dataset after a load: without those of the resource that it takes away, and with its own. */
export function nextRejects(
  before: readonly RejectFile[],
  { resource, disposition, replays }: LoadPlan,
  placed: readonly RejectFile[],
): RejectFile[] {
  const isGone = (file: RejectFile): boolean =>
    file.resource === resource && (disposition === 'replace' || file.loadId === replays)
  return [...before.filter((file) => !isGone(file)), ...placed].sort((a, b) => a.loadId - b.loadId)
}

/** Reads a file of rejects, in the order in which they were staged, which is that of their records. */
export async function* readRejects(folder: string, { name }: RejectFile): AsyncGenerator<Reject> {
  for await (const lines of readLines(join(folder, REJECTS, name))) {
    for (const line of lines) yield parseJson(line) as unknown as Reject
  }
}

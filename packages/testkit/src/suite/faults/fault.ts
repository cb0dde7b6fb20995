import type { Batch, Dataset, DatasetReader, Destination, LoadPlan, LoadSession } from '@tributary/core'
import { memoryDestination } from '../../memory/memory-destination.ts'
import type { DestinationCase } from '../case.ts'
import { destinationCases } from '../cases.ts'

/** What a fault changes of a destination that is right. */
export interface Fault {
  plan?(plan: LoadPlan): LoadPlan
  /** `undefined`: the batch is lost. */
  batch?(batch: Batch): Batch | undefined
  session?(session: LoadSession, plan: LoadPlan, written: readonly Batch[]): LoadSession
  dataset?(dataset: Dataset): Dataset
  open?(open: Destination['open']): Destination['open']
  look?(reader: DatasetReader): DatasetReader
  destination?(destination: Destination): Destination
}

/** Faults by what is wrong with the destination, each with the name of a case that must notice it, but for its rule. */
export type Faults = Readonly<Record<string, Fault & { readonly noticedBy: string }>>

/** A destination with the fault, on top of one without any. */
function withFault(destination: Destination, fault: Fault): Destination {
  const open: Destination['open'] = async (name) => {
    const opened = await destination.open(name)
    const dataset = fault.dataset?.(opened) ?? opened
    return {
      ...dataset,
      async begin(given) {
        const plan = fault.plan?.(given) ?? given
        const session = await dataset.begin(plan)
        const written: Batch[] = []
        const write = async (given: Batch): Promise<void> => {
          const batch = fault.batch === undefined ? given : fault.batch(given)
          if (batch === undefined) return
          written.push(batch)
          await session.write(batch)
        }
        return { ...(fault.session?.(session, plan, written) ?? session), write }
      },
    }
  }
  const inspect: Destination['inspect'] = async (name) => {
    const reader = await destination.inspect(name)
    return fault.look?.(reader) ?? reader
  }
  const faulty = { ...destination, open: fault.open?.(open) ?? open, inspect }
  return fault.destination?.(faulty) ?? faulty
}

/** Whether a case passes with a destination that has the fault. */
export async function passes({ run }: DestinationCase, fault: Fault): Promise<boolean> {
  return run({ destination: withFault(memoryDestination({ lockTimeout: 250 }), fault) }).then(
    () => true,
    () => false,
  )
}

/** A case's name without the rule at its end. */
export function withoutRule({ name }: DestinationCase): string {
  return name.replace(/ \[[^\]]*\]$/, '')
}

export function caseNamed(name: string): DestinationCase | undefined {
  return destinationCases.find((candidate) => withoutRule(candidate) === name)
}

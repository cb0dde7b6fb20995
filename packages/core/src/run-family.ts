import type { ResolvedResource } from './connector/resolve.ts'
import { failedResource } from './failed-resource.ts'
import type { ApiClient } from './http/client.ts'
import { stringifyJson } from './http/json.ts'
import type { JsonValue } from './http/request.ts'
import { readFamily } from './read-family.ts'
import { type ResourceRun, type RunContext, startResource } from './run-resource.ts'

/** A resource with all that depends on it. */
export interface Family {
  readonly resource: ResolvedResource
  readonly children: readonly Family[]
}

/** The families of a connector: resources that depend on none, with those that depend on them. */
export function familiesOf(resources: readonly ResolvedResource[], parent?: string): Family[] {
  return resources
    .filter((resource) => resource.parent?.resource === parent)
    .map((resource) => ({ resource, children: familiesOf(resources, resource.name) }))
}

/**
 * Runs a family to its end: each resource is requested once, however many depend on it. Never throws: what went wrong is
 * in the results of the resources, and nothing uncommitted is left.
 */
export async function runFamily(family: Family, context: RunContext & { readonly client: ApiClient }): Promise<ResourceRun[]> {
  const runs = startAll(family, [], context)
  for (const group of groupsByProgress(runs.filter((run) => run.isAlive()))) {
    try {
      await readFamily(family, group, context)
      context.signal.throwIfAborted()
      for (const run of group) await finish(run)
    } catch (error) {
      for (const run of group) await run.fail(error)
    }
  }
  return runs
}

async function finish(run: ResourceRun): Promise<void> {
  if (!run.isAlive()) return
  try {
    await run.finish()
  } catch (error) {
    await run.fail(error)
  }
}

function startAll({ resource, children }: Family, above: readonly ResolvedResource[], context: RunContext): ResourceRun[] {
  const lineage = [...above, resource]
  const own = resource.isLoaded ? [start(lineage, context)] : []
  return [...own, ...children.flatMap((child) => startAll(child, lineage, context))]
}

function start(lineage: readonly ResolvedResource[], context: RunContext): ResourceRun {
  try {
    return startResource(context, lineage)
  } catch (error) {
    return failedResource(context, lineage.at(-1)!, error)
  }
}

/** Resources that go on from the same place, or start anew, are read together. */
function groupsByProgress(runs: readonly ResourceRun[]): ResourceRun[][] {
  const groups = new Map<string, ResourceRun[]>()
  for (const run of runs) {
    const place = stringifyJson(
      (run.pending === undefined ? null : [run.pending.requests, run.pending.bounds ?? null]) as JsonValue,
    )
    groups.set(place, [...(groups.get(place) ?? []), run])
  }
  return [...groups.values()]
}

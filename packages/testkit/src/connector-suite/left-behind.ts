import { type JsonValue, stringifyJson } from '@tributary/core'
import type { Run } from './api.ts'

/** All that a run says or keeps, as text: results, events, errors, rows, schemas, state and loads. By where it stands. */
export async function leftBehind(run: Run): Promise<Map<string, string>> {
  const { result, thrown, events, destination } = run
  const texts = new Map([
    ['its result', textOf(result)],
    ['its events', textOf(events)],
    ['its error', thrown === undefined ? '' : `${thrown.message} ${thrown.stack}`],
  ])
  for (const name of await destination.datasets()) {
    const reader = await destination.inspect(name)
    const { state, loads } = await reader.read()
    texts.set('its state', textOf(state))
    texts.set('its loads', textOf(loads))
    texts.set('its schemas', textOf(await reader.schemaVersions()))
    texts.set('its rejects', textOf(await all(reader.rejects())))
    for (const table of Object.keys(state.tables)) texts.set(`the table ${table}`, textOf(await all(reader.rows(table))))
    await reader.close()
  }
  return texts
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}

const textOf = (value: unknown): string => stringifyJson((value ?? null) as JsonValue)

import type { JsonValue } from '@tributary/core'

export type JsonObject = { [key: string]: JsonValue }

/** Stands for the mock API's address, in configurations and in what is compared. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: a placeholder of configuration files
export const BASE = '${PARITY_BASE_URL}'

interface More {
  /** Added to the client. */
  client?: JsonObject
  /** Added to the resource. */
  resource?: JsonObject
  defaults?: JsonObject
}

/** A configuration with one resource, `items`, at the path `items`. */
export const itemsFrom = (endpoint: JsonObject = {}, { client = {}, resource = {}, defaults }: More = {}): JsonObject => ({
  client: { base_url: BASE, ...client },
  ...(defaults !== undefined && { resource_defaults: defaults }),
  resources: [{ name: 'items', endpoint: { path: 'items', ...endpoint }, ...resource }],
})

/** A configuration with these resources. */
export const configOf = (resources: JsonValue[], { client = {}, defaults }: Omit<More, 'resource'> = {}): JsonObject => ({
  client: { base_url: BASE, ...client },
  ...(defaults !== undefined && { resource_defaults: defaults }),
  resources,
})

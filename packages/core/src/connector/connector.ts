import type * as v from 'valibot'
import { TributaryError } from '../errors.ts'
import { type OptionInfo, type OptionsSchema, optionInfos, parseOptions } from './options.ts'
import type { ClientConfig, KeyOf, ReferencesOf, Resource, ResourceDefaults, ResourceRow } from './resource.ts'

// biome-ignore lint/suspicious/noExplicitAny: a record of resources holds rows and options of any type
export type Resources = Record<string, Resource<any, any, any>>

export interface ConnectorDefinition<TOptions extends OptionsSchema, TResources extends Resources> {
  /** Lower case with hyphens, such as `service-desk`. Environment variables and the dataset are named after it. */
  name: string
  /** Of the connector, kept with each load. Default `0.0.0`. */
  version?: string
  /** One sentence for `tributary list`. */
  description?: string
  options: TOptions
  client: (options: v.InferOutput<TOptions>) => ClientConfig
  /** For all resources. A key must exist in every one of them. */
  resourceDefaults?: ResourceDefaults<KeyOf<ResourceRow<TResources[keyof TResources]>>>
  resources: TResources & {
    [Name in keyof TResources]: AcceptsOptions<TResources[Name], v.InferOutput<TOptions>> &
      ([MissingReferences<TResources[Name], TResources>] extends [never] ? unknown : never)
  }
}

/** References of a resource's placeholders to a resource that there is not, or to a field that its schema does not have. */
type MissingReferences<TResource, TResources> =
  string extends ReferencesOf<TResource>
    ? never
    : {
        [Reference in ReferencesOf<TResource>]: Reference extends `${infer Parent}.${infer Field}`
          ? Parent extends keyof TResources
            ? Field extends KeyOf<ResourceRow<TResources[Parent]>>
              ? never
              : Reference
            : Reference
          : Reference
      }[ReferencesOf<TResource>]

/** An endpoint written as a function must take the options that this connector has. */
type AcceptsOptions<TResource, TOptions> =
  TResource extends Resource<infer _Row, infer TNeeded, infer _References> ? (TOptions extends TNeeded ? unknown : never) : never

/** A connector with its options: what `sync()` runs. Holds credentials, so it is never logged or serialised. */
export interface Connector<TResources extends Resources = Resources> {
  readonly name: string
  readonly version: string
  readonly client: ClientConfig
  readonly resourceDefaults: ResourceDefaults
  readonly resources: TResources
  readonly options: Readonly<Record<string, unknown>>
  readonly optionInfos: readonly OptionInfo[]
}

/** Makes a connector from its options. Throws `OPTIONS_INVALID` where one is missing, wrong or unknown. */
export interface ConnectorFactory<TOptions extends OptionsSchema = OptionsSchema, TResources extends Resources = Resources> {
  (options: v.InferInput<TOptions>): Connector<TResources>
  /** What is known without options, for listings and docs. */
  readonly connector: {
    readonly name: string
    readonly version: string
    readonly description?: string
    readonly optionInfos: readonly OptionInfo[]
    readonly resourceDefaults: ResourceDefaults
    readonly resources: TResources
  }
}

/** The exact type of the rows of one resource: `RowOf<typeof ticketing, 'ticket_data'>`. */
export type RowOf<TConnector, TName extends ResourceName<TConnector>> = ResourceRow<ResourcesOf<TConnector>[TName]>

/** Names of the resources of a connector or its factory. */
export type ResourceName<TConnector> = keyof ResourcesOf<TConnector> & string

type ResourcesOf<TConnector> = TConnector extends { readonly connector: { readonly resources: infer TResources } }
  ? TResources
  : TConnector extends { readonly resources: infer TResources }
    ? TResources
    : never

/** Declares a connector and gives its factory. Throws `CONNECTOR_INVALID` for a name that nothing could be called by. */
export function defineConnector<const TOptions extends OptionsSchema, TResources extends Resources>(
  definition: ConnectorDefinition<TOptions, TResources>,
): ConnectorFactory<TOptions, TResources> {
  const { name, version = '0.0.0', description, options, client, resourceDefaults = {}, resources } = definition
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    throw new TributaryError({
      code: 'CONNECTOR_INVALID',
      recovery: 'fix-config',
      message: `A connector's name is lower case with hyphens, such as service-desk, but this is ${JSON.stringify(name)}.`,
    })
  }
  if (Object.keys(resources).length === 0) {
    throw new TributaryError({
      code: 'CONNECTOR_INVALID',
      recovery: 'fix-config',
      message: `The connector ${name} has no resources.`,
    })
  }
  const infos = optionInfos(name, options)
  const create = (given: v.InferInput<TOptions>): Connector<TResources> => {
    const parsed = parseOptions(name, options, given)
    return { name, version, client: client(parsed), resourceDefaults, resources, options: parsed, optionInfos: infos }
  }
  return Object.assign(create, {
    connector: {
      name,
      version,
      ...(description !== undefined && { description }),
      optionInfos: infos,
      resourceDefaults,
      resources,
    },
  })
}

import type * as v from 'valibot'
import type { Auth } from '../auth/auth.ts'
import type { HttpMethod, JsonValue, ParamValue } from '../http/request.ts'
import type { RetryPolicy } from '../http/retry.ts'
import type { WriteDisposition } from '../load/destination.ts'
import type { Paginator } from '../paginate/paginator.ts'

/** A valibot `v.object(…)`: the columns of a resource. */
export type RowSchema = v.GenericSchema<Record<string, unknown>, Record<string, unknown>>

/** How the API is reached: shared by all resources of a connector. */
export interface ClientConfig {
  /** Absolute. Paths of endpoints are joined to it with one slash. */
  baseUrl: string
  headers?: Record<string, string>
  auth?: Auth
  /** For endpoints that name none. Default: one page. */
  paginator?: Paginator
  retry?: Partial<RetryPolicy>
  /** Seconds for one attempt, from the connection to the last byte. Default 60. */
  timeout?: number
  /** Requests in flight at once, over all resources. Default 4. */
  concurrency?: number
  /** Largest response body in bytes, decompressed. Default 256 MiB. */
  maximumBodyBytes?: number
}

/** How a resource is requested. */
export interface Endpoint {
  /** Joined to `baseUrl` with one slash. Empty: `baseUrl` itself. An absolute URL is used as it is. */
  path: string
  /** Default `GET`. */
  method?: HttpMethod
  params?: Record<string, ParamValue>
  headers?: Record<string, string>
  /** Request body. */
  json?: JsonValue
  paginator?: Paginator
  /** JSONPath of the records in the response, such as `data` or `result.items[*]`. Default: the body itself. */
  dataSelector?: string
  /** Ask only for what changed since the last load. Needs the resource's `cursor`. */
  incremental?: Incremental
}

/** How an API is asked for what changed. Records before the start are dropped here too, should the API ignore the parameters. */
export interface Incremental {
  /** Query parameter that takes the cursor's last value. Left out on the first run, unless there is an `initialValue`. */
  startParam?: string
  /** Query parameter that takes the end of a backfill window. */
  endParam?: string
  /** Where the first run starts, inclusive. */
  initialValue?: string | number
}

/** Keys of a row, and dotted paths into its nested objects. */
export type KeyOf<TRow> = {
  [K in keyof TRow & string]: NonNullable<TRow[K]> extends readonly unknown[]
    ? never
    : NonNullable<TRow[K]> extends Record<string, unknown>
      ? `${K}.${KeyOf<NonNullable<TRow[K]>>}`
      : K
}[keyof TRow & string]

/** What a resource leaves out is taken from the connector's `resourceDefaults`. */
export interface ResourceDefaults<TKey extends string = string> {
  primaryKey?: TKey | readonly TKey[]
  /** Default `append`. */
  writeDisposition?: WriteDisposition
  /** With `merge`: rows that did not change keep their `_sync_load_id`. Default false. */
  skipUnchanged?: boolean
  /** Nested objects and lists deeper than this become JSON columns. 0: all of them. Default 20. */
  maxTableNesting?: number
  /** No match of the data selector is an error, not an empty page. Default true. */
  required?: boolean
}

export interface ResourceOptions<TSchema extends RowSchema, TOptions> extends ResourceDefaults<KeyOf<v.InferOutput<TSchema>>> {
  /** Columns that are known: from it come the row's type, the columns' types and nullability, and the checks. Other fields are inferred and added. */
  schema?: TSchema
  /** Default: the resource's name. */
  tableName?: string
  description?: string
  /** The field that grows whenever a record is made or changed, such as `updated_at`: for incremental runs and backfill windows. */
  cursor?: KeyOf<v.InferOutput<TSchema>>
  /** A function where it depends on the connector's options. */
  endpoint: Endpoint | ((options: TOptions) => Endpoint)
}

declare const rowType: unique symbol

/** One stream of records of a connector. Plain data, made by {@link resource}. */
export interface Resource<TRow = Record<string, unknown>, TOptions = never> extends ResourceDefaults {
  readonly schema?: RowSchema
  readonly tableName?: string
  readonly description?: string
  readonly cursor?: string
  readonly endpoint: Endpoint | ((options: TOptions) => Endpoint)
  /** Only for the compiler. */
  readonly [rowType]?: TRow
}

/** Declares a resource; the row's type follows from its schema, and keys that the schema lacks do not compile. */
export function resource<const TSchema extends RowSchema, TOptions = unknown>(
  options: ResourceOptions<TSchema, TOptions>,
): Resource<v.InferOutput<TSchema>, TOptions> {
  return options as Resource<v.InferOutput<TSchema>, TOptions>
}

/** The row type of a resource. */
export type ResourceRow<TResource> = TResource extends { readonly [rowType]?: infer TRow } ? NonNullable<TRow> : never

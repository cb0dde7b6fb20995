import type * as v from 'valibot'
import type { Auth } from '../auth/auth.ts'
import type { Incremental } from '../extract/incremental.ts'
import type { ProcessingStep } from '../extract/steps.ts'
import type { RateLimit } from '../http/rate-limit.ts'
import type { HttpMethod, JsonValue, ParamValue } from '../http/request.ts'
import type { ResponseAction } from '../http/response-action.ts'
import type { RetryPolicy } from '../http/retry.ts'
import type { Timeout } from '../http/timeout.ts'
import type { DedupSort, MergeStrategy, WriteDisposition } from '../load/plan.ts'
import type { Paginator } from '../paginate/paginator.ts'
import type { ColumnDeclaration } from './column.ts'
import type { SchemaContract } from './contract.ts'

/** A valibot `v.object(…)`: the columns of a resource. */
export type RowSchema = v.GenericSchema<Record<string, unknown>, Record<string, unknown>>

/** How the API is reached: shared by all resources of a connector. */
export interface ClientConfig {
  /** Absolute. Paths of endpoints are joined to it with one slash. */
  baseUrl: string
  headers?: Record<string, string>
  auth?: Auth
  /** For endpoints that name none. Default: see {@link Endpoint.paginator}. */
  paginator?: Paginator
  retry?: Partial<RetryPolicy>
  /** Of all requests of the connector together. Default: none but what the API's own headers ask for. */
  rateLimit?: RateLimit
  /** Default 60 seconds. */
  timeout?: Timeout
  /** Requests in flight at once, over all resources. Default 4. Fewer after a 429, until that goes well for a while. */
  concurrency?: number
  /** Largest response body in bytes, decompressed. Default 256 MiB. */
  maximumBodyBytes?: number
}

/**
 * How a resource is requested. Texts in `path`, `params`, `headers`, `json` and `data` may hold placeholders:
 * `{resources.<name>.<field>}` makes the resource a dependent of that one, requested once for each of its records;
 * `{incremental.start_value}` and `{incremental.end_value}` are the bounds of the cursor. `{{` and `}}` are literal braces.
 */
export interface Endpoint<TText extends string = string> {
  /** Joined to `baseUrl` with one slash. Empty: `baseUrl` itself. An absolute URL is used as it is. Placeholders are percent-encoded as one segment. */
  path: TText
  /** In any case. Default `GET`. */
  method?: HttpMethod | Lowercase<HttpMethod>
  params?: Record<string, TText | Exclude<ParamValue, string>>
  headers?: Record<string, TText>
  /** Request body. A text that is exactly one placeholder keeps the type of its value. */
  json?: JsonValue
  /** Request body instead of `json`: text as it stands, an object as `application/x-www-form-urlencoded`. */
  data?: string | Record<string, ParamValue>
  /** Instead of the client's; `null`: none. */
  auth?: Auth | null
  /**
   * Default: that of `resourceDefaults`, else that of the client; without one, a path that ends in a placeholder is one
   * object, and all else is found out from the first response.
   */
  paginator?: Paginator
  /** JSONPath of the records in the response, such as `data` or `result.items[*]`. Default: found out from the first response. */
  dataSelector?: string
  /** What certain responses mean. */
  responseActions?: readonly ResponseAction[]
  /** Ask only for what changed since the last load. Needs the resource's `cursor`. */
  incremental?: Incremental
  /** Over the client's. */
  retry?: Partial<RetryPolicy>
  /** Instead of the client's. */
  timeout?: Timeout
}

/** Keys of a row, and dotted paths into its nested objects. Any text, where no schema says what there is. */
export type KeyOf<TRow> = string extends keyof TRow
  ? string
  : {
      [K in keyof TRow & string]: NonNullable<TRow[K]> extends readonly unknown[]
        ? never
        : NonNullable<TRow[K]> extends Record<string, unknown>
          ? `${K}.${KeyOf<NonNullable<TRow[K]>>}`
          : K
    }[keyof TRow & string]

/** What the placeholders of a text refer to: `posts.id` in `/posts/{resources.posts.id}/comments`. Nothing, where the text is not known. */
export type ReferencesIn<TText extends string> = TText extends `${infer Before}{resources.${infer Reference}}${infer After}`
  ? Before extends `${string}{`
    ? ReferencesIn<After>
    : Reference | ReferencesIn<After>
  : never

/** What a resource leaves out is taken from the connector's `resourceDefaults`. */
export interface ResourceDefaults<TKey extends string = string> {
  /** The field, or the fields, that tell records apart. */
  primaryKey?: TKey | readonly TKey[]
  /** Default `append`. */
  writeDisposition?: WriteDisposition
  /** With `merge`: how rows whose key is stored already are treated. Default `delete-insert`. */
  mergeStrategy?: MergeStrategy
  /**
   * With `merge` by `delete-insert`: stored rows that have the values of any row that came here go as well. By `scd2`: only
   * those that have the values of a row that came end, if they are absent. An empty list takes a default away.
   */
  mergeKey?: TKey | readonly TKey[]
  /**
   * With `merge`: of several records of one primary key, the one with the smallest (`asc`) or the largest (`desc`) value here
   * counts, whichever load it comes in. Default: the last that came.
   */
  dedupSort?: { readonly field: TKey; readonly order: DedupSort['order'] }
  /** With `merge`: a record that is true here, or has any value where this is no boolean, is deleted with its children. */
  hardDelete?: TKey
  /** What may change in the tables. Default: tables and inferred columns evolve, and declared types are promises. */
  schemaContract?: SchemaContract
  /** With `merge`: rows that did not change keep their `_sync_load_id`. Default false. */
  skipUnchanged?: boolean
  /** Nested objects and lists deeper than this become JSON columns. 0: all of them. Default 20. */
  maxTableNesting?: number
  /**
   * What is known of columns without a schema, by their names in the root table: `{ venue__city: { type: 'text' } }`. Merged
   * with those of the defaults by name.
   */
  columns?: Readonly<Record<string, ColumnDeclaration>>
  /** No match of the data selector is an error, not a warning. Default: true where a data selector is given. */
  required?: boolean
  /** False: its pages, and those of different parents, are requested one after the other. Default true. */
  parallelized?: boolean
  /** Of all endpoints; each takes what it does not say itself, `params` and `headers` key by key. */
  endpoint?: Partial<Omit<Endpoint, 'incremental'>>
}

export interface ResourceOptions<TSchema extends RowSchema, TOptions, TText extends string = string>
  extends Omit<ResourceDefaults<KeyOf<v.InferOutput<TSchema>>>, 'endpoint'> {
  /** Columns that are known: from it come the row's type, the columns' types and nullability, and the checks. Other fields are inferred and added. */
  schema?: TSchema
  /** Default: the resource's name. */
  tableName?: string
  description?: string
  /** The field that grows whenever a record is made or changed, such as `updated_at`: for incremental runs and backfill windows. */
  cursor?: KeyOf<v.InferOutput<TSchema>>
  /** False: not loaded unless it is asked for by name; still requested where others depend on it. Default true. */
  selected?: boolean
  /** Of a dependent resource: fields of the parent's record that each record gets, as `_<parent>_<field>`. */
  includeFromParent?: readonly string[]
  /** What becomes of each record, in order, before its cursor is looked at and before others depend on it. */
  processingSteps?: readonly ProcessingStep[]
  /** A function where it depends on the connector's options. */
  endpoint: Endpoint<TText> | ((options: TOptions) => Endpoint<TText>)
}

declare const rowType: unique symbol
declare const references: unique symbol

/** One stream of records of a connector. Plain data, made by {@link resource}. */
export interface Resource<TRow = Record<string, unknown>, TOptions = never, TReferences extends string = string>
  extends Omit<ResourceDefaults, 'endpoint'> {
  readonly schema?: RowSchema
  readonly tableName?: string
  readonly description?: string
  readonly cursor?: string
  readonly selected?: boolean
  readonly includeFromParent?: readonly string[]
  readonly processingSteps?: readonly ProcessingStep[]
  readonly endpoint: Endpoint | ((options: TOptions) => Endpoint)
  /** Only for the compiler. */
  readonly [rowType]?: TRow
  /** Only for the compiler: `<resource>.<field>` of others, which its placeholders refer to. */
  readonly [references]?: TReferences
}

/** Declares a resource; the row's type follows from its schema, and keys that the schema lacks do not compile. */
export function resource<const TSchema extends RowSchema, TOptions = unknown, const TText extends string = string>(
  options: ResourceOptions<TSchema, TOptions, TText>,
): Resource<v.InferOutput<TSchema>, TOptions, ReferencesIn<TText>> {
  return options as Resource<v.InferOutput<TSchema>, TOptions, ReferencesIn<TText>>
}

/** The row type of a resource. */
export type ResourceRow<TResource> = TResource extends { readonly [rowType]?: infer TRow } ? NonNullable<TRow> : never

/** What the placeholders of a resource refer to. */
export type ReferencesOf<TResource> = TResource extends { readonly [references]?: infer TReferences }
  ? NonNullable<TReferences> & string
  : never

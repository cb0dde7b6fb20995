import type { JsonValue, ParamValue } from '../http/request.ts'

/** What a connector's file holds, once it has been validated. `null` stands for nothing, and resets a default. */
export interface FileData {
  readonly name?: string | null
  readonly description?: string | null
  readonly client: ClientData
  readonly resource_defaults?: ResourceData | null
  readonly resources: readonly (string | ResourceData)[]
}

export interface ClientData {
  readonly base_url: string
  readonly headers?: Readonly<Record<string, string | null>> | null
  readonly auth?: AuthData | null
  readonly paginator?: PaginatorData | null
  readonly retry?: RetryData | null
  readonly rate_limit?: { readonly requests: number; readonly per: 'second' | 'minute' | 'hour' } | null
  readonly timeout?: TimeoutData | null
  readonly concurrency?: number | null
  readonly maximum_body_bytes?: number | null
}

/** The name of a type that needs no fields, or a type and its fields. */
export type AuthData = string | { readonly type?: string; readonly [field: string]: unknown }
export type PaginatorData = string | { readonly type: string; readonly [field: string]: unknown }

/** Delays are seconds. */
export interface RetryData {
  readonly statuses?: readonly number[] | null
  readonly limit?: number | null
  readonly factor?: number | null
  readonly initial_delay?: number | null
  readonly maximum_delay?: number | null
}

/** Seconds. */
export type TimeoutData = number | { readonly connect?: number | null; readonly body?: number | null }

export interface ResourceData {
  readonly name?: string | null
  readonly table_name?: string | null
  readonly description?: string | null
  readonly write_disposition?: string | DispositionData | null
  readonly primary_key?: string | readonly string[] | null
  readonly merge_key?: string | readonly string[] | null
  readonly columns?: Readonly<Record<string, ColumnData | null>> | readonly ColumnData[] | null
  readonly schema_contract?: string | Readonly<Record<string, string | null>> | null
  readonly max_table_nesting?: number | null
  readonly selected?: boolean | null
  readonly parallelized?: boolean | null
  readonly required?: boolean | null
  readonly include_from_parent?: readonly string[] | null
  readonly processing_steps?: readonly StepData[] | null
  readonly endpoint?: string | EndpointData | null
}

export interface DispositionData {
  readonly disposition?: string | null
  readonly strategy?: string | null
  readonly skip_unchanged?: boolean | null
  readonly skip_unchanged_rows?: boolean | null
}

export interface ColumnData {
  readonly name?: string | null
  readonly data_type?: string | null
  readonly nullable?: boolean | null
  readonly precision?: number | null
  readonly scale?: number | null
  readonly primary_key?: boolean | null
  readonly merge_key?: boolean | null
  readonly hard_delete?: boolean | null
  readonly dedup_sort?: 'asc' | 'desc' | null
  readonly description?: string | null
}

export interface EndpointData {
  readonly path?: string | null
  readonly method?: string | null
  readonly params?: Readonly<Record<string, ParamData>> | null
  readonly headers?: Readonly<Record<string, string | null>> | null
  readonly json?: JsonValue
  readonly data?: string | Readonly<Record<string, ParamValue>> | null
  readonly auth?: AuthData | null
  readonly paginator?: PaginatorData | null
  readonly data_selector?: string | null
  readonly response_actions?: readonly ResponseActionData[] | null
  readonly incremental?: IncrementalData | null
  readonly retry?: RetryData | null
  readonly timeout?: TimeoutData | null
}

/** A value, or what it is taken from. */
export type ParamData = ParamValue | ResolveData | (IncrementalData & { readonly type: 'incremental' })

export interface ResolveData {
  readonly type: 'resolve'
  readonly resource: string
  readonly field: string
}

export interface IncrementalData {
  readonly cursor_path: string
  readonly initial_value?: string | number | bigint | null
  readonly end_value?: string | number | bigint | null
  readonly start_param?: string | null
  readonly end_param?: string | null
  readonly convert?: string | null
  readonly last_value_func?: 'max' | 'min' | null
  readonly row_order?: 'asc' | 'desc' | null
  readonly range_start?: 'closed' | 'open' | null
  readonly range_end?: 'closed' | 'open' | null
  readonly lag?: number | null
  readonly on_cursor_value_missing?: 'raise' | 'include' | 'exclude' | null
}

export interface ResponseActionData {
  readonly status_code?: number | string | null
  readonly content?: string | null
  readonly action: 'ignore' | 'retry' | 'fail'
}

export interface StepData {
  readonly drop?: readonly string[] | null
  readonly rename?: Readonly<Record<string, string>> | null
  readonly mask?: Readonly<Record<string, 'hash' | 'redact'>> | null
  readonly salt?: string | null
  readonly filter?: FilterData | null
}

export interface FilterData {
  readonly field: string
  readonly equals?: JsonValue
  readonly not_equals?: JsonValue
  readonly in?: readonly JsonValue[]
  readonly exists?: boolean
  readonly greater_than?: string | number | bigint
  readonly less_than?: string | number | bigint
}

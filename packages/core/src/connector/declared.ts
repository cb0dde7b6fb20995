import type * as v from 'valibot'
import { safeParse } from 'valibot'
import { TributaryError } from '../errors.ts'
import type { ColumnType } from '../load/schema.ts'
import { COLUMN_HINT, type ColumnHint } from './columns.ts'

type AnySchema = v.GenericSchema<unknown, unknown>

/** What a connector's valibot schema says of one value: the only thing that the engine reads of it. */
export type Declared =
  | DeclaredScalar
  | { readonly kind: 'object'; readonly nullable: boolean; readonly fields: ReadonlyMap<string, Declared> }
  | { readonly kind: 'list'; readonly nullable: boolean; readonly item: Declared }
  /** Said to be there, its type left to what comes. */
  | { readonly kind: 'any' }

export interface DeclaredScalar {
  readonly kind: 'scalar'
  readonly type: ColumnType
  readonly nullable: boolean
  readonly precision?: number
  readonly scale?: number
  readonly epoch?: 'seconds' | 'milliseconds'
  readonly description?: string
  /** Present where the schema restricts values beyond their type; answers what is wrong with one. */
  readonly check?: (value: unknown) => string | undefined
}

/** Reads the columns from a valibot object schema. Throws `SCHEMA_UNSUPPORTED` for what cannot be a table. */
export function declaredFields(schema: AnySchema, where: string): ReadonlyMap<string, Declared> {
  const declared = declare(schema, where)
  if (declared.kind === 'object') return declared.fields
  throw unsupported(where, `the schema of a resource is a v.object(…), but this is ${schema.type}`)
}

interface Read {
  nullable: boolean
  hint?: ColumnHint
  description?: string
  restricted: boolean
}

function declare(schema: AnySchema, where: string, read: Read = { nullable: false, restricted: false }): Declared {
  for (const item of pipeItems(schema)) {
    if (item.kind === 'metadata') readMetadata(item, read)
    else if (item.kind === 'validation') read.restricted = true
    else if (item.kind === 'transformation') {
      throw unsupported(where, `v.${item.type}() would change the value; a schema describes what the API sends`)
    }
  }
  const { wrapped } = schema as { wrapped?: AnySchema }
  if (wrapped !== undefined) {
    return declare(wrapped, where, { ...read, nullable: true })
  }
  return read.hint === undefined ? declareByType(schema, where, read) : scalar(read.hint.type, schema, read)
}

function declareByType(schema: AnySchema, where: string, read: Read): Declared {
  switch (schema.type) {
    case 'object':
    case 'loose_object':
    case 'strict_object': {
      const { entries } = schema as unknown as { entries: Record<string, AnySchema> }
      const fields = new Map<string, Declared>()
      for (const [key, entry] of Object.entries(entries)) {
        const field = declare(entry, `${where}.${key}`)
        fields.set(key, read.nullable ? relaxed(field) : field)
      }
      return { kind: 'object', nullable: read.nullable, fields }
    }
    case 'array':
      return {
        kind: 'list',
        nullable: read.nullable,
        item: declare((schema as unknown as { item: AnySchema }).item, `${where}[]`),
      }
    case 'string':
      return scalar('text', schema, read)
    case 'number':
      return scalar('double', schema, read)
    case 'bigint':
      return scalar('bigint', schema, read)
    case 'boolean':
      return scalar('bool', schema, read)
    case 'picklist':
    case 'enum':
    case 'literal':
      return options(schema, where, read)
    case 'any':
    case 'unknown':
    case 'null':
    case 'record':
      return { kind: 'any' }
    default:
      throw unsupported(where, `v.${schema.type}() has no column type; use json() to keep such values whole`)
  }
}

function options(schema: AnySchema, where: string, read: Read): Declared {
  const { options: list, literal } = schema as { options?: readonly unknown[]; literal?: unknown }
  const kinds = new Set((list ?? [literal]).map((option) => typeof option))
  const [kind] = kinds
  const restricted = { ...read, restricted: true }
  if (kinds.size === 1 && kind === 'string') return scalar('text', schema, restricted)
  if (kinds.size === 1 && kind === 'boolean') return scalar('bool', schema, restricted)
  if (kinds.size === 1 && (kind === 'number' || kind === 'bigint')) return scalar('double', schema, restricted)
  throw unsupported(where, 'its options are of several types')
}

function scalar(type: ColumnType, schema: AnySchema, read: Read): DeclaredScalar {
  const { nullable, hint, description, restricted } = read
  return {
    kind: 'scalar',
    type,
    nullable,
    ...(hint?.precision !== undefined && { precision: hint.precision }),
    ...(hint?.scale !== undefined && { scale: hint.scale }),
    ...(hint?.epoch !== undefined && { epoch: hint.epoch }),
    ...(description !== undefined && { description }),
    ...(restricted && { check: (value: unknown) => safeParse(schema, value).issues?.[0].message }),
  }
}

/** The fields of an object that may be null may all be missing. */
function relaxed(field: Declared): Declared {
  if (field.kind === 'any' || field.kind === 'list') return field
  if (field.kind === 'scalar') return { ...field, nullable: true }
  return { ...field, nullable: true, fields: new Map([...field.fields].map(([key, value]) => [key, relaxed(value)])) }
}

interface PipeItem {
  readonly kind: 'schema' | 'validation' | 'transformation' | 'metadata'
  readonly type: string
  readonly metadata?: Record<string, unknown>
  readonly description?: string
}

function pipeItems(schema: AnySchema): readonly PipeItem[] {
  const { pipe } = schema as { pipe?: readonly PipeItem[] }
  return pipe?.slice(1) ?? []
}

function readMetadata(item: PipeItem, read: Read): void {
  if (item.type === 'description' && item.description !== undefined) read.description = item.description
  const hint = item.metadata?.[COLUMN_HINT]
  if (hint !== undefined) read.hint = hint as ColumnHint
}

function unsupported(where: string, why: string): TributaryError {
  return new TributaryError({
    code: 'SCHEMA_UNSUPPORTED',
    recovery: 'fix-config',
    message: `The schema of ${where} cannot be read as columns: ${why}.`,
  })
}

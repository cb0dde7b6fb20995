// Writes the JSON Schema of connectors as data, from the schema that validates them: `pnpm schema`.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ConversionConfig, toJsonSchema } from '@valibot/to-json-schema'
import { authSchema } from '../src/file/schema/auth.ts'
import { retrySchema, timeoutSchema } from '../src/file/schema/client.ts'
import { connectorSchema } from '../src/file/schema/connector.ts'
import { endpointSchema, incrementalSchema } from '../src/file/schema/endpoint.ts'
import { paginatorSchema } from '../src/file/schema/paginator.ts'
import { stepSchema } from '../src/file/schema/steps.ts'
import { jsonSchemaOf } from '../src/file/schema/words.ts'

export const SCHEMA_FILE: string = join(import.meta.dirname, '../schema/connector.schema.json')

/** The text of the published file. */
export function connectorSchemaText(): string {
  const overrideSchema: ConversionConfig['overrideSchema'] = ({ valibotSchema, jsonSchema }) => ({
    ...jsonSchema,
    ...jsonSchemaOf(valibotSchema),
  })
  const { $schema, ...schema } = toJsonSchema(connectorSchema, {
    // What a custom check holds is said by the override.
    errorMode: 'ignore',
    target: 'draft-07',
    definitions: {
      auth: authSchema,
      paginator: paginatorSchema,
      endpoint: endpointSchema,
      incremental: incrementalSchema,
      step: stepSchema,
      retry: retrySchema,
      timeout: timeoutSchema,
    },
    overrideSchema,
  })
  const title = 'A connector of Tributary, as data'
  return `${formatted(JSON.stringify({ $schema, title, ...schema }, null, 2))}\n`
}

/** Short lists on one line, as the formatter of this repository has them. */
function formatted(json: string): string {
  return json.replaceAll(/^(.*)\[\n\s+([^[\]{}]*?)\n\s*\](,?)$/gm, (expanded, before: string, items: string, comma: string) => {
    const line = `${before}[${items.replaceAll(/\s*\n\s*/g, ' ')}]${comma}`
    return line.length <= 130 ? line : expanded
  })
}

if (process.argv[1] === import.meta.filename) writeFileSync(SCHEMA_FILE, connectorSchemaText())

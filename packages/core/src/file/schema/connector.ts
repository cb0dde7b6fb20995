import * as v from 'valibot'
import { clientSchema } from './client.ts'
import { defaultsSchema, resourceSchema } from './resource.ts'
import { type AnySchema, anyText, expected, found, needed, optional, strict, text } from './words.ts'

const name = v.pipe(
  v.string(expected('a name')),
  v.regex(/^[A-Za-z][\w-]*$/, ({ input }) => `expected letters, digits, _ and -, such as ticketing, found ${found(input)}.`),
)

const resources = v.pipe(
  v.array(
    v.union([text('a name'), resourceSchema], ({ input }) => `expected a name or an object, found ${found(input)}.`),
    expected('a list of resources'),
  ),
  v.minLength(1, 'expected at least one resource, found an empty list.'),
)

/** A connector as a file has it. */
export const connectorSchema: AnySchema = strict({
  $schema: optional(anyText(), 'The JSON Schema of this file, for editors.'),
  name: optional(name, "Of the connector; the dataset is called by it. Default: the file's name without its extension."),
  description: optional(anyText(), 'What the connector is for.'),
  client: needed(clientSchema, 'How the API is reached: { base_url: https://… }.'),
  resource_defaults: optional(defaultsSchema, 'What all resources have in common; each takes what it does not say itself.'),
  resources: needed(resources, 'A list: a name, which is the path as well, or an object.'),
})

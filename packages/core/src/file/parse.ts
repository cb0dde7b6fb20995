import type { ConnectorFactory } from '../connector/connector.ts'
import { parseJson } from '../http/json.ts'
import { connectorFromData } from './connector.ts'
import { findJsonProblem } from './json-syntax.ts'
import { invalidFile } from './problems.ts'
import { readYaml } from './yaml.ts'

/** Names of files that are taken for connectors as data. */
const EXTENSION = /\.(json|ya?ml)$/i

/** Whether a path is that of a connector as data: `.json`, `.yaml` or `.yml`. */
export const isConnectorFile = (path: string): boolean => EXTENSION.test(path)

/**
 * A connector from the text of a file, JSON or YAML by the extension of `path`; its name is that which the file gives, else
 * the file's stem. Throws `CONNECTOR_INVALID`, with line and column where the text is malformed, as the factory does.
 */
export function parseConnectorFile(text: string, path: string): ConnectorFactory {
  const isJson = /\.json$/i.test(path)
  const stem = (path.split(/[/\\]/).at(-1) ?? path).replace(EXTENSION, '')
  const plain = text.replace(/^\uFEFF/, '')
  return connectorFromData(isJson ? readJson(plain, path) : readYaml(plain, path), { name: stem, source: path })
}

function readJson(text: string, path: string): unknown {
  const problem = findJsonProblem(text)
  if (problem === undefined) return parseJson(text)
  throw invalidFile(`${path} is not well-formed JSON, at line ${problem.line}, column ${problem.column}: ${problem.text}`)
}

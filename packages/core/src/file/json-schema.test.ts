import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { connectorSchemaText, SCHEMA_FILE } from '../../scripts/connector-schema.ts'

interface Node {
  readonly [key: string]: unknown
  readonly properties?: Readonly<Record<string, Node>>
}

/** All objects of a JSON Schema that have properties, with the keys that lead to them. */
function objects(node: unknown, place = '#'): [string, Node][] {
  if (typeof node !== 'object' || node === null) return []
  const own: [string, Node][] = 'properties' in node ? [[place, node as Node]] : []
  return [...own, ...Object.entries(node).flatMap(([key, value]) => objects(value, `${place}/${key}`))]
}

describe('the published JSON Schema', () => {
  const text = readFileSync(SCHEMA_FILE, 'utf8')

  it('is the one that the validating schema gives; if not, run: pnpm schema [file.json-schema.fresh]', () => {
    expect(text).toBe(connectorSchemaText())
  })

  it('describes every property, and allows no others [file.json-schema.complete]', () => {
    const found = objects(JSON.parse(text))
    expect(found.length).toBeGreaterThan(30)
    for (const [place, { properties = {}, additionalProperties }] of found) {
      // Kinds of auth that are made known by code have fields of their own.
      if (place.includes('/auth/anyOf/2/')) continue
      expect([place, additionalProperties]).toEqual([place, false])
      for (const [key, { description }] of Object.entries(properties)) {
        expect([place, key, description]).toEqual([place, key, expect.stringMatching(/^\S.*[.:)]$/s)])
      }
    }
  })
})

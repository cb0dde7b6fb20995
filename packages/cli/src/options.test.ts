import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OptionInfo } from '@tributary/core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { collectOptions, misspelledVariables, type OptionSources, readAssignments, readDotenv } from './options.ts'

const infos: OptionInfo[] = [
  { name: 'baseUrl', variable: 'SHOP_BASE_URL', required: true, secret: false },
  { name: 'apiKey', variable: 'SHOP_API_KEY', required: true, secret: true },
]
const nothing: OptionSources = { flags: {}, environment: {}, dotenv: {}, config: {} }

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'tributary-options-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  return path
}

describe('collectOptions', () => {
  it('takes flags before the environment, before .env, before the config file', () => {
    const sources = {
      flags: { apiKey: 'flag' },
      environment: { SHOP_API_KEY: 'environment', SHOP_BASE_URL: 'environment' },
      dotenv: { SHOP_BASE_URL: 'dotenv' },
      config: { apiKey: 'config', baseUrl: 'config' },
    }
    const at = (...names: (keyof OptionSources)[]): object =>
      collectOptions(infos, { ...nothing, ...Object.fromEntries(names.map((name) => [name, sources[name]])) }, '.')
    expect(at('flags', 'environment', 'dotenv', 'config')).toEqual({ apiKey: 'flag', baseUrl: 'environment' })
    expect(at('environment', 'dotenv', 'config')).toEqual({ apiKey: 'environment', baseUrl: 'environment' })
    expect(at('dotenv', 'config')).toEqual({ apiKey: 'config', baseUrl: 'dotenv' })
    expect(at()).toEqual({})
  })

  it('reads a value from a file, without the line end', () => {
    const cwd = folder()
    writeFileSync(join(cwd, 'key'), 'from a file\n')
    expect(collectOptions(infos, { ...nothing, environment: { SHOP_API_KEY_FILE: 'key' } }, cwd)).toEqual({
      apiKey: 'from a file',
    })
    expect(() => collectOptions(infos, { ...nothing, environment: { SHOP_API_KEY_FILE: 'no' } }, cwd)).toThrow(
      /SHOP_API_KEY_FILE names no/,
    )
    const both = { SHOP_API_KEY_FILE: 'key', SHOP_API_KEY: 'x' }
    expect(() => collectOptions(infos, { ...nothing, environment: both }, cwd)).toThrow(/both set/)
  })

  it('takes an empty variable for none', () => {
    expect(collectOptions(infos, { ...nothing, environment: { SHOP_API_KEY: '' } }, '.')).toEqual({})
  })
})

it('reads .env where there is one', () => {
  const cwd = folder()
  expect(readDotenv(cwd)).toEqual({})
  writeFileSync(join(cwd, '.env'), '# a comment\nSHOP_API_KEY="a # b"\n')
  expect(readDotenv(cwd)).toEqual({ SHOP_API_KEY: 'a # b' })
})

it('notices variables that are nearly right', () => {
  const environment = { SHOP_API_KY: 'x', SHOP_API_KEY: 'y', OTHER: 'z' }
  expect(misspelledVariables(infos, { environment, dotenv: {} }, 'SHOP_')).toEqual([
    { variable: 'SHOP_API_KY', meant: 'SHOP_API_KEY' },
  ])
})

describe('readAssignments', () => {
  it('splits at the first =', () => {
    expect(readAssignments(['apiKey=a=b'], ['shop'])).toEqual({ shop: { apiKey: 'a=b' } })
  })

  it('wants to know which of several connectors is meant', () => {
    expect(readAssignments(['shop.apiKey=a'], ['shop', 'desk'])).toEqual({ shop: { apiKey: 'a' }, desk: {} })
    expect(() => readAssignments(['apiKey=hush'], ['shop', 'desk'])).toThrow(/--set shop\.apiKey=…/)
  })

  it('never repeats a value', () => {
    for (const texts of [['=hush'], ['hush'], ['k=hush', 'k=hush']])
      expect(() => readAssignments(texts, ['shop'])).toThrow(
        expect.not.objectContaining({ message: expect.stringContaining('hush') }),
      )
  })
})

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')

interface Manifest {
  name: string
  dependencies?: Record<string, string>
  peerDependencies?: Record<string, string>
}

const packages = ['packages', 'connectors'].flatMap((folder) =>
  readdirSync(join(root, folder)).map((name) => {
    const path = join(folder, name)
    return { path, manifest: JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8')) as Manifest }
  }),
)

/** Which of our packages each kind may import: everything points one way. */
const ALLOWED: readonly (readonly [kind: RegExp, allowed: RegExp])[] = [
  [/^packages\/core$/, /^$/],
  [/^packages\/demo-api$/, /^$/],
  [/^packages\/(duckdb-engine|file-dataset)$/, /^@tributary\/core$/],
  [/^packages\/destination-/, /^@tributary\/(core|duckdb-engine|file-dataset)$/],
  [/^packages\/testkit$/, /^@tributary\/core$/],
  [/^connectors\//, /^@tributary\/core$/],
  [/^packages\/cli$/, /^@tributary\/(core|demo-api|destination-.*)$/],
]

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.includes('node_modules') && !file.includes('dist'))
    .map((file) => join(folder, file))
}

const importsOf = (file: string): string[] =>
  [...readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'(@?[a-z][\w@/:.-]*)'/g)].map((match) => match[1]!)

describe('the import rule', () => {
  it.each(packages)('$path', ({ path, manifest }) => {
    const allowed = ALLOWED.find(([kind]) => kind.test(path))?.[1]
    expect(allowed, `${path} is of no known kind: say in this test what it may import`).toBeDefined()
    const declared = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })
    const ours = declared.filter((name) => name.startsWith('@tributary/'))
    expect(ours.filter((name) => !allowed!.test(name))).toEqual([])
    for (const file of sources(join(root, path, 'src'))) {
      // Tests, and what only they use.
      if (/\.test(-d)?\.ts$|\/testing\//.test(file)) continue
      for (const name of importsOf(file)) {
        if (name.startsWith('node:')) continue
        const packageName = name
          .split('/')
          .slice(0, name.startsWith('@') ? 2 : 1)
          .join('/')
        expect(declared, `${file} imports ${packageName}, which ${path}/package.json does not declare`).toContain(packageName)
      }
    }
  })

  it('finds what it looks for', () => {
    expect(importsOf(join(root, 'connectors/ticketing/src/index.ts'))).toContain('@tributary/core')
    expect(packages.length).toBeGreaterThan(7)
  })
})

describe('plug-ins', () => {
  it.each(packages)('$path has a README, tests and a licence', ({ path }) => {
    const files = readdirSync(join(root, path))
    expect(files).toContain('README.md')
    expect(sources(join(root, path, 'src')).some((file) => file.endsWith('.test.ts'))).toBe(true)
  })

  const adopts = (path: string, suite: RegExp): boolean => {
    const tests = sources(join(root, path, 'src')).filter((file) => file.endsWith('.test.ts'))
    return tests.some((file) => suite.test(readFileSync(file, 'utf8')))
  }

  it.each(packages.filter(({ path }) => path.includes('/destination-')))(
    '$path keeps the rules of the destination suite',
    ({ path }) => {
      expect(adopts(path, /^\s*destinationSuite\(/m)).toBe(true)
    },
  )

  it.each(packages.filter(({ path }) => path.startsWith('connectors/')))(
    '$path keeps the rules of the connector suite [suite.connector.adopted]',
    ({ path }) => {
      expect(adopts(path, /^connectorSuite\(/m)).toBe(true)
      expect(adopts(path, /^destinationSuite\(/m)).toBe(false)
    },
  )

  it('only HTTP talks HTTP', () => {
    const offenders = sources(join(root, 'packages/core/src')).filter(
      (file) => !file.includes('/http/') && !/\.test\.ts$/.test(file) && /\bofetch\b|\bfetch\(/.test(readFileSync(file, 'utf8')),
    )
    expect(offenders).toEqual([])
  })
})

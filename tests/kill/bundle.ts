import { realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { temporaryFolder } from './folder.ts'

const ROOT = join(import.meta.dirname, '../..')

/** As much of esbuild as is used here. It comes with tsx, which the repository has. */
interface Esbuild {
  build(options: Record<string, unknown>): Promise<unknown>
}
interface Resolver {
  onResolve(options: { filter: RegExp }, resolve: (asked: { path: string; importer: string }) => unknown): void
}

/** Native parts stay where they are installed; those of other machines are nowhere. */
const nativeStays = {
  name: 'native-stays',
  setup(build: Resolver) {
    build.onResolve({ filter: /\.node$/ }, ({ path, importer }) => {
      try {
        return { path: createRequire(importer).resolve(path), external: true }
      } catch {
        return { path, external: true }
      }
    })
  },
}

/** Makes plain JavaScript of the second process, so that a thousand of them start quickly. Answers its file. */
export async function bundle(entry: string): Promise<string> {
  const outdir = temporaryFolder()
  const fromTsx = createRequire(realpathSync(join(ROOT, 'node_modules/tsx/package.json')))
  const { build } = fromTsx('esbuild') as Esbuild
  await build({
    entryPoints: { main: join(ROOT, entry) },
    outdir,
    bundle: true,
    splitting: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    conditions: ['@tributary/source'],
    banner: { js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);" },
    plugins: [nativeStays],
    logLevel: 'silent',
  })
  return join(outdir, 'main.mjs')
}

import { realpathSync, writeFileSync } from 'node:fs'
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

/**
 * Starts the program with what V8 compiled of it before. The first process that comes to its end leaves that behind: most of
 * what a process does until it is killed would else be compiling. A process that is killed leaves nothing.
 */
const STARTER = `
const { existsSync, readFileSync, renameSync, writeFileSync } = require('node:fs')
const { join } = require('node:path')
const { Script } = require('node:vm')
const filename = join(__dirname, 'program.cjs')
const compiled = join(__dirname, 'program.compiled')
const source = '(function (exports, require, module, __filename, __dirname) {' + readFileSync(filename, 'utf8') + '\\n})'
const cachedData = existsSync(compiled) ? readFileSync(compiled) : undefined
const script = new Script(source, { filename, cachedData })
if (cachedData === undefined) process.on('exit', () => {
  writeFileSync(compiled + process.pid, script.createCachedData())
  renameSync(compiled + process.pid, compiled)
})
script.runInThisContext()(exports, require, module, filename, __dirname)
`

/** Makes plain JavaScript of the second process, so that a thousand of them start quickly. Answers its file. */
export async function bundle(entry: string): Promise<string> {
  const outdir = temporaryFolder()
  const fromTsx = createRequire(realpathSync(join(ROOT, 'node_modules/tsx/package.json')))
  const { build } = fromTsx('esbuild') as Esbuild
  await build({
    entryPoints: { program: join(ROOT, entry) },
    outdir,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
    conditions: ['@tributary/source'],
    define: { 'import.meta.url': 'importMetaUrl' },
    banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
    plugins: [nativeStays],
    logLevel: 'silent',
  })
  const starter = join(outdir, 'main.cjs')
  writeFileSync(starter, STARTER)
  return starter
}

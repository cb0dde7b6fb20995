import { execFile } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt')

/** Written last, so that a folder without it is one that was never finished. */
const MARKER = 'complete'

/** A Python that has dlt, or why there is none. */
export type DltEnvironment = { readonly python: string } | { readonly missing: string }

/**
 * The virtual environment with the packages of `requirements` (default: those of these tests), made on first use in
 * `~/.cache/tributary-parity/<hash of requirements and Python's version>`. Where `CI` is set, what is missing is thrown.
 */
export async function dltEnvironment(
  cache: string = join(homedir(), '.cache', 'tributary-parity'),
  requirements: string = REQUIREMENTS,
): Promise<DltEnvironment> {
  try {
    return { python: await prepare(cache, requirements) }
  } catch (error) {
    const missing = error instanceof Error ? error.message : String(error)
    if (process.env.CI !== undefined && process.env.CI !== '')
      throw new Error(`dlt cannot be run, and CI never skips it: ${missing}`)
    return { missing }
  }
}

async function prepare(cache: string, requirements: string): Promise<string> {
  const version = await pythonVersion()
  const hash = createHash('sha256')
    .update(version)
    .update(await readFile(requirements))
    .digest('hex')
    .slice(0, 16)
  const folder = join(cache, hash)
  const python = join(folder, 'bin', 'python')
  if (existsSync(join(folder, MARKER))) return python
  await mkdir(cache, { recursive: true })
  // A run of its own builds in a folder of its own; scripts in it name that folder, but the interpreter itself may move.
  const building = join(cache, `${hash}.${randomUUID()}`)
  try {
    await run('python3', ['-m', 'venv', building])
    await run(
      join(building, 'bin', 'python'),
      ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements],
      {
        maxBuffer: 2 ** 26,
      },
    )
    await writeFile(join(building, MARKER), version)
    await publish(building, folder)
    return python
  } finally {
    await rm(building, { recursive: true, force: true })
  }
}

/** Puts a finished folder into its place; where another run was first, its folder is as good. */
async function publish(building: string, folder: string): Promise<void> {
  if (existsSync(folder) && !existsSync(join(folder, MARKER))) await rm(folder, { recursive: true, force: true })
  try {
    await rename(building, folder)
  } catch (error) {
    const taken = existsSync(join(folder, MARKER)) && (await readdir(folder)).length > 0
    if (!taken) throw error
  }
}

async function pythonVersion(): Promise<string> {
  const { stdout } = await run('python3', ['-c', 'import sys, platform; print(platform.machine(), *sys.version_info[:3])']).catch(
    (error: unknown) => {
      throw new Error(
        `there is no python3 to run dlt with (${error instanceof Error ? error.message.split('\n')[0] : String(error)})`,
      )
    },
  )
  const [, major, minor] = stdout.trim().split(' ')
  if (Number(major) < 3 || Number(minor) < 10) throw new Error(`dlt needs Python 3.10, and python3 is ${major}.${minor}`)
  return stdout.trim()
}

// A PostgreSQL server for tests: a private cluster in a temporary folder, on a free port of the loopback interface.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { accessSync, appendFileSync, chownSync, constants, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

const DEBIAN = '/usr/lib/postgresql'
/** Somebody else may take the port between its choice and the server's start. */
const ATTEMPTS = 3
/** Safe from nothing but a crash of the machine, which would take a test's cluster with it anyway. */
const SETTINGS = `
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 200
fsync = off
full_page_writes = off
synchronous_commit = off
`

/** The role that must give a password; the cluster's owner need not. */
export const GUARDED = { role: 'guarded', password: 'p@ss/w:rd?#1' }

/**
 * Starts a server and waits until it takes connections. `url` is that of its owner, who may do everything in it; `stop`
 * ends it and removes its folder. Where PostgreSQL is not installed, `reason` says so in one sentence.
 *
 * @returns {Promise<{ url: string, reason?: undefined, stop(): void } | { url?: undefined, reason: string, stop?: undefined }>}
 */
export async function startPostgres() {
  const programs = findPrograms()
  if (programs === undefined) return { reason: 'initdb and pg_ctl were found neither on the PATH nor under /usr/lib/postgresql.' }
  const owner = ownerOfFiles()
  if (owner === undefined) return { reason: 'PostgreSQL does not run as root, and there is no user postgres or nobody.' }
  const folder = mkdtempSync(join(tmpdir(), 'tributary-postgres-'))
  if (owner.uid !== undefined) chownSync(folder, owner.uid, owner.gid)
  const data = join(folder, 'data')
  /** Environment variables of the caller must not reach a cluster that is not theirs. */
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(PG|LC_|LANG)/.test(name)))
  const run = (program, ...args) =>
    spawnSync(program, args, { ...owner, env, cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  const remove = () => rmSync(folder, { recursive: true, force: true })

  const made = run(
    programs.initdb,
    '-D',
    data,
    '-U',
    'tributary',
    '-A',
    'trust',
    '-E',
    'UTF8',
    '--locale=C',
    '--no-sync',
    '--no-instructions',
  )
  if (made.status !== 0) {
    remove()
    return { reason: `initdb failed: ${lastLine(made)}` }
  }
  appendFileSync(join(data, 'postgresql.conf'), SETTINGS)
  const access = [`host all ${GUARDED.role} 127.0.0.1/32 scram-sha-256`, 'host all all 127.0.0.1/32 trust']
  writeFileSync(join(data, 'pg_hba.conf'), `${access.join('\n')}\n`)

  let failure = ''
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = await freePort()
    // pg_ctl holds on to what it inherits, so its output goes nowhere.
    const started = spawnSync(
      programs.pgCtl,
      ['start', '-w', '-t', '30', '-D', data, '-l', join(folder, 'log'), '-o', `-p ${port}`],
      {
        ...owner,
        env,
        cwd: folder,
        stdio: 'ignore',
      },
    )
    if (started.status !== 0) {
      failure = `pg_ctl start ended with ${started.status}`
      continue
    }
    const guard = stopWithUs(programs.pgCtl, data, folder, { ...owner, env })
    let stopped = false
    const stop = () => {
      if (stopped) return
      stopped = true
      run(programs.pgCtl, 'stop', '-D', data, '-m', 'immediate')
      remove()
      guard.stdin.end()
    }
    return { url: `postgres://tributary@127.0.0.1:${port}/postgres`, stop }
  }
  remove()
  return { reason: `the server did not start: ${failure}` }
}

/**
 * Stops the server when this process is gone, however it went: a test run that is killed runs no handlers of its own, but the
 * pipe that only it holds is closed.
 */
function stopWithUs(pgCtl, data, folder, options) {
  const script = 'cat > /dev/null; "$1" stop -D "$2" -m immediate; rm -rf "$3"'
  const stdio = ['pipe', 'ignore', 'ignore']
  const guard = spawn('sh', ['-c', script, 'sh', pgCtl, data, folder], { ...options, cwd: '/', detached: true, stdio })
  guard.on('error', () => {})
  guard.stdin.on('error', () => {})
  guard.stdin.unref()
  guard.unref()
  return guard
}

function findPrograms() {
  const versions = listVersions().map((version) => join(DEBIAN, version, 'bin'))
  for (const folder of [...(process.env.PATH ?? '').split(delimiter), ...versions]) {
    const initdb = join(folder, 'initdb')
    const pgCtl = join(folder, 'pg_ctl')
    if (folder !== '' && isExecutable(initdb) && isExecutable(pgCtl)) return { initdb, pgCtl }
  }
  return undefined
}

/** The newest first. */
function listVersions() {
  try {
    return readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a))
  } catch {
    return []
  }
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Who is to run the server: oneself, or somebody else where that is root, as whom it refuses to run. */
function ownerOfFiles() {
  if (process.getuid?.() !== 0) return {}
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (flag) => Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
      return { uid: id('-u'), gid: id('-g') }
    } catch {}
  }
  return undefined
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}

const lastLine = ({ stdout, stderr, error }) => error?.message ?? `${stdout}${stderr}`.trim().split('\n').at(-1)

import { readFileSync } from 'node:fs'

/** What this process took of the machine so far: CPU seconds, the peak of its memory, megabytes that it had written. */
export function processFigures() {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
  return { cpu: (userCPUTime + systemCPUTime) / 1e6, megabytes: maxRSS / 1024, written: written() }
}

/** Undefined where the system does not tell. */
function written() {
  try {
    return Number(/^write_bytes: (\d+)/m.exec(readFileSync('/proc/self/io', 'utf8'))[1]) / 1e6
  } catch {
    return undefined
  }
}

/** The destination of a kind, such as `duckdb`, at a path; of PostgreSQL, at a URL. */
export async function destinationOf(kind, place) {
  const module = await import(`@tributary/destination-${kind}`)
  return kind === 'postgres' ? module.postgres({ url: place }) : module[kind]({ path: place })
}

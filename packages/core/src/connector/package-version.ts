import { readFileSync } from 'node:fs'

/**
 * Version in the `package.json` one folder above a module: `packageVersion(import.meta.url)`, from `src` and `dist` alike.
 * `0.0.0` where there is none, as in a bundle.
 */
export function packageVersion(moduleUrl: string): string {
  try {
    const { version } = JSON.parse(readFileSync(new URL('../package.json', moduleUrl), 'utf8')) as { version?: string }
    return version ?? '0.0.0'
  } catch {
    return '0.0.0'
  }
}

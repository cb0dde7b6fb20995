import type { PageRequest, ParamValue } from './request.ts'

/**
 * Joins with exactly one slash. An empty path is the base unchanged, an absolute one stands for itself. A query of the base
 * is of every path.
 */
export function joinUrl(base: string, path: string): string {
  if (path === '') return base
  if (/^https?:\/\//i.test(path)) return path
  const [, stem = '', query = ''] = /^([^?#]*)(?:\?([^#]*))?/.exec(base) ?? []
  const joined = `${stem.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`
  if (query === '') return joined
  const [whole = ''] = joined.split('#', 1)
  return `${whole}${whole.includes('?') ? '&' : '?'}${query}`
}

/** The URL of a request as it is sent: its own query first, then `params`, which win over equal names in it. */
export function requestUrl({ url, params }: Pick<PageRequest, 'url' | 'params'>): URL {
  const target = new URL(url)
  for (const name of Object.keys(params)) target.searchParams.delete(name)
  for (const [name, value] of Object.entries(params)) {
    for (const text of paramTexts(value)) target.searchParams.append(name, text)
  }
  return target
}

/** The body of a form, as `application/x-www-form-urlencoded`. */
export function formText(fields: Readonly<Record<string, ParamValue>>): string {
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(fields)) {
    for (const text of paramTexts(value)) form.append(name, text)
  }
  return form.toString()
}

/** A parameter as it is written: one text for each time that its key is repeated. */
export function paramTexts(value: ParamValue): string[] {
  if (value === null || value === undefined) return []
  return Array.isArray(value) ? value.map(String) : [String(value)]
}

/** Value of a parameter as it is sent, from `params` or from the query that the URL itself has. */
export function sentParam(request: Pick<PageRequest, 'url' | 'params'>, name: string): string | undefined {
  return requestUrl(request).searchParams.get(name) ?? undefined
}

/** Scopes as one text (RFC 6749 §3.3). */
export function joinScopes(scopes: string | readonly string[] = ''): string {
  return typeof scopes === 'string' ? scopes : scopes.join(' ')
}

/** As in a form: before they are joined by a colon, identifier and secret are encoded so (RFC 6749 §2.3.1). */
export function formEncoded(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1)
}

/** Values of the fields that are credentials by their name. */
export function secretValues(fields: Readonly<Record<string, unknown>> = {}): string[] {
  return Object.entries(fields).flatMap(([name, value]) => {
    const isSecret = /(?:password|secret|token|assertion|key|authorization)$/i.test(name)
    return isSecret && typeof value === 'string' && value !== '' ? [value] : []
  })
}

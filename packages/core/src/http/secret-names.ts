const SECRET_NAME =
  /^(?:.*[-_.])?(?:api[-_]?key|apikey|key|access[-_]?token|token|auth|authorization|password|passwd|pwd|secret|client[-_]?secret|signature|sig|session|cookie|credential)s?$/i

/** Tokens that say where a listing or a log goes on. An API gives them to everybody who asks. */
const PAGING_TOKEN = /(?:^|[-_.])(?:page|next|previous|prev|cursor|continuation|sync|start|skip|resume|delta)[-_.]?token$/i

/** Whether the value of a parameter or header of this name is taken for a credential, whoever set it. */
export function isSecretName(name: string): boolean {
  const words = name.replaceAll(/([a-z\d])(?=[A-Z])/g, '$1_')
  return SECRET_NAME.test(words) && !PAGING_TOKEN.test(words)
}

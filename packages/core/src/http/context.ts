import type { Connector } from '../connector/connector.ts'
import type { ClientContext } from './client.ts'
import { createRedactor } from './redact.ts'

/** What the client and everything that speaks of a connector must know of its credentials. */
export function connectorContext({ optionInfos, options }: Connector): ClientContext {
  const secrets = optionInfos.filter((info) => info.secret)
  const values = secrets.map(({ name }) => options[name]).filter((value) => typeof value === 'string')
  // Of a file, the option is called as its variable.
  const names = secrets.map(({ name, variable }) => (name === variable ? name : `${name} (${variable})`)).join(' and ')
  return {
    redactor: createRedactor(values),
    credentialsHint:
      names === ''
        ? 'The connector has no option for credentials.'
        : `Check ${names}: set the variable, or pass --set ${secrets[0]!.name}=….`,
  }
}

import { TributaryError } from '../errors.ts'
import { nearest } from './nearest.ts'

export function unknownResource(connectorName: string, name: string, names: readonly string[]): TributaryError {
  const near = nearest(name, names)
  return new TributaryError({
    code: 'RESOURCE_UNKNOWN',
    recovery: 'fix-config',
    message: `${connectorName} has no resource ${JSON.stringify(name)}${near === undefined ? '.' : `; did you mean ${near}?`} It has ${names.join(', ')}.`,
  })
}

export function nothingSelected(connectorName: string, names: readonly string[]): TributaryError {
  return new TributaryError({
    code: 'RESOURCE_INVALID',
    recovery: 'fix-config',
    message: `${connectorName} has nothing to load: none of its resources is selected. Choose some of ${names.join(', ')}.`,
  })
}

export function invalid(connectorName: string, name: string, why: string): TributaryError {
  return new TributaryError({
    code: 'RESOURCE_INVALID',
    recovery: 'fix-config',
    message: `The resource ${connectorName}.${name} cannot run: ${why}.`,
  })
}

export function invalidContract(why: string): TributaryError {
  return new TributaryError({
    code: 'OPTIONS_INVALID',
    recovery: 'fix-config',
    message: `The schemaContract of this run ${why}.`,
  })
}

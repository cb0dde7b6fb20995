import { nearest, type Recovery, TributaryError } from '@tributary/core'
import { EXIT } from './shell.ts'

/** An error in how the command was called: nothing was requested, and the exit code is 2. */
export function usageError(message: string, code = 'USAGE'): TributaryError {
  return new TributaryError({ code, recovery: 'fix-config', message })
}

/** `There is no verb "snyc". Did you mean sync?`, or what there is where nothing is near. */
export function unknownName(kind: string, name: string, names: readonly string[], code = 'USAGE', more = ''): TributaryError {
  const near = nearest(name, names)
  const known = names.length === 0 ? '' : ` There ${names.length === 1 ? 'is' : 'are'} ${names.join(', ')}.`
  const hint = near === undefined ? known : ` Did you mean ${near}?`
  return usageError(`There is no ${kind} ${JSON.stringify(name)}.${hint}${more === '' ? '' : ` ${more}`}`, code)
}

/** What someone who reads an error does next. */
export function nextStep(recovery: Recovery): string {
  switch (recovery) {
    case 'retry':
      return 'Run the same command again: it goes on from the last load, and nothing is loaded twice.'
    case 'fix-config':
      return 'Change what the message names, then run the same command again.'
    case 'fix-data':
      return 'The data is not as the connector declares it: correct it at its source, or the schema in the connector, then run again.'
    case 'report':
      return 'This is a defect: please report it, with the message above, at https://github.com/tributary-sync/tributary/issues.'
  }
}

/** The exit code for an error that ended a command before it did anything. */
export const exitCodeOf = (error: TributaryError): number => (error.recovery === 'fix-config' ? EXIT.usage : EXIT.failed)

import { DEFAULT_DATABASE, DESTINATION_FORMS } from '../destinations.ts'
import type { Flag } from '../flags.ts'

/** Flags and paragraphs of help that several verbs share. */

export const JSON_FLAG: Flag & { readonly type: 'boolean' } = {
  type: 'boolean',
  about: 'Print one JSON object on stdout, for programs.',
}

export const SET_FLAG: Flag & { readonly type: 'string'; readonly multiple: true } = {
  type: 'string',
  multiple: true,
  value: 'key=value',
  about: "An option of the connector. Credentials are better kept in the environment: a shell's history remembers flags.",
}

export const FROM_SOURCES: { readonly title: string; readonly text: string } = {
  title: 'Options of a connector',
  text: [
    'come from --set, then the environment, then .env, then tributary.config.{ts,js,mjs,json}. The option apiKey of the connector',
    'ticketing is the variable TICKETING_API_KEY; TICKETING_API_KEY_FILE names a file that holds it.',
    'tributary describe <connector> shows them all. With none of them set, connectors that have a demo use it.',
  ].join(' '),
}

export const FROM_FLAG: Flag & { readonly type: 'string' } = {
  type: 'string',
  value: DESTINATION_FORMS,
  about: 'The destination that was loaded to. Default: as for sync; the demo database where there is only that.',
}

export const DATASET_FLAG: Flag & { readonly type: 'string' } = {
  type: 'string',
  value: 'name',
  about: 'Only this dataset. Default: all of them.',
}

export const ONE_DATASET_FLAG: Flag & { readonly type: 'string' } = {
  type: 'string',
  value: 'name',
  about: 'The dataset. Default: the only one that there is.',
}

export const TO_FLAG: Flag & { readonly type: 'string' } = {
  type: 'string',
  value: DESTINATION_FORMS,
  about: `Where the data goes. Default: duckdb:${DEFAULT_DATABASE}.`,
}

export const CONTRACT_FLAG: Flag & { readonly type: 'string' } = {
  type: 'string',
  value: 'mode',
  about:
    'What may change in the tables, over what the connector says: evolve, freeze, discard_row or discard_value; or by part: columns=freeze,data_type=discard_row.',
}

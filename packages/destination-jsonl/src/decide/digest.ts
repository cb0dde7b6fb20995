import { hash } from 'node:crypto'
import type { Head } from '../lines.ts'

/** Of the row itself, without the load it came with. */
export const digest = (line: string, { body }: Head): string => hash('sha1', line.slice(body), 'base64')

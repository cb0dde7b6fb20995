import { expect, it } from 'vitest'
import { parseContract } from './contract.ts'

it('reads one word for all, and a word for each part [command.contract.flag]', () => {
  expect(parseContract('freeze')).toBe('freeze')
  expect(parseContract('columns=discard_row, data_type=freeze')).toEqual({ columns: 'discard_row', dataType: 'freeze' })
  expect(parseContract('tables=evolve')).toEqual({ tables: 'evolve' })
})

it.each([
  ['freze', 'There is no contract "freze". Did you mean freeze?'],
  ['column=freeze', 'There is no part of a contract called "column". Did you mean columns?'],
  ['columns', '--contract takes one word, or one for each part: columns=freeze,data_type=discard_row.'],
  ['columns=freeze=evolve', '--contract has "columns=freeze=evolve", but takes one word, or one for each part'],
  ['columns=freeze,', '--contract has "", but takes one word, or one for each part'],
  ['=freeze', '--contract has "=freeze", but takes one word, or one for each part'],
  ['columns=', 'There is no contract "". There are evolve, freeze, discard_row, discard_value.'],
  ['columns=freeze,columns=evolve', '--contract says twice what becomes of columns.'],
])('refuses %s [command.contract.mistakes]', (text, message) => {
  expect(() => parseContract(text)).toThrow(message)
})

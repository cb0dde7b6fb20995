import { describe, expect, it } from 'vitest'
import { renderRows } from './query-formats.ts'

const output = { write: () => true, columns: 80 }
const columns = [
  { name: 'id', type: 'BIGINT' },
  { name: 'name', type: 'VARCHAR' },
]

describe('renderRows', () => {
  it('csv is RFC 4180, and tells null from empty text', () => {
    const rows = [
      [9_007_199_254_740_993n, 'a "quote", a comma\nand a line'],
      [2, null],
      [3, ''],
    ]
    expect(renderRows({ columns, rows }, 'csv', output)).toBe(
      'id,name\r\n9007199254740993,"a ""quote"", a comma\nand a line"\r\n2,\r\n3,""\r\n',
    )
  })

  it('json keeps every digit, and columns of one name apart', () => {
    const twice = [...columns, { name: 'id', type: 'BIGINT' }]
    expect(renderRows({ columns: twice, rows: [[9_007_199_254_740_993n, null, 1]] }, 'json', output)).toBe(
      '[\n{"id":9007199254740993,"name":null,"id_2":1}\n]\n',
    )
    expect(renderRows({ columns, rows: [] }, 'json', output)).toBe('[]\n')
    expect(
      renderRows(
        {
          columns,
          rows: [
            [1, 'a'],
            [2, 'b'],
          ],
        },
        'jsonl',
        output,
      ),
    ).toBe('{"id":1,"name":"a"}\n{"id":2,"name":"b"}\n')
  })

  it('table fits the terminal and says what it leaves out', () => {
    const wide = Array.from({ length: 20 }, (_, index) => ({ name: `column_${index}`, type: 'VARCHAR' }))
    const text = renderRows({ columns: wide, rows: [wide.map(() => 'value')] }, 'table', output)
    for (const line of text.split('\n').slice(0, 3)) expect(line.length).toBeLessThanOrEqual(80)
    expect(text).toMatch(/\(1 row; \d+ more columns that do not fit here/)
  })

  it('table shows no control characters', () => {
    expect(renderRows({ columns, rows: [[1, '\u001b[2J']] }, 'table', output)).not.toContain('\u001b')
  })
})

import { describe, expect, it } from 'vitest'
import { nearest } from './nearest.ts'

const names = ['tickets', 'users', 'ticket_comments', 'id']

describe('nearest', () => {
  it.each([
    ['tickets', 'tickets'],
    ['tikets', 'tickets'],
    ['TICKETS', 'tickets'],
    ['user', 'users'],
    ['ticket_coments', 'ticket_comments'],
    ['tcket_comment', 'ticket_comments'],
    ['ids', 'id'],
    ['invoices', undefined],
    ['', 'id'],
  ])('%s → %s', (name, expected) => {
    expect(nearest(name, names)).toBe(expected)
  })

  it('finds nothing among nothing', () => {
    expect(nearest('tickets', [])).toBeUndefined()
  })

  it('compares capitals of both sides alike', () => {
    expect(nearest('BASEURL', ['baseUrl', 'apiKey'])).toBe('baseUrl')
  })
})

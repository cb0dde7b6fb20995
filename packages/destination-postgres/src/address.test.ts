import { isTributaryError } from '@tributary/core'
import { describe, expect, it } from 'vitest'
import { parseAddress } from './address.ts'

const NONE = {}

describe('a connection URL', () => {
  it.each([
    ['postgres://ann:secret@db.example.com:6543/shop', 'postgres://db.example.com:6543/shop', 'ann', 'secret'],
    ['postgresql://ann@localhost/shop', 'postgres://localhost:5432/shop', 'ann', undefined],
    ['postgres://ann@localhost', 'postgres://localhost:5432/ann', 'ann', undefined],
    ['postgres://ann:p%40ss%2Fw%3Ard%23@localhost/my%20shop', 'postgres://localhost:5432/my shop', 'ann', 'p@ss/w:rd#'],
    ['postgres://ann:s@[::1]:5433/shop', 'postgres://[::1]:5433/shop', 'ann', 's'],
    ['postgres://ann@/shop?host=/run/postgresql', 'postgres://[/run/postgresql]:5432/shop', 'ann', undefined],
  ])('%s shows host, port and database only [postgres.location]', (url, location, user, password) => {
    expect(parseAddress(url, NONE)).toMatchObject({ location, user, password })
  })

  it('takes what it leaves out from the environment, as PostgreSQL’s own programs do [postgres.environment]', () => {
    const env = { PGUSER: 'ann', PGPASSWORD: 'secret', PGSSLMODE: 'require' }
    const expected = { user: 'ann', password: 'secret', ssl: { rejectUnauthorized: false } }
    expect(parseAddress('postgres://localhost/shop', env)).toMatchObject(expected)
    const said = parseAddress('postgres://bob:other@localhost/shop?sslmode=disable', env)
    expect(said).toMatchObject({ user: 'bob', password: 'other', ssl: false })
  })

  it.each([
    ['', 'prefer'],
    ['?sslmode=disable', false],
    ['?sslmode=prefer', 'prefer'],
    ['?sslmode=require', { rejectUnauthorized: false }],
    ['?sslmode=verify-ca', { rejectUnauthorized: true, checkServerIdentity: expect.any(Function) }],
    ['?sslmode=verify-full', { rejectUnauthorized: true, host: '127.0.0.1' }],
    ['?sslmode=require&channel_binding=require', { rejectUnauthorized: false }],
  ])('with %j is encrypted as sslmode says [postgres.tls]', (query, ssl) => {
    expect(parseAddress(`postgres://ann@127.0.0.1/shop${query}`, NONE).ssl).toEqual(ssl)
  })

  it.each([
    ['mysql://ann:hunter2@localhost/shop', /should look like postgres:\/\//],
    ['hunter2', /should look like/],
    ['postgres://ann:hunter2#x@localhost/shop', /@, \/ and # of a password written as %40/],
    ['postgres://ann:hunter2%zz@localhost/shop', /%25/],
    ['postgres://ann:hunter2@localhost/shop?sslmode=maybe', /sslmode is one of disable/],
    ['postgres://ann:hunter2@localhost/shop?password=hunter2', /the parameter "password" is not known/],
    ['postgres://ann:hunter2@localhost/shop?connect_timeout=soon', /connect_timeout is a number/],
    [
      'postgres://ann:hunter2@localhost/shop?sslmode=verify-full&sslrootcert=/nowhere/ca.pem',
      /\/nowhere\/ca\.pem cannot be read/,
    ],
  ])('%s is refused without being shown [postgres.url-invalid]', (url, message) => {
    let error: unknown
    try {
      parseAddress(url, NONE)
    } catch (caught) {
      error = caught
    }
    expect(isTributaryError(error) && error).toMatchObject({ code: 'URL_INVALID', recovery: 'fix-config' })
    expect((error as Error).message).toMatch(message)
    expect(String(error)).not.toContain('hunter2')
  })
})

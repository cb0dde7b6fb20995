import { describe, expect, it } from 'vitest'
import type { DeclaredScalar } from '../connector/declared.ts'
import type { Column } from '../load/schema.ts'
import { reconcile } from './reconcile.ts'

const column = (traits: Partial<Column>): Column => ({ name: 'a', path: ['a'], type: 'bigint', nullable: true, ...traits })
const meet = (stored: Partial<Column>, declared: Partial<DeclaredScalar>): Column =>
  reconcile('things', 'things', column(stored), { kind: 'scalar', type: 'bigint', nullable: false, ...declared })

describe('a stored column and what the schema declares of it', () => {
  it.each<[string, Partial<Column>, Partial<DeclaredScalar>, Partial<Column>]>([
    ['the same type', {}, {}, { type: 'bigint', nullable: true, declared: true }],
    ['never null again, where rows may lack it', { nullable: true }, { nullable: false }, { nullable: true }],
    ['null from now on', { nullable: false }, { nullable: true }, { nullable: true }],
    ['a description', {}, { description: 'what it is' }, { description: 'what it is' }],
    ['integers as doubles', {}, { type: 'double' }, { type: 'double' }],
    ['integers as decimals', {}, { type: 'decimal', precision: 21, scale: 2 }, { type: 'decimal', precision: 21, scale: 2 }],
    ['integers as text', {}, { type: 'text' }, { type: 'text' }],
    ['dates as instants', { type: 'date' }, { type: 'timestamp' }, { type: 'timestamp' }],
    ['UUIDs as text', { type: 'uuid' }, { type: 'text' }, { type: 'text' }],
    [
      'a wider decimal',
      { type: 'decimal', precision: 10, scale: 2 },
      { type: 'decimal', precision: 12, scale: 4 },
      { type: 'decimal', precision: 12, scale: 4 },
    ],
  ])('agree: %s [schema.declared]', (_what, stored, declared, expected) => {
    expect(meet(stored, declared)).toMatchObject({ name: 'a', path: ['a'], ...expected })
  })

  it.each<[string, Partial<Column>, Partial<DeclaredScalar>]>([
    ['text as integers', { type: 'text' }, { type: 'bigint' }],
    ['fractions as integers', { type: 'double' }, { type: 'bigint' }],
    ['integers past 2^53 as doubles', { exceedsDouble: true }, { type: 'double' }],
    ['integers as a decimal too small for them', {}, { type: 'decimal', precision: 18, scale: 0 }],
    ['a narrower decimal', { type: 'decimal', precision: 10, scale: 2 }, { type: 'decimal', precision: 10, scale: 4 }],
    ['instants as dates', { type: 'timestamp' }, { type: 'date' }],
    ['instants as text, which every destination would write in its own way', { type: 'timestamp' }, { type: 'text' }],
    ['doubles as text', { type: 'double' }, { type: 'text' }],
  ])('conflict: %s [schema.conflict]', (_what, stored, declared) => {
    expect(() => meet(stored, declared)).toThrow(
      expect.objectContaining({
        code: 'SCHEMA_CONFLICT',
        recovery: 'fix-config',
        message: expect.stringMatching(/things: the column things\.a holds .*--full-refresh/),
      }),
    )
  })

  it('leaves a column that is no longer declared, and lets it be null [schema.relax]', () => {
    expect(reconcile('things', 'things', column({ nullable: false, declared: true }), undefined)).toEqual(column({}))
  })
})

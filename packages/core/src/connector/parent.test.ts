import { describe, expect, it } from 'vitest'
import { TributaryError } from '../errors.ts'
import { compileRequest } from '../extract/request-template.ts'
import { parentOf } from './parent.ts'

const invalid = (why: string) => new TributaryError({ code: 'RESOURCE_INVALID', recovery: 'fix-config', message: why })

function parentFor(path: string, includeFromParent?: readonly string[]) {
  const url = `https://api.example.com/${path}`
  const request = compileRequest('blog.comments', { method: 'GET', url, params: {}, headers: {} })
  const options = includeFromParent === undefined ? {} : { includeFromParent }
  return parentOf('comments', options, request, ['posts', 'users', 'comments'], invalid)
}

describe('parentOf', () => {
  it('is none without a placeholder of a resource', () => {
    expect(parentFor('comments')).toBeUndefined()
    expect(parentFor('comments?since={incremental.start_value}', [])).toBeUndefined()
  })

  it('is the resource that the placeholders refer to [depend.parent]', () => {
    expect(parentFor('posts/{resources.posts.id}/{resources.posts.slug}')).toEqual({ resource: 'posts', included: [] })
  })

  it('gives fields of its own under its name [depend.include-from-parent]', () => {
    expect(parentFor('posts/{resources.posts.id}', ['title', 'author.id'])?.included).toEqual([
      { field: 'title', as: '_posts_title' },
      { field: 'author.id', as: '_posts_author.id' },
    ])
  })

  it.each<[string, string, readonly string[] | undefined, RegExp]>([
    [
      'that there is not [depend.parent.missing]',
      'p/{resources.post.id}',
      undefined,
      /^\{resources\.post\.id\} refers to the resource post, which there is not; did you mean posts\?/,
    ],
    [
      'that is called as nothing here is [depend.parent.missing]',
      'p/{resources.invoices.id}',
      undefined,
      /resource invoices, which there is not$/,
    ],
    [
      'that is two [depend.parent.two]',
      'p/{resources.posts.id}/{resources.users.id}',
      undefined,
      /refer to posts and users, but a resource has one parent/,
    ],
    [
      'that is the resource itself [depend.cycle]',
      'p/{resources.comments.id}',
      undefined,
      /^\{resources\.comments\.id\} refers to the resource itself/,
    ],
    [
      'that no placeholder names, to include fields of [depend.include-from-parent]',
      'p',
      ['id'],
      /includes fields of a parent, but no placeholder/,
    ],
  ])('refuses a parent %s', (_what, path, included, message) => {
    expect(() => parentFor(path, included)).toThrow(
      expect.objectContaining({ code: 'RESOURCE_INVALID', message: expect.stringMatching(message) }),
    )
  })
})

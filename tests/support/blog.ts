import { type Connector, type JsonValue, offset, resource, type WriteDisposition } from '@tributary/core'
import { delayed, type Handler, offsetPages } from '@tributary/testkit'
import { crm } from './connector.ts'

const POSTS = 150

/** Comments of a post, and likes of a comment: some have none, some more than a page. */
export const posts: JsonValue[] = Array.from({ length: POSTS }, (_, index) => ({ id: index + 1, at: index + 1 }))
export const commentsOf = (post: number): JsonValue[] =>
  Array.from({ length: (post * 7) % 8 === 0 ? 7 : post % 3 }, (_, index) => ({ id: post * 100 + index, post }))
export const likesOf = (comment: number): JsonValue[] =>
  Array.from({ length: comment % 4 }, (_, index) => ({ id: comment * 10 + index, comment }))

export const blogRoutes = (milliseconds = 0): Record<string, Handler> => ({
  '/posts': delayed((request) => {
    const since = Number(request.query.get('since') ?? 0)
    return offsetPages(posts.slice(Math.max(0, since - 1)))(request)
  }, milliseconds),
  '/posts/:post/comments': delayed((request) => offsetPages(commentsOf(Number(request.params.post)))(request), milliseconds),
  '/comments/:comment/likes': delayed((request) => offsetPages(likesOf(Number(request.params.comment)))(request), milliseconds),
})

/** Three levels of resources: likes of comments of posts, which are read by their cursor. */
export function blog(baseUrl: string, writeDisposition: WriteDisposition): Connector {
  const listing = { dataSelector: 'data', paginator: offset({ limit: 5 }) }
  return crm(baseUrl, {
    resourceDefaults: { primaryKey: 'id' as never, writeDisposition },
    resources: {
      posts: resource({
        cursor: 'at' as never,
        endpoint: { path: 'posts', ...listing, incremental: { startParam: 'since' } },
      }),
      comments: resource({ endpoint: { path: 'posts/{resources.posts.id}/comments', ...listing } }),
      likes: resource({ endpoint: { path: 'comments/{resources.comments.id}/likes', ...listing } }),
    },
  })
}

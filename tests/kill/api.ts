import { delayed, type Handler, type MockApi, offsetPages, startMockApi } from '@tributary/testkit'
import { afterAll } from 'vitest'
import { after, before, commentsOf, type Item, likesOf, postsAfter, postsBefore } from './records.ts'

/** Of each answer that the second process gets: its pages are many, so a run takes some tenths of a second. */
const DELAY = 12

export interface Shop {
  /** As it was before the run that is killed. */
  readonly before: string
  /** As it is then. */
  readonly after: string
  /** The same, but it takes its time. */
  readonly slowly: string
  /** So far. */
  readonly requests: MockApi['requests']
}

/** An API that is closed when the test file is over. */
export async function startShop(): Promise<Shop> {
  const api: MockApi = await startMockApi({
    ...routes('before', before, postsBefore),
    ...routes('after', after, postsAfter),
    ...routes('slowly', after, postsAfter, DELAY),
  })
  afterAll(() => api.close())
  return { before: `${api.url}/before`, after: `${api.url}/after`, slowly: `${api.url}/slowly`, requests: api.requests }
}

const routes = (name: string, things: readonly Item[], posts: readonly Item[], delay = 0): Record<string, Handler> => {
  const late = (handler: Handler): Handler => (delay === 0 ? handler : delayed(handler, delay))
  return {
    [`/${name}/things`]: late(since(things)),
    [`/${name}/posts`]: late(since(posts)),
    [`/${name}/posts/:post/comments`]: late((request) => offsetPages(commentsOf(Number(request.params.post)))(request)),
    [`/${name}/comments/:comment/likes`]: late((request) => offsetPages(likesOf(Number(request.params.comment)))(request)),
  }
}

const since =
  (items: readonly Item[]): Handler =>
  (request) => {
    const start = Number(request.query.get('since') ?? 0)
    return offsetPages(items.filter(({ at }) => Number(at) >= start))(request)
  }

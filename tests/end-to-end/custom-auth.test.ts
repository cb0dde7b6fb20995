import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { jsonResponse } from '@tributary/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { serve } from '../support/connector.ts'
import { tributary } from '../support/process.ts'

const CONFIG = `
import { registerAuth } from '@tributary/core'

registerAuth('signed', ({ key }) => ({
  secrets: [String(key)],
  apply: (request) => ({ ...request, headers: { ...request.headers, 'X-Signature': \`by \${key}\` } }),
}))

export default {}
`

it('a file has the auth that the config file has registered, and its key shows nowhere [auth.custom.config]', async () => {
  // Inside the workspace, so that the packages are found.
  const cwd = join(import.meta.dirname, '../.tmp/custom-auth')
  mkdirSync(cwd, { recursive: true })
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }))
  const api = await serve({
    '/items': ({ headers }) =>
      headers['x-signature'] === 'by a-key-of-mine'
        ? jsonResponse([{ id: 1, key: headers['x-signature'] }])
        : jsonResponse({}, { status: 403 }),
  })
  writeFileSync(join(cwd, 'tributary.config.ts'), CONFIG)
  writeFileSync(
    join(cwd, 'shop.yaml'),
    'client:\n  base_url: ${SHOP_URL}\n  auth: { type: signed, key: "${SHOP_KEY}" }\nresources: [items]\n',
  )
  const { code, stdout, stderr } = await tributary(['sync', './shop.yaml'], {
    cwd,
    env: { SHOP_URL: api.url, SHOP_KEY: 'a-key-of-mine' },
  })
  expect([code, stdout + stderr]).toEqual([0, expect.stringContaining('items: ok · 1 row')])
  expect(stdout + stderr).not.toContain('a-key-of-mine')
})

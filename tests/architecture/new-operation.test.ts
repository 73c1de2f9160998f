import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { serve, tokens } from '#support/door'
import type { HttpFunction } from '#runtime/function'

/** A copy of the checkout, since adding an operation writes into it. */
describe('adding an operation', () => {
  const copy = mkdtempSync(join(tmpdir(), 'kiosk-new-'))
  const run = (...args: string[]) =>
    execFileSync('node', args, { cwd: copy, encoding: 'utf8', stdio: 'pipe' })

  beforeAll(() => {
    for (const name of [
      'functions',
      'events',
      'infra',
      'knative',
      'package.json',
      'tsconfig.json',
      'esbuild.config.mjs',
      'README.md',
    ]) {
      cpSync(name, join(copy, name), { recursive: true })
    }
    symlinkSync(resolve('node_modules'), join(copy, 'node_modules'))
  })
  afterAll(() => rmSync(copy, { recursive: true }))

  test('is adding one folder: it is built, deployed, routed and described without another line', async () => {
    run('esbuild.config.mjs', '--quiet', '--only=infra')
    run('dist/infra/tools/new.cjs', 'orders/reopen-order')
    run('dist/infra/tools/generate.cjs')
    run('esbuild.config.mjs', '--quiet', '--only=functions')

    const manifest = readFileSync(join(copy, 'knative/base/orders/reopen-order.yaml'), 'utf8')
    expect(manifest).toContain('kiosk.example/routes: POST /v1/orders/{id}/reopen-order')
    expect(readFileSync(join(copy, 'README.md'), 'utf8')).toContain(
      '[reopen-order](functions/orders/reopen-order)',
    )
    expect(readFileSync(join(copy, 'functions/platform/describe-shop/openapi.json'), 'utf8')).toContain(
      'reopen-order',
    )

    const keys = await tokens()
    Object.assign(process.env, keys.env, { DATABASE_URL: 'postgres://nobody@127.0.0.1:9/none' })
    const bundle = join(copy, 'dist/functions/orders/reopen-order.cjs')
    const { default: fn } = jest.requireActual<{ default: HttpFunction }>(bundle)
    const door = await serve(fn)
    const response = await fetch(`${door.url}/v1/orders/o1/reopen-order`, {
      method: 'POST',
      headers: { authorization: await keys.bearer('ada') },
    })
    expect([response.status, await response.json()]).toEqual([200, { id: 'o1', by: 'ada' }])
    await door.close()
  }, 240_000)

  test('refuses a name that is taken, and one that is none', () => {
    expect(() => run('dist/infra/tools/new.cjs', 'carts/place-order')).toThrow(
      'functions/orders/place-order is there already',
    )
    expect(() => run('dist/infra/tools/new.cjs', 'Place Order')).toThrow('usage: npm run new')
    expect(existsSync(join(copy, 'functions/carts/place-order'))).toBe(false)
  })
})

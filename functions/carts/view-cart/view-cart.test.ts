import { openCallers } from '#runtime/caller'
import { openCarts } from '#support/carts'
import { serve, tokens } from '#support/door'
import deployable, { viewCart } from './handler'

const EMPTY = { items: [], total: 0, currency: 'EUR', version: 0 }

describe('view-cart', () => {
  const carts = openCarts('carts/view-cart')

  test('shows an empty cart to a customer who has none', async () => {
    const reply = await viewCart({}, carts.deps())

    expect(reply).toEqual({ status: 200, headers: {}, body: EMPTY })
  })

  test('shows what is in the cart at the prices of now, in order of SKU', async () => {
    await carts.sells('TEA', 450)
    await carts.sells('MUG', 1200)
    await carts.put('TEA', 2)
    await carts.put('MUG', 1)
    await carts.sells('TEA', 400, { version: 2 })

    const { body } = await viewCart({}, carts.deps())

    expect(body).toEqual({
      items: [
        { sku: carts.sku('MUG'), name: 'MUG by name', quantity: 1, unitPrice: 1200, lineTotal: 1200 },
        { sku: carts.sku('TEA'), name: 'TEA by name', quantity: 2, unitPrice: 400, lineTotal: 800 },
      ],
      total: 2000,
      currency: 'EUR',
      version: 2,
    })
  })

  test("names the state of a customer's cart, another after every change and after Redis lost it", async () => {
    await carts.sells('TEA', 450)
    const state = async () => (await viewCart({}, carts.deps())).headers!['Kiosk-Cart-State']
    await carts.put('TEA', 1)
    const names = [await state(), await state()]
    await carts.put('TEA', 1)
    names.push(await state())
    await carts.lose()
    await carts.put('TEA', 1)
    await carts.put('TEA', 1)
    names.push(await state())

    expect(names).toEqual(names.map(() => expect.stringMatching(/^\d+\.\d+-[12]$/) as unknown))
    expect(names[0]).toBe(names[1])
    expect(new Set(names).size).toBe(3)
  })

  test('leaves out what is no longer sold, and shows it when it is sold again', async () => {
    await carts.sells('TEA', 450)
    await carts.put('TEA', 2)
    await carts.retires('TEA', 2)

    const retired = await viewCart({}, carts.deps())
    await carts.sells('TEA', 500, { version: 3 })
    const again = await viewCart({}, carts.deps())

    expect(retired.body).toEqual({ ...EMPTY, version: 1 })
    expect(again.body).toMatchObject({ items: [{ quantity: 2, unitPrice: 500 }], total: 1000 })
  })

  test('asks the catalogue for what our copy lacks, and keeps the answer', async () => {
    await carts.sells('TEA', 450)
    await carts.put('TEA', 1)
    await carts.cache().hdel('products', carts.sku('TEA'))
    const asked: string[] = []
    const viewProduct = async (method: string, path: string) => {
      asked.push(`${method} ${path}`)
      return {
        status: 200,
        body: { sku: carts.sku('TEA'), name: 'Tea', price: 460, currency: 'EUR', available: 3 },
      }
    }

    const first = await viewCart({}, carts.deps({ viewProduct }))
    const second = await viewCart({}, carts.deps({ viewProduct }))

    expect(first.body).toMatchObject({ items: [{ name: 'Tea', unitPrice: 460 }], total: 460 })
    expect(second.body).toEqual(first.body)
    expect(asked).toEqual([`GET /v1/products/${carts.sku('TEA')}`])
  })

  test('fails rather than show half a cart when the catalogue does not answer', async () => {
    await carts.sells('TEA', 450)
    await carts.put('TEA', 1)
    await carts.cache().hdel('products', carts.sku('TEA'))

    const viewing = viewCart({}, carts.deps({ viewProduct: async () => ({ status: 503, body: undefined }) }))

    await expect(viewing).rejects.toThrow('view-product answered 503')
  })

  test.each([
    ['no token', ''],
    ['a token that is too short', 'a'.repeat(42)],
    ['a token that is too long', 'a'.repeat(5_000)],
    ['a token with other characters', `${'a'.repeat(42)}}`],
    ["the name of a customer's cart", 'member:ada'],
  ])('gives a guest with %s a new cart and tells its token', async (_, id) => {
    const deps = carts.deps({ caller: { kind: 'guest', id } })

    const reply = await viewCart({}, deps)

    expect(reply).toEqual({ status: 200, headers: { 'Kiosk-Cart': deps.newToken() }, body: EMPTY })
  })

  test("keeps guests' and customers' carts apart, even of equal names", async () => {
    await carts.sells('TEA', 450)
    const token = carts.customer().padEnd(43, 'x')
    await carts.put('TEA', 7, { caller: { kind: 'member', id: token } })

    const guest = await viewCart({}, carts.deps({ caller: { kind: 'guest', id: token } }))
    const owner = await viewCart({}, carts.deps({ caller: { kind: 'member', id: token } }))

    expect(guest).toEqual({ status: 200, headers: { 'Kiosk-Cart': token }, body: EMPTY })
    expect(owner.body).toMatchObject({ items: [{ quantity: 7 }] })
  })

  test('keeps a cart that is looked at: 180 days of a customer, 30 of a guest', async () => {
    await carts.sells('TEA', 450)
    const token = carts.customer().padEnd(43, 'x')
    const guest = { caller: { kind: 'guest' as const, id: token } }
    await carts.put('TEA', 1)
    await carts.put('TEA', 1, guest)
    const cache = carts.cache()
    const keys = [`cart:{member:${carts.customer()}}:items`, `cart:{guest:${token}}:about`]
    for (const key of keys) await cache.expire(key, 60)

    await viewCart({}, carts.deps())
    await viewCart({}, carts.deps(guest))

    const left = await Promise.all(keys.map((key) => cache.ttl(key)))
    expect(left.map((seconds) => Math.round(seconds / 86_400))).toEqual([180, 30])
  })

  test('is a guest over HTTP without a token and a customer with one', async () => {
    const { env, bearer } = await tokens()
    const parts = { cache: carts.cache, callers: openCallers }
    const served = await serve(
      deployable(carts.operation, parts, { ...env, VIEW_PRODUCT_URL: 'http://127.0.0.1:1' }),
    )
    const ask = (headers: Record<string, string>) => fetch(`${served.url}/v1/cart`, { headers })

    const stranger = await ask({})
    const token = stranger.headers.get('kiosk-cart')!
    const guest = await ask({ 'Kiosk-Cart': token })
    const customer = await ask({ authorization: await bearer(carts.customer()), 'Kiosk-Cart': token })
    const forged = await ask({ authorization: 'Bearer no.such.token' })
    await served.close()

    expect(token).toMatch(/^[\w-]{43}$/)
    expect(guest.headers.get('kiosk-cart')).toBe(token)
    expect(customer.headers.get('kiosk-cart')).toBeNull()
    expect([stranger, guest, customer, forged].map(({ status }) => status)).toEqual([200, 200, 200, 401])
    expect(await stranger.json()).toEqual(EMPTY)
  })
})

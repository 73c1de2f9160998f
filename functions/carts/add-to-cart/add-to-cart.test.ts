import { atOnce, countedCache, openCarts } from '#support/carts'
import { member } from '../owner'
import { look } from '../stored-cart'
import { addToCart } from './handler'

describe('add-to-cart', () => {
  const carts = openCarts('carts/add-to-cart')
  const put = (name: string, quantity: number, over = {}) =>
    addToCart({ sku: carts.sku(name), quantity }, carts.deps(over))
  const quantityOf = async (name: string) => {
    const { cart } = await look(carts.cache(), member(carts.customer()))
    return cart.quantities.get(carts.sku(name))
  }

  test('puts an item into the cart and answers the whole cart', async () => {
    await carts.sells('TEA', 450)

    const reply = await put('TEA', 2)

    const line = { sku: carts.sku('TEA'), name: 'TEA by name', quantity: 2, unitPrice: 450, lineTotal: 900 }
    expect(reply).toEqual({
      status: 201,
      headers: { Location: '/v1/cart' },
      body: { items: [line], total: 900, currency: 'EUR', version: 1 },
    })
  })

  test('adds to a line that is there already', async () => {
    await carts.sells('TEA', 450)
    await put('TEA', 2)

    const { body } = await put('TEA', 3)

    expect(body).toMatchObject({ items: [{ quantity: 5, lineTotal: 2250 }], version: 2 })
  })

  test('tells a guest the token of the cart, and finds it again by it', async () => {
    await carts.sells('TEA', 450)
    const token = carts.customer().padEnd(43, 'x')

    const first = await put('TEA', 1, { caller: { kind: 'guest', id: '' }, newToken: () => token })
    const second = await put('TEA', 1, { caller: { kind: 'guest', id: token } })

    expect(first.headers).toEqual({ Location: '/v1/cart', 'Kiosk-Cart': token })
    expect(second).toMatchObject({ headers: { 'Kiosk-Cart': token }, body: { items: [{ quantity: 2 }] } })
  })

  test('asks the catalogue for an item whose event is still on its way', async () => {
    const body = { sku: carts.sku('NEW'), name: 'New', price: 700, currency: 'EUR', available: 1 }

    const reply = await put('NEW', 1, { viewProduct: async () => ({ status: 200, body }) })
    const again = await put('NEW', 1)

    expect(reply.body).toMatchObject({ items: [{ name: 'New', unitPrice: 700 }], total: 700 })
    expect(again.body).toMatchObject({ total: 1400 })
  })

  test('refuses an item that nobody sells', async () => {
    await expect(put('GHOST', 1)).rejects.toMatchObject({ kind: 'unknown-sku', status: 422 })

    expect(await quantityOf('GHOST')).toBeUndefined()
  })

  test('refuses an item that is no longer sold, without asking the catalogue', async () => {
    await carts.sells('TEA', 450)
    await carts.retires('TEA')
    const viewProduct = () => Promise.reject(new Error('asked'))

    await expect(put('TEA', 1, { viewProduct })).rejects.toMatchObject({ kind: 'unknown-sku' })
  })

  test('refuses an item in another currency', async () => {
    await carts.sells('TEA', 450)
    await carts.sells('COLA', 200, { currency: 'USD' })
    await put('TEA', 1)

    const members = { sku: carts.sku('COLA'), currency: 'USD', cartCurrency: 'EUR' }
    await expect(put('COLA', 1)).rejects.toMatchObject({ kind: 'currency-mismatch', status: 409, members })
  })

  test('refuses more of one item than a line may have, and keeps what was there', async () => {
    await carts.sells('TEA', 450)
    await put('TEA', 99_999)

    await expect(put('TEA', 2)).rejects.toMatchObject({ kind: 'too-many', status: 409 })
    expect(await put('TEA', 1)).toMatchObject({ body: { items: [{ quantity: 100_000 }], total: 45_000_000 } })
  })

  test('refuses the 101st item, but not more of the first', async () => {
    await carts.sells('TEA', 450)
    await put('TEA', 1)
    for (let i = 1; i < 100; i++) await carts.sells(`N${i}`, 1)
    await atOnce(99, (turn) => put(`N${turn + 1}`, 1))
    await carts.sells('LAST', 1)

    await expect(put('LAST', 1)).rejects.toMatchObject({ kind: 'cart-full', status: 409 })
    expect(await put('TEA', 1)).toMatchObject({ status: 201, body: { version: 101 } })
  })

  test('lets a line that nobody can buy any more give way to another currency', async () => {
    await carts.sells('TEA', 450)
    await carts.sells('COLA', 200, { currency: 'USD' })
    await put('TEA', 1)
    await carts.retires('TEA')

    const { body } = await put('COLA', 3)

    expect(body).toMatchObject({ items: [{ sku: carts.sku('COLA') }], total: 600, currency: 'USD' })
    expect(await quantityOf('TEA')).toBeUndefined()
  })

  test('keeps a line that nobody can buy any more when the addition is refused all the same', async () => {
    await carts.sells('TEA', 450)
    await carts.sells('MUG', 1200)
    await carts.sells('COLA', 200, { currency: 'USD' })
    await put('TEA', 2)
    await put('MUG', 1)
    await carts.retires('TEA', 2)
    const before = await look(carts.cache(), member(carts.customer()))

    await expect(put('COLA', 3)).rejects.toMatchObject({ kind: 'currency-mismatch' })

    expect(await look(carts.cache(), member(carts.customer()))).toEqual(before)
    expect(await quantityOf('TEA')).toBe(2)
  })

  test('begins a line anew whose item is sold in another currency by now', async () => {
    await carts.sells('TEA', 450)
    await put('TEA', 99_999)
    await carts.sells('TEA', 500, { currency: 'USD', version: 2 })

    expect(await put('TEA', 2)).toMatchObject({ body: { items: [{ quantity: 2 }], currency: 'USD' } })
  })

  test('loses none of 100 additions at the same moment', async () => {
    await carts.sells('TEA', 450)
    await carts.sells('MUG', 1200)

    await atOnce(100, (turn) => put(turn % 2 === 0 ? 'TEA' : 'MUG', 1 + (turn % 5)))

    expect(await carts.seen()).toMatchObject({ items: [{ quantity: 150 }, { quantity: 150 }], version: 100 })
  })

  test('adds once for a key, and answers the cart as it is when asked again', async () => {
    await carts.sells('TEA', 450)
    const first = await put('TEA', 2, { idempotencyKey: 'a-key' })
    await put('TEA', 1)

    const again = await put('TEA', 2, { idempotencyKey: 'a-key' })

    expect(first.headers).toEqual({ Location: '/v1/cart' })
    expect(again.headers).toEqual({ Location: '/v1/cart', 'Idempotent-Replayed': 'true' })
    expect(again).toMatchObject({ status: 201, body: { items: [{ quantity: 3 }], version: 2 } })
  })

  test('adds once for a key that comes ten times at the same moment', async () => {
    await carts.sells('TEA', 450)

    const replies = await atOnce(10, () => put('TEA', 2, { idempotencyKey: 'a-key' }))

    expect(replies.filter(({ headers }) => !('Idempotent-Replayed' in headers))).toHaveLength(1)
    expect(await quantityOf('TEA')).toBe(2)
  })

  test('refuses a key that belongs to another request, and knows it from the key of another customer', async () => {
    await carts.sells('TEA', 450)
    await put('TEA', 2, { idempotencyKey: 'a-key' })

    const reused = { domain: 'platform', kind: 'idempotency-key-reused', status: 422 }
    await expect(put('TEA', 3, { idempotencyKey: 'a-key' })).rejects.toMatchObject(reused)
    const eve = await put('TEA', 3, { idempotencyKey: 'a-key', caller: { id: `eve-${carts.customer()}` } })
    expect(eve.body).toMatchObject({ items: [{ quantity: 3 }] })
  })

  test('does not use up the key of an addition that was refused', async () => {
    await carts.sells('TEA', 450)
    await put('TEA', 100_000)
    const key = { idempotencyKey: 'a-key' }
    await expect(put('TEA', 1, key)).rejects.toMatchObject({ kind: 'too-many' })
    await carts.sells('MUG', 1200)

    const reply = await put('MUG', 1, key)

    expect(reply.headers).toEqual({ Location: '/v1/cart' })
  })

  test('adds once when the Redis client sends a command again whose answer was lost', async () => {
    await carts.sells('TEA', 450)
    const sent = { ids: { next: () => carts.sku('one-request') } }

    await put('TEA', 2, sent)
    const again = await put('TEA', 2, sent)

    expect(again.headers).toEqual({ Location: '/v1/cart' })
    expect(again.body).toMatchObject({ items: [{ quantity: 2 }] })
  })

  test('takes two round trips to Redis, however much is in the cart', async () => {
    for (const name of ['TEA', 'MUG', 'POT']) {
      await carts.sells(name, 450)
      await put(name, 1)
    }
    const { cache, count, close } = await countedCache()

    await put('TEA', 1, { cache })
    close()

    expect(count.requests).toBe(2)
  })
})

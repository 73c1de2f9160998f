import { atOnce, openCarts } from '#support/carts'
import { emptyCart } from './handler'

describe('empty-cart', () => {
  const carts = openCarts('carts/empty-cart')
  const empty = (over = {}) => emptyCart({}, carts.deps(over))

  test('takes everything out, and the version grows', async () => {
    await carts.sells('TEA', 450)
    await carts.sells('MUG', 1200)
    await carts.put('TEA', 2)
    await carts.put('MUG', 1)

    const reply = await empty()

    expect(reply).toEqual({
      status: 200,
      headers: {},
      body: { items: [], total: 0, currency: 'EUR', version: 3 },
    })
    expect(await carts.seen()).toEqual(reply.body)
  })

  test('takes out what is not sold at the moment, too', async () => {
    await carts.sells('TEA', 450)
    await carts.put('TEA', 2)
    await carts.retires('TEA', 2)
    await empty()

    await carts.sells('TEA', 450, { version: 3 })

    expect(await carts.seen()).toMatchObject({ items: [], version: 2 })
  })

  test('is content with an empty cart', async () => {
    expect(await empty()).toMatchObject({ status: 200, body: { items: [], version: 0 } })
  })

  test('empties once when asked many times at the same moment, and what is added after stays', async () => {
    await carts.sells('TEA', 450)
    await carts.put('TEA', 2)

    await atOnce(20, () => empty())

    expect((await carts.put('TEA', 1)).body).toMatchObject({ items: [{ quantity: 1 }], version: 3 })
  })

  test('frees the cart for another currency', async () => {
    await carts.sells('TEA', 450)
    await carts.sells('COLA', 200, { currency: 'USD' })
    await carts.put('TEA', 1)
    await empty()

    expect(await carts.put('COLA', 1)).toMatchObject({ body: { currency: 'USD', total: 200 } })
  })

  test("empties a guest's cart and no other, and keeps the key of an addition", async () => {
    await carts.sells('TEA', 450)
    const guest = { caller: { kind: 'guest' as const, id: carts.customer().padEnd(43, 'x') } }
    await carts.put('TEA', 2)
    await carts.put('TEA', 2, { ...guest, idempotencyKey: 'a-key' })

    const reply = await empty(guest)
    await carts.put('TEA', 2, { ...guest, idempotencyKey: 'a-key' })

    expect(reply.headers).toEqual({ 'Kiosk-Cart': guest.caller.id })
    expect(await carts.seen(guest)).toMatchObject({ items: [], version: 2 })
    expect(await carts.seen()).toMatchObject({ items: [{ quantity: 2 }] })
  })
})

import { atOnce, openCarts } from '#support/carts'
import { removeFromCart } from './handler'

describe('remove-from-cart', () => {
  const carts = openCarts('carts/remove-from-cart')
  const remove = (name: string, over = {}) => removeFromCart({ sku: carts.sku(name) }, carts.deps(over))

  test('takes the item out, all of it, and answers the cart that is left', async () => {
    await carts.sells('TEA', 450)
    await carts.sells('MUG', 1200)
    await carts.put('TEA', 2)
    await carts.put('MUG', 1)

    const reply = await remove('TEA')

    expect(reply).toMatchObject({
      status: 200,
      body: { items: [{ sku: carts.sku('MUG') }], total: 1200, version: 3 },
    })
  })

  test('answers the cart as it is when the item is not in it', async () => {
    await carts.sells('TEA', 450)
    await carts.put('TEA', 2)

    const replies = [await remove('MUG'), await remove('TEA'), await remove('TEA')]

    expect(replies.map(({ body }) => [body!.total, body!.version])).toEqual([
      [900, 1],
      [0, 2],
      [0, 2],
    ])
  })

  test('answers an empty cart to a guest who has none, with its token', async () => {
    const deps = { caller: { kind: 'guest' as const, id: '' } }

    const reply = await remove('TEA', deps)

    expect(reply).toEqual({
      status: 200,
      headers: { 'Kiosk-Cart': carts.deps().newToken() },
      body: { items: [], total: 0, currency: 'EUR', version: 0 },
    })
  })

  test('removes once when asked many times at the same moment, and what is added after stays', async () => {
    await carts.sells('TEA', 450)
    await carts.put('TEA', 5)

    await atOnce(20, () => remove('TEA'))
    const { body } = await carts.put('TEA', 1)

    expect(body).toMatchObject({ items: [{ quantity: 1 }], version: 3 })
  })

  test('frees an empty cart for another currency', async () => {
    await carts.sells('TEA', 450)
    await carts.sells('COLA', 200, { currency: 'USD' })
    await carts.put('TEA', 1)
    await remove('TEA')

    expect(await carts.put('COLA', 1)).toMatchObject({ body: { currency: 'USD', total: 200 } })
  })
})

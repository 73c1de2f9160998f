import { atOnce, openCarts } from '#support/carts'
import { changeQuantity } from './handler'

describe('change-quantity', () => {
  const carts = openCarts('carts/change-quantity')
  const change = (name: string, quantity: number, over = {}) =>
    changeQuantity({ sku: carts.sku(name), quantity }, carts.deps(over))
  const notInCart = { domain: 'carts', kind: 'not-in-cart', status: 404 }

  beforeEach(() => carts.sells('TEA', 450))

  test.each([
    ['more', 7],
    ['fewer', 1],
  ])('sets the quantity to %s, and answers the whole cart', async (_, quantity) => {
    await carts.sells('MUG', 1200)
    await carts.put('TEA', 2)
    await carts.put('MUG', 1)

    const reply = await change('TEA', quantity)

    expect(reply).toMatchObject({
      ...{ status: 200, headers: {} },
      body: {
        items: [
          { sku: carts.sku('MUG'), quantity: 1 },
          { sku: carts.sku('TEA'), quantity, lineTotal: 450 * quantity },
        ],
        ...{ total: 1200 + 450 * quantity, version: 3 },
      },
    })
  })

  test('is the same when asked twice: the version grows once', async () => {
    await carts.put('TEA', 2)

    const replies = [await change('TEA', 5), await change('TEA', 5)]

    expect(replies[0]!.body).toMatchObject({ items: [{ quantity: 5 }], version: 2 })
    expect(replies[1]).toEqual(replies[0])
  })

  test('takes the item out when none is wanted, and is content when it is out', async () => {
    await carts.put('TEA', 2)

    const replies = [await change('TEA', 0), await change('TEA', 0)]

    expect(replies.map(({ body }) => [body!.items, body!.version])).toEqual([
      [[], 2],
      [[], 2],
    ])
  })

  test('refuses an item that is not in the cart, and does not put it there', async () => {
    await carts.put('TEA', 2)
    await change('TEA', 0)

    await expect(change('TEA', 3)).rejects.toMatchObject(notInCart)

    expect(await carts.seen()).toMatchObject({ items: [], version: 2 })
  })

  test('refuses more of what is sold no more, but takes it out', async () => {
    await carts.put('TEA', 2)
    await carts.retires('TEA')

    await expect(change('TEA', 3)).rejects.toMatchObject({ kind: 'unknown-sku', status: 422 })
    expect((await change('TEA', 0)).body).toMatchObject({ version: 2 })
    await carts.sells('TEA', 450, { version: 3 })
    expect(await carts.seen()).toMatchObject({ items: [] })
  })

  test("changes a guest's cart and no other", async () => {
    const guest = { caller: { kind: 'guest' as const, id: carts.customer().padEnd(43, 'x') } }
    await carts.put('TEA', 2)
    await carts.put('TEA', 2, guest)

    const reply = await change('TEA', 9, guest)

    expect(reply).toMatchObject({
      headers: { 'Kiosk-Cart': guest.caller.id },
      body: { items: [{ quantity: 9 }] },
    })
    expect(await carts.seen()).toMatchObject({ items: [{ quantity: 2 }] })
  })

  test('ends in one of the quantities that were asked for at the same moment', async () => {
    await carts.put('TEA', 50)

    await atOnce(20, (turn) => change('TEA', 1 + turn))

    const { items } = await carts.seen()
    expect(items).toHaveLength(1)
    expect(items[0]!.quantity).toBeLessThanOrEqual(20)
  })

  test('does not bring back a line that is taken out at the same moment', async () => {
    await carts.put('TEA', 50)

    await atOnce(20, (turn) => change('TEA', turn).catch(() => undefined))

    expect(await carts.seen()).toMatchObject({ items: [], total: 0 })
  })
})

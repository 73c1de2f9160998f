import { openCallers } from '#runtime/caller'
import { openDatabase } from '#runtime/database'
import { openCarts } from '#support/carts'
import { openDomain, operationOf, urlOf } from '#support/domain'
import { serve, tokens } from '#support/door'
import { order, price } from '#support/orders'
import { openWholeShop } from '#support/whole-shop'
import { emptyCart } from '../../functions/carts/empty-cart/handler'
import { viewCart } from '../../functions/carts/view-cart/handler'
import deployable, { placeOrder } from '../../functions/orders/place-order/handler'

/**
 * The seed believed the client's shipping costs and discount, counted money in 32-bit floats, never looked at the stock, and
 * ordered without the cart.
 */
describe('B11: the client sets the price', () => {
  const orders = openDomain('orders/place-order')
  const unasked = () => Promise.reject(new Error('nobody should be asked'))
  const kept = () => orders.rows('select total from orders')

  describe('at its door', () => {
    let door: Awaited<ReturnType<typeof serve>>
    let keys: Awaited<ReturnType<typeof tokens>>
    let sent = 0
    const post = async (body: object) =>
      fetch(`${door.url}/v1/orders`, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: {
          authorization: await keys.bearer('ada'),
          'content-type': 'application/json',
          'idempotency-key': `key-${++sent}`,
        },
      })
    const right = order({ TEA: 2 }, { confirmedTotal: 900 })
    const line = { sku: 'TEA', quantity: 2 }

    beforeAll(async () => {
      keys = await tokens()
      const [row] = await orders.rows<{ name: string }>('select current_database() as name')
      const nowhere = { VIEW_CART_URL: 'http://127.0.0.1:9', VIEW_PRODUCT_URL: 'http://127.0.0.1:9' }
      const env = { ...keys.env, ...nowhere, DATABASE_URL: urlOf(row!.name) }
      const parts = { database: openDatabase, callers: openCallers }
      door = await serve(deployable(operationOf('orders/place-order'), parts, env))
    })
    beforeEach(() => orders.given(price('TEA', 450)))
    afterAll(() => door.close())

    test.each([
      ['a discount', { ...right, discount: 400 }, 422],
      ['its own costs of shipping', { ...right, shipping_cost: 0, shippingCost: 0 }, 422],
      ['its own total', { ...right, total: 1 }, 422],
      ['its own price of a line', { ...right, lines: [{ ...line, unitPrice: 1 }] }, 422],
      ['a price in a field of another name', { ...right, lines: [{ ...line, price: 1 }] }, 422],
      ['a lower total', { ...right, confirmedTotal: 1 }, 409],
      ['no total at all', { ...right, confirmedTotal: undefined }, 422],
      ['a total of nothing', { ...right, confirmedTotal: 0 }, 409],
      ['a negative total', { ...right, confirmedTotal: -900 }, 422],
      ['a total with cents of a cent', { ...right, confirmedTotal: 899.999999 }, 422],
      ['a total as text', { ...right, confirmedTotal: '900' }, 422],
      ['a total that no float can tell from it', { ...right, confirmedTotal: 900.00000001 }, 422],
      ['another currency with the same number', { ...right, currency: 'JPY' }, 422],
      ['half a piece', { ...right, lines: [{ sku: 'TEA', quantity: 0.5 }], confirmedTotal: 225 }, 422],
      ['no piece', { ...right, lines: [{ sku: 'TEA', quantity: 0 }], confirmedTotal: 0 }, 422],
      [
        'pieces that give money back',
        { ...right, lines: [line, { sku: 'TEA', quantity: -1 }], confirmedTotal: 450 },
        422,
      ],
      [
        'more than integers can count',
        { ...right, lines: [{ sku: 'TEA', quantity: Number.MAX_SAFE_INTEGER }] },
        422,
      ],
      ['its own customer', { ...right, customerId: 'bob' }, 422],
      ['its own status', { ...right, status: 'confirmed' }, 422],
    ])('B11: %s is refused, and nothing is ordered', async (_, body, status) => {
      const answer = await post(body)

      expect(answer.status).toBe(status)
      expect(answer.headers.get('content-type')).toBe('application/problem+json')
      expect([await kept(), await orders.emitted()]).toEqual([[], []])
    })

    test('B11: who confirms the price that we ask gets the order at that price', async () => {
      expect((await post(right)).status).toBe(201)
      expect(await kept()).toEqual([{ total: 900 }])
    })
  })

  test('B11: sums that a float cannot hold are exact', async () => {
    const dear = { TIN: 16_777_217, POT: 9_007_199, SPOON: 1 }
    await orders.given(...Object.entries(dear).map(([sku, amount]) => price(sku, amount)))
    const total = 99_999 * 16_777_217 + 33_333 * 9_007_199 + 7

    const wish = order({ TIN: 99_999, POT: 33_333, SPOON: 7 }, { confirmedTotal: total })
    await placeOrder(wish, Object.assign(orders.deps(), { viewCart: unasked, viewProduct: unasked }))

    expect(await kept()).toEqual([{ total }])
    expect(Math.fround(total)).not.toBe(total)
  })

  describe('an order without lines', () => {
    const carts = openCarts('carts/view-cart')

    test('B11: orders what is in the cart, at the prices of the catalogue and not of the cart', async () => {
      const [tea, tin] = [carts.sku('TEA'), carts.sku('TIN')]
      await carts.sells('TEA', 450)
      await carts.sells('TIN', 100)
      await carts.put('TEA', 2)
      await carts.put('TIN', 3)
      await orders.given(price(tea, 500), price(tin, 100))
      const cart = async () => ({ status: 200, body: (await viewCart({}, carts.deps())).body })
      const placing = (confirmedTotal: number) => {
        const { lines: _, ...wish } = order({}, { confirmedTotal })
        const deps = orders.deps({ caller: carts.customer() })
        return placeOrder(wish, Object.assign(deps, { viewCart: cart, viewProduct: unasked }))
      }

      await expect(placing(1200)).rejects.toMatchObject({ kind: 'price-changed', members: { total: 1300 } })
      expect(await placing(1300)).toMatchObject({ status: 201, body: { total: 1300 } })
      await emptyCart({}, carts.deps())
      await expect(placing(0)).rejects.toMatchObject({ kind: 'nothing-to-order' })
    })
  })

  describe('an order and the stock', () => {
    const shop = openWholeShop()

    test('B11: an order takes what it needs from stock, and one for more than there is ends unpaid', async () => {
      await shop.sells('TEA', 450, 5)
      await shop.place({ TEA: 3 }, 'pm_approve')
      await shop.settle()
      await shop.place({ TEA: 3 }, 'pm_approve')
      await shop.settle()

      expect(await shop.outcomes()).toEqual(['confirmed, captured', 'rejected, none'])
      expect(await shop.levels()).toEqual([{ sku: 'TEA', on_hand: 5, reserved: 3 }])
      expect(await shop.money()).toEqual({ captured: 1350, refunded: 0 })
    })
  })
})

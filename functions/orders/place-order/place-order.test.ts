import { OrderPlaced } from '#events/orders/order-placed.v1/event'
import type { PeerAnswer } from '#runtime/peer'
import { openDomain } from '#support/domain'
import { order, price } from '#support/orders'
import { placeOrder } from './handler'

const answering = (answer: PeerAnswer) => () => Promise.resolve(answer)
const unknown = answering({ status: 404, body: {} })
const emptyCart = answering({ status: 200, body: { items: [] } })
const ports = { viewCart: emptyCart, viewProduct: unknown }

describe('place-order', () => {
  const domain = openDomain('orders/place-order')
  const deps = (over = {}) => Object.assign(domain.deps(), ports, over)

  test('stores the order and announces it, at our prices', async () => {
    await domain.given(price('TEA', 450))

    const reply = await placeOrder(
      order({ TEA: 2 }, { confirmedTotal: 900, paymentMethod: 'pm_approve' }),
      deps(),
    )

    const orderId = '00000000-0000-7000-8000-000000000001'
    const expected = { orderId, status: 'pending', total: 900, currency: 'EUR' }
    expect(reply).toEqual({ status: 201, headers: { Location: `/v1/orders/${orderId}` }, body: expected })
    const line = { sku: 'TEA', name: 'TEA by name', quantity: 2, unitPrice: 450 }
    const fact = {
      orderId,
      customerId: 'ada',
      lines: [line],
      total: 900,
      currency: 'EUR',
      paymentMethod: 'pm_approve',
    }
    expect(await domain.emitted()).toEqual([
      [OrderPlaced.type, { ...fact, placedAt: '2026-03-01T10:00:00.000Z' }],
    ])
    expect(await domain.rows('select customer_id, status, total from orders')).toEqual([
      { customer_id: 'ada', status: 'pending', total: 900 },
    ])
  })

  test('sums the lines of one item, whatever their order', async () => {
    await domain.given(price('TEA', 450), price('TIN', 100))
    const lines = ['TEA', 'TIN', 'TEA'].map((sku) => ({ sku, quantity: 1 }))

    await placeOrder(order({}, { lines, confirmedTotal: 1000 }), deps())

    const [fact] = await domain.emitted()
    expect(fact![1]).toMatchObject({
      lines: [
        { sku: 'TEA', quantity: 2 },
        { sku: 'TIN', quantity: 1 },
      ],
    })
  })

  test('orders what is in the cart when no lines are given', async () => {
    await domain.given(price('TEA', 450))
    const viewCart = answering({ status: 200, body: { items: [{ sku: 'TEA', quantity: 3 }] } })
    const { lines: _, ...input } = order({}, { confirmedTotal: 1350 })

    const reply = await placeOrder(input, deps({ viewCart }))

    expect(reply).toMatchObject({ status: 201, body: { total: 1350 } })
  })

  test('asks for another token when it ends while the cart is looked at', async () => {
    const { lines: _, ...input } = order({ TEA: 3 }, { confirmedTotal: 1350 })

    await expect(
      placeOrder(input, deps({ viewCart: answering({ status: 401, body: {} }) })),
    ).rejects.toMatchObject({ kind: 'unauthenticated', status: 401 })
  })

  test('orders a cart once as it is, however many ask at the same moment, and again when it has changed', async () => {
    await domain.given(price('TEA', 450))
    const { lines: _, ...input } = order({}, { confirmedTotal: 450 })
    const cart = (state: string) =>
      answering({
        status: 200,
        headers: { 'kiosk-cart-state': state },
        body: { items: [{ sku: 'TEA', quantity: 1 }] },
      })
    const place = (state: string, caller = 'ada') =>
      placeOrder(input, Object.assign(domain.deps({ caller }), ports, { viewCart: cart(state) }))

    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => place('1763.5-3')))

    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const outcome of outcomes.filter((one) => one.status === 'rejected'))
      expect(outcome.reason).toMatchObject({ kind: 'nothing-to-order', status: 422 })
    await place('1763.5-4')
    await place('1763.5-3', 'bob')
    expect(await domain.emitted()).toHaveLength(3)
  })

  test('keeps the country as ISO 3166-1 writes it', async () => {
    await domain.given(price('TEA', 450))
    const input = order({ TEA: 1 }, { confirmedTotal: 450 })
    input.shippingAddress = { ...input.shippingAddress, country: 'gb' }

    await placeOrder(input, deps())

    expect(await domain.rows(`select shipping_address ->> 'country' as country from orders`)).toEqual([
      { country: 'GB' },
    ])
  })

  test('asks the catalogue about an item it has not heard of yet', async () => {
    const viewProduct = answering({ status: 200, body: { name: 'New', price: 700, currency: 'EUR' } })

    const reply = await placeOrder(order({ NEW: 1 }, { confirmedTotal: 700 }), deps({ viewProduct }))

    expect(reply).toMatchObject({ status: 201, body: { total: 700 } })
  })

  test.each([
    [
      'an item we do not sell',
      order({ TEA: 1, GHOST: 1 }),
      'unknown-sku',
      { skus: ['GHOST'], errors: [{ detail: 'GHOST is not sold here', pointer: '#/lines/1/sku' }] },
    ],
    [
      'a total the customer did not see',
      order({ TEA: 1 }, { confirmedTotal: 1 }),
      'price-changed',
      { total: 450, currency: 'EUR' },
    ],
    [
      'another currency',
      order({ TEA: 1 }, { confirmedTotal: 450, currency: 'USD' }),
      'currency-mismatch',
      { sku: 'TEA', currency: 'EUR' },
    ],
    ['an empty cart', { ...order({}), lines: [] }, 'nothing-to-order', {}],
  ])('refuses %s and leaves no trace', async (_, input, kind, members) => {
    await domain.given(price('TEA', 450))

    await expect(placeOrder(input, deps())).rejects.toMatchObject({ kind, members })
    expect(await domain.emitted()).toEqual([])
    expect(await domain.rows('select id from orders')).toEqual([])
  })

  test('takes as many pieces of one item as one line may have, and refuses the line with which they are more', async () => {
    await domain.given(price('TEA', 1), price('TIN', 1))
    const line = (sku: string, quantity: number) => ({ sku, quantity })
    const most = [line('TEA', 99_999), line('TIN', 100_000), line('TEA', 1)]
    const more = [...most, line('TEA', 1), line('TEA', 100_000), line('TIN', 1)]
    const place = (lines: object[]) =>
      placeOrder(Object.assign(order({}, { confirmedTotal: 200_000 }), { lines }), deps())

    await expect(place(more)).rejects.toMatchObject({
      kind: 'invalid-request',
      status: 422,
      members: {
        errors: [3, 5].map((nth) => ({
          detail: expect.stringContaining('100000') as string,
          pointer: `#/lines/${nth}/quantity`,
        })),
      },
    })
    expect(await domain.rows('select id from orders')).toEqual([])
    expect(await place(most)).toMatchObject({ status: 201, body: { total: 200_000 } })
  })

  test('refuses a retired item, though the catalogue once sold it', async () => {
    await domain.given(price('TEA', 450), (db) => db.query('update products set retired = true'))

    await expect(placeOrder(order({ TEA: 1 }, { confirmedTotal: 450 }), deps())).rejects.toMatchObject({
      kind: 'unknown-sku',
    })
  })
})

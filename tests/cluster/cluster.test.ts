import { randomUUID } from 'node:crypto'
import { until, type Order } from '../../infra/tools/client'
import { installation, onSale } from '#support/installation'
import { killPod, podsOf, serving } from '#support/pods'
import { wish } from '#support/platform'

interface Payment {
  captured: number
  attempts: unknown[]
}

const MINUTES = 60_000

/** What only a cluster can show: pods that come and go, and die. */
describe('on a cluster', () => {
  const here = installation(0)
  const { shop } = here
  let admin: string
  let token: string

  beforeAll(async () => {
    await here.start()
    admin = await here.admin()
    token = (await shop.customer('Grace')).token
  }, 4 * MINUTES)

  const place = (sku: string, price: number, method: string, key = randomUUID()) =>
    shop.call<Order>('POST /v1/orders', wish(sku, 1, price, method), { token, key })
  const level = async (sku: string) =>
    (await shop.expect(200, `GET /v1/stock/${sku}`, undefined, { token: admin })).body

  test('a shop at rest has no pods, and one order wakes what it needs', async () => {
    const sku = await onSale(shop, admin, 300, 5)
    await until('all pods to be gone', 6 * MINUTES, () => Promise.resolve(podsOf().length === 0 || undefined))

    const { body } = await place(sku, 300, 'pm_approve')
    const order = await shop.orderWhen(body.orderId, token, ['confirmed'], 2 * MINUTES)

    expect(order.payment.status).toBe('captured')
    expect(await level(sku)).toMatchObject({ onHand: 5, reserved: 1 })
    const { body: payment } = await shop.expect<Payment>(
      200,
      `GET /v1/orders/${body.orderId}/payment`,
      undefined,
      { token },
    )
    expect(payment).toMatchObject({ captured: 300, attempts: [expect.anything()] })
  })

  test('200 orders at once make functions grow, and all reach their end', async () => {
    const sku = await onSale(shop, admin, 300, 150)
    let most = 0
    const watch = setInterval(() => (most = Math.max(most, serving('place-order').length)), 1_000)

    const answers = await Promise.all(Array.from({ length: 200 }, () => place(sku, 300, 'pm_approve')))
    const ids = answers.filter(({ status }) => status === 201).map(({ body }) => body.orderId)
    const orders = []
    for (const id of ids) orders.push(await shop.orderWhen(id, token, ['confirmed', 'rejected'], 5 * MINUTES))
    clearInterval(watch)

    expect(answers.map(({ status }) => status).filter((status) => status !== 201)).toEqual([])
    expect(orders.filter(({ status }) => status === 'confirmed')).toHaveLength(150)
    expect(await level(sku)).toMatchObject({ onHand: 150, reserved: 150, available: 0 })
    expect(most).toBeGreaterThan(1)
  })

  test.each([
    ['charge', 'pm_slow'],
    ['reserve-stock', 'pm_approve'],
    ['confirm-order', 'pm_approve'],
  ])('%s killed in the middle of its events has its effect once', async (name, method) => {
    const sku = await onSale(shop, admin, 300, 30)

    const placed = Promise.all(Array.from({ length: 20 }, () => place(sku, 300, method)))
    await until(`${name} to serve`, 2 * MINUTES, () => Promise.resolve(serving(name).length > 0 || undefined))
    await new Promise((resume) => setTimeout(resume, 300))
    const killed = serving(name)
    for (const pod of killed) killPod(pod)
    const ids = (await placed).map(({ body }) => body.orderId)
    for (const id of ids) await shop.orderWhen(id, token, ['confirmed'], 5 * MINUTES)

    expect(killed.length).toBeGreaterThan(0)
    expect(await level(sku)).toMatchObject({ onHand: 30, reserved: 20, available: 10 })
    for (const id of ids) {
      const { body } = await shop.expect<Payment>(200, `GET /v1/orders/${id}/payment`, undefined, { token })
      expect(body.captured).toBe(300)
    }
  })
})

import { randomUUID } from 'node:crypto'
import { until, type Order } from '../../infra/tools/client'
import { installation, onSale } from '#support/installation'
import { wish } from '#support/platform'

interface Level {
  onHand: number
  reserved: number
  available: number
}

/** What happens after a purchase: parcels, second thoughts, and money that goes back. */
describe('returning something', () => {
  const here = installation(2_100)
  const { shop } = here
  let ada: { email: string; token: string }
  let admin: string

  beforeAll(async () => {
    await here.start()
    admin = await here.admin()
    ada = await shop.customer('Ada')
  }, 360_000)
  afterAll(() => here.end(), 120_000)

  const bought = async (sku: string, quantity: number, price: number) => {
    const wanted = wish(sku, quantity, price, 'pm_approve')
    const options = { token: ada.token, key: randomUUID() }
    const { body } = await shop.expect<Order>(201, 'POST /v1/orders', wanted, options)
    return shop.orderWhen(body.orderId, ada.token, ['confirmed'])
  }
  const paymentWhen = (orderId: string, wanted: string) =>
    until(`the payment of ${orderId} to be ${wanted}`, 120_000, async () => {
      const { body } = await shop.expect<Order>(200, `GET /v1/orders/${orderId}`, undefined, ada)
      return body.payment.status === wanted ? body : undefined
    })
  const levelWhen = (sku: string, wanted: Level) =>
    until(`the stock of ${sku} to be ${JSON.stringify(wanted)}`, 120_000, async () => {
      const { body } = await shop.expect<Level>(200, `GET /v1/stock/${sku}`, undefined, { token: admin })
      const isSo = body.onHand === wanted.onHand && body.reserved === wanted.reserved
      return isSo || undefined
    })

  test('what was delivered comes back in parts, and the money with it, never more than was paid', async () => {
    const sku = await onSale(shop, admin, 700, 10)
    const { orderId } = await bought(sku, 3, 700)
    const returning = (body: object) =>
      shop.call(`POST /v1/orders/${orderId}/return`, body, { token: ada.token, key: randomUUID() })

    await shop.expect(202, `POST /v1/orders/${orderId}/shipment`, {}, { token: admin })
    await shop.mailTo(ada.email, /on its way|shipped/i)
    await levelWhen(sku, { onHand: 7, reserved: 0, available: 7 })
    await shop.expect(202, `POST /v1/orders/${orderId}/delivery`, {}, { token: admin })
    await shop.orderWhen(orderId, ada.token, ['delivered'])

    expect((await returning({ lines: [{ sku, quantity: 1 }], reason: 'One too many.' })).status).toBe(202)
    await paymentWhen(orderId, 'partly-refunded')
    await levelWhen(sku, { onHand: 8, reserved: 0, available: 8 })
    expect((await returning({ lines: [{ sku, quantity: 3 }] })).status).toBe(422)

    expect((await returning({})).status).toBe(202)
    await paymentWhen(orderId, 'refunded')
    expect(await shop.orderWhen(orderId, ada.token, ['returned'])).toMatchObject({ total: 2100 })
    await levelWhen(sku, { onHand: 10, reserved: 0, available: 10 })
    await shop.mailTo(ada.email, /money is on its way back/i)
  }, 480_000)

  test('a cancelled order gives its stock and its money back', async () => {
    const sku = await onSale(shop, admin, 700, 10)
    const { orderId } = await bought(sku, 2, 700)

    await shop.expect(202, `POST /v1/orders/${orderId}/cancellation`, { reason: 'I moved.' }, ada)

    await paymentWhen(orderId, 'refunded')
    await levelWhen(sku, { onHand: 10, reserved: 0, available: 10 })
    const late = await shop.call(`POST /v1/orders/${orderId}/shipment`, {}, { token: admin })
    expect(late).toMatchObject({
      status: 409,
      body: { type: 'https://kiosk.example/problems/orders/order-closed' },
    })
  }, 480_000)
})

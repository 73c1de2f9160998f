import { randomUUID } from 'node:crypto'
import Ajv from 'ajv/dist/2020'
import addFormats from 'ajv-formats'
import { until, type Answer, type Mail, type Order } from '../../infra/tools/client'
import { installation, onSale } from '#support/installation'
import { wish } from '#support/platform'

/** A journey wakes many functions, each for the first time, and a payment may need several tries. */
jest.setTimeout(180_000)

interface Cart {
  items: { sku: string; quantity: number; lineTotal: number }[]
  total: number
  currency: string
  version: number
}

interface Level {
  onHand: number
  reserved: number
  available: number
}

/** The happy path and the sad ones, end to end: real functions, broker, databases, SMTP. */
describe('buying something', () => {
  const here = installation(2_400)
  const { shop } = here
  const sku = { tin: '', tea: '', pot: '', rooibos: '' }
  let ada: { email: string; token: string }
  let admin: string
  const place = (body: object, token = ada.token, key: string = randomUUID()) =>
    shop.expect<Order>(201, 'POST /v1/orders', body, { token, key })
  const level = async (sku: string) =>
    (await shop.expect<Level>(200, `GET /v1/stock/${sku}`, undefined, { token: admin })).body

  beforeAll(async () => {
    await here.start()
    admin = await here.admin()
    ada = await shop.customer('Ada')
    sku.tin = await onSale(shop, admin, 800, 40)
    sku.tea = await onSale(shop, admin, 690, 40)
    sku.pot = await onSale(shop, admin, 5900, 8)
    sku.rooibos = await onSale(shop, admin, 390, 40)
  }, 360_000)
  afterAll(() => here.end(), 120_000)

  test('a cart becomes a paid order, with stock set aside, a mail, and an empty cart', async () => {
    const { token, email } = ada
    const before = await level(sku.tin)
    const cart = await shop.expect<Cart>(201, 'POST /v1/cart/items', { sku: sku.tin, quantity: 2 }, { token })
    expect(cart.body).toMatchObject({ total: 1600, currency: 'EUR' })
    const { lines: _, ...fromCart } = wish('', 2, 800, 'pm_approve')

    const { body, headers } = await place(fromCart)

    expect(headers.get('location')).toBe(`/v1/orders/${body.orderId}`)
    const order = await shop.orderWhen(body.orderId, token, ['confirmed'])
    expect(order).toMatchObject({ total: 1600, payment: { status: 'captured' } })
    expect((await shop.mailTo(email, /confirmed/i)).text).toContain('16.00')
    expect(await level(sku.tin)).toMatchObject({ onHand: before.onHand, reserved: before.reserved + 2 })
    await until('an empty cart', 60_000, async () => {
      const { body: now } = await shop.expect<Cart>(200, 'GET /v1/cart', undefined, { token })
      return now.items.length === 0 || undefined
    })
  })

  test('a declined card leaves the order to be paid another way', async () => {
    const { token, email } = ada
    const { orderId } = (await place(wish(sku.tea, 1, 690, 'pm_decline'))).body
    await until('the decline to be seen', 90_000, async () => {
      const { body } = await shop.expect<Order>(200, `GET /v1/orders/${orderId}`, undefined, { token })
      return body.payment.status === 'declined' || undefined
    })
    expect((await shop.mailTo(email, /declined/i)).text).toMatch(/declined/i)

    const key = randomUUID()
    const pay = () =>
      shop.call(`POST /v1/orders/${orderId}/payment`, { paymentMethod: 'pm_approve' }, { token, key })
    expect((await pay()).status).toBe(202)
    const again = await pay()
    expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([202, 'true'])

    expect(await shop.orderWhen(orderId, token, ['confirmed'])).toMatchObject({
      payment: { status: 'captured' },
    })
  })

  test('an order for more than there is is rejected, and nothing is charged or kept', async () => {
    const before = await level(sku.pot)

    const { orderId } = (await place(wish(sku.pot, before.available + 1, 5900, 'pm_approve'))).body

    expect(await shop.orderWhen(orderId, ada.token, ['rejected'])).toMatchObject({
      payment: { status: 'none' },
    })
    expect((await shop.mailTo(ada.email, /rejected/i)).to).toHaveLength(1)
    expect(await level(sku.pot)).toEqual(before)
  })

  test.each(['pm_lost_answer', 'pm_flaky', 'pm_notice', 'pm_slow'])(
    'a payment by %s ends in a confirmed order',
    async (method) => {
      const { orderId } = (await place(wish(sku.rooibos, 1, 390, method))).body

      const order = await shop.orderWhen(orderId, ada.token, ['confirmed'])

      expect(order.payment.status).toBe('captured')
    },
  )

  test('an order without a way to pay waits, and a mail asks for it', async () => {
    const { orderId } = (await place(wish(sku.tea, 1, 690))).body

    const order = await shop.orderWhen(orderId, ada.token, ['awaiting-payment'])

    expect(order.payment.status).toBe('awaited')
    await until('a mail that asks for it', 60_000, async () => {
      const mails = await shop.mailsTo(ada.email)
      const isIt = (mail: Mail) =>
        /waiting for your payment/i.test(mail.subject) && mail.text.includes(orderId)
      return mails.some(isIt) || undefined
    })
  })

  test('of 60 buyers of the last ten tins ten get one, whatever is repeated', async () => {
    const rush = await onSale(shop, admin, 500, 10)
    const keys = Array.from({ length: 60 }, () => randomUUID())
    const answers = await Promise.all(
      [...keys, ...keys.slice(0, 20)].map((key) =>
        shop.call<Order>('POST /v1/orders', wish(rush, 1, 500, 'pm_approve'), { token: ada.token, key }),
      ),
    )
    const ids = [...new Set(answers.filter(({ status }) => status === 201).map(({ body }) => body.orderId))]
    const orders = await Promise.all(
      ids.map((id) => shop.orderWhen(id, ada.token, ['confirmed', 'rejected'], 180_000)),
    )

    expect(answers.filter(({ status }) => status !== 201 && status !== 409)).toEqual([])
    expect(ids).toHaveLength(60)
    expect(orders.filter(({ status }) => status === 'confirmed')).toHaveLength(10)
    expect(await level(rush)).toMatchObject({ onHand: 10, reserved: 10, available: 0 })
  }, 300_000)

  test('every answer fits the OpenAPI document', async () => {
    const { body: api } = await shop.expect<Api>(200, 'GET /openapi.json')
    const { token } = ada
    const { orderId } = (await place(wish(sku.tea, 1, 690, 'pm_approve'))).body
    await shop.orderWhen(orderId, token, ['confirmed'])
    const answers: [string, Answer<unknown>][] = [
      ['get /v1/products', await shop.call('GET /v1/products?q=tea&pageSize=2')],
      ['get /v1/products/{sku}', await shop.call(`GET /v1/products/${sku.tin}`)],
      ['get /v1/products/{sku}', await shop.call('GET /v1/products/NOPE')],
      ['get /v1/categories', await shop.call('GET /v1/categories')],
      ['get /v1/cart', await shop.call('GET /v1/cart')],
      ['post /v1/cart/items', await shop.call('POST /v1/cart/items', { sku: sku.tin, quantity: 1 })],
      ['delete /v1/cart/items/{sku}', await shop.call(`DELETE /v1/cart/items/${sku.tin}`)],
      ['get /v1/orders', await shop.call('GET /v1/orders?status=confirmed', undefined, { token })],
      ['get /v1/orders/{id}', await shop.call(`GET /v1/orders/${orderId}`, undefined, { token })],
      [
        'get /v1/orders/{id}/timeline',
        await shop.call(`GET /v1/orders/${orderId}/timeline`, undefined, { token }),
      ],
      [
        'get /v1/orders/{id}/payment',
        await shop.call(`GET /v1/orders/${orderId}/payment`, undefined, { token }),
      ],
      ['get /v1/stock/{sku}', await shop.call(`GET /v1/stock/${sku.tin}`, undefined, { token: admin })],
      ['get /v1/dead-letters', await shop.call('GET /v1/dead-letters', undefined, { token: admin })],
      ['get /v1/services/health', await shop.call('GET /v1/services/health')],
      ['get /.well-known/jwks.json', await shop.call('GET /.well-known/jwks.json')],
      ['post /v1/orders', await shop.call('POST /v1/orders', {}, { token, key: 'x' })],
    ]
    for (const [operation, answer] of answers)
      expect([operation, faultsOf(api, operation, answer)]).toEqual([operation, []])
  })
})

interface Api {
  paths: Record<
    string,
    Record<string, { responses: Record<string, { content?: Record<string, { schema: object }> }> }>
  >
  components: object
}

function faultsOf(api: Api, operation: string, { status, body, headers }: Answer<unknown>): unknown[] {
  const [method, path] = operation.split(' ') as [string, string]
  const described = api.paths[path]?.[method]?.responses[String(status)]
  if (!described) return [`${status} is not documented`]
  const type = (headers.get('content-type') ?? '').split(';')[0]!
  const schema = described.content?.[type]?.schema
  if (!schema) return described.content ? [`${type} is not documented for ${status}`] : []
  const ajv = addFormats(new Ajv({ strict: false }))
  const fits = ajv.compile({ ...schema, components: api.components })
  return fits(body) ? [] : fits.errors!
}

import { openCallers } from '#runtime/caller'
import { openDatabase } from '#runtime/database'
import { OrderAccepted } from '#events/orders/order-accepted.v1/event'
import { OrderPlaced } from '#events/orders/order-placed.v1/event'
import { PaymentCaptured } from '#events/payments/payment-captured.v1/event'
import { StockReserved } from '#events/stock/stock-reserved.v1/event'
import { binaryEvent } from '#runtime/binary-event'
import type { EventDefinition } from '#runtime/event'
import type { Deployable } from '#runtime/function'
import { countedCache, openCarts } from '#support/carts'
import { openDomain, operationOf, urlOf } from '#support/domain'
import { serve, tokens } from '#support/door'
import { settings } from '#support/every-door'
import { order, placed, price } from '#support/orders'
import { accepted, openSandbox } from '#support/payments'
import { level, orderPlaced } from '#support/stock'
import { countedWire } from '#support/wire'
import acceptOrder from '../../functions/orders/accept-order/handler'
import confirmOrder from '../../functions/orders/confirm-order/handler'
import placeOrder from '../../functions/orders/place-order/handler'
import charge from '../../functions/payments/charge/handler'
import reserveStock from '../../functions/stock/reserve-stock/handler'

const AT = '2026-03-01T10:00:00.000Z'
/** A transaction costs as many round trips as it has waits; a wish of sixty items costs what one of one item does. */
const MOST = 3
const SKUS = Array.from({ length: 60 }, (_, nth) => `SKU-${nth}`)
const wish = (items: number) => Object.fromEntries(SKUS.slice(0, items).map((sku) => [sku, 2]))

/** What users of other shops report: 230 statements for a checkout, one second to add a line, and more with each line. */
describe('Pain 7: slow cart, slow checkout', () => {
  const orders = openDomain('orders/place-order')
  const stock = openDomain('stock/reserve-stock')
  const payments = openDomain('payments/charge')
  const carts = openCarts('carts/add-to-cart')
  let keys: Awaited<ReturnType<typeof tokens>>
  beforeAll(async () => void (keys = await tokens()))

  /** Round trips to Postgres of the second of two requests: the first one connects. */
  async function trips(
    domain: typeof orders,
    path: string,
    deployable: Deployable,
    ask: (url: string, nth: number) => Promise<Response>,
    more: Record<string, string> = {},
  ) {
    const [row] = await domain.rows<{ name: string }>('select current_database() as name')
    const wire = await countedWire(new URL(urlOf(row!.name)))
    const env = { ...settings(keys), ...more, DATABASE_URL: wire.url, DATABASE_CONNECTIONS: '1' }
    const parts = { database: openDatabase, callers: openCallers }
    const door = await serve(deployable(operationOf(path), parts, env))
    const first = await ask(door.url, 1)
    const before = wire.count.trips
    const second = await ask(door.url, 2)
    const count = wire.count.trips - before
    await door.close()
    await wire.close()
    expect([first.ok, second.ok]).toEqual([true, true])
    return count
  }
  const tell =
    <D extends object>(definition: EventDefinition<D>, of: (id: string) => D) =>
    (url: string, nth: number) => {
      const data = of(`o${nth}`)
      const { type, source, dataschema } = definition
      const subject = definition.subject(data)
      const about = { id: `e${nth}`, type, source, dataschema, subject, time: AT }
      const { headers, body } = binaryEvent({ ...about, extensions: {}, data })
      return fetch(url, { method: 'POST', headers, body })
    }

  test.each([1, 60])('Pain 7: ordering %i items takes at most three round trips', async (items) => {
    await orders.given(...SKUS.map((sku) => price(sku, 100)))
    const ask = async (url: string, nth: number) =>
      fetch(`${url}/v1/orders`, {
        method: 'POST',
        body: JSON.stringify(order(wish(items), { confirmedTotal: 200 * items })),
        headers: {
          authorization: await keys.bearer('ada'),
          'content-type': 'application/json',
          'idempotency-key': `k${nth}`,
        },
      })

    expect(await trips(orders, 'orders/place-order', placeOrder, ask)).toBeLessThanOrEqual(MOST)
  })

  test.each([1, 60])('Pain 7: setting aside %i items takes at most three round trips', async (items) => {
    await stock.given(...SKUS.map((sku) => level(sku, 100)))
    const ask = tell(OrderPlaced, (id) => orderPlaced(id, wish(items)))

    expect(await trips(stock, 'stock/reserve-stock', reserveStock, ask)).toBeLessThanOrEqual(MOST)
  })

  test('Pain 7: accepting and confirming an order take at most three round trips each', async () => {
    await orders.given(
      placed('o1'),
      placed('o2'),
      ...['p1', 'p2'].map((id) => placed(id, { status: 'awaiting-payment' })),
    )
    const accept = tell(StockReserved, (orderId) => ({ orderId, reservedAt: AT }))
    const confirm = tell(PaymentCaptured, (id) => ({
      ...{ orderId: id.replace('o', 'p'), customerId: 'ada', chargeId: `ch_${id}` },
      ...{ amount: 900, currency: 'EUR', capturedAt: AT },
    }))

    expect(await trips(orders, 'orders/accept-order', acceptOrder, accept)).toBeLessThanOrEqual(MOST)
    expect(await trips(orders, 'orders/confirm-order', confirmOrder, confirm)).toBeLessThanOrEqual(MOST)
    expect(await orders.rows('select status from orders order by id')).toEqual([
      { status: 'awaiting-payment' },
      { status: 'awaiting-payment' },
      { status: 'confirmed' },
      { status: 'confirmed' },
    ])
  })

  test('Pain 7: charging takes one round trip before the gateway is asked and three behind it', async () => {
    const sandbox = await openSandbox()
    const ask = tell(OrderAccepted, (id) => accepted(id, 'pm_approve'))

    const count = await trips(payments, 'payments/charge', charge, ask, sandbox.env)
    await sandbox.close()

    expect(count).toBeLessThanOrEqual(1 + MOST)
  })

  test.each([1, 60])(
    'Pain 7: adding to a cart of %i items and looking at it take two round trips each',
    async (items) => {
      for (const sku of SKUS.slice(0, items)) {
        await carts.sells(sku, 100)
        await carts.put(sku, 1)
      }
      const { cache, count, close } = await countedCache()

      await carts.put(SKUS[0]!, 1, { cache })
      const adding = count.requests
      await carts.seen({ cache })
      close()

      expect([adding, count.requests - adding].every((requests) => requests <= 2)).toBe(true)
    },
  )
})

import type { Connections, Database } from '#runtime/database'
import { openDatabase } from '#runtime/database'
import type { Deployable } from '#runtime/function'
import type { Peer } from '#runtime/peer'
import { peer } from '#runtime/peer'
import { openDomain, urlOf } from '#support/domain'
import { serve } from '#support/door'
import { captured } from '#support/figures'
import { paid, placed } from '#support/orders'
import { level, reserved } from '#support/stock'
import reportOrders from '../../orders/report-orders-figures/handler'
import reportPayments from '../../payments/report-payments-figures/handler'
import reportStock from '../../stock/report-stock-figures/handler'
import type { AskRelay } from '../relays'
import { auditShop } from './handler'

const MINUTE = 60_000

/** The audit with the real figures of real domains, over HTTP; only the outboxes are told of. */
describe('audit-shop', () => {
  const now = new Date().toISOString()
  const platform = openDomain('platform/audit-shop', { now })
  const orders = openDomain('orders/report-orders-figures')
  const stock = openDomain('stock/report-stock-figures')
  const payments = openDomain('payments/report-payments-figures')
  const closing: (() => Promise<void>)[] = []
  const peers: Record<string, Peer> = {}
  const outboxes = new Map<string, string>()
  const askRelay: AskRelay = async (domain) => {
    const oldestUnsentAt = outboxes.get(domain)
    return { unsent: 0, ...(oldestUnsentAt !== undefined && { oldestUnsentAt }) }
  }

  beforeAll(async () => {
    const serving: [typeof orders, Deployable][] = [
      [orders, reportOrders],
      [stock, reportStock],
      [payments, reportPayments],
    ]
    for (const [domain, deployable] of serving) {
      const { operation } = domain
      const [row] = await domain.rows<{ name: string }>('select current_database() as name')
      const door = await serve(
        deployable(operation, { database: openDatabase }, { DATABASE_URL: urlOf(row!.name) }),
      )
      closing.push(door.close)
      peers[operation.domain] = peer(operation.name)({
        [`${operation.name.replaceAll('-', '_').toUpperCase()}_URL`]: door.url,
      })
    }
  })
  beforeEach(() => outboxes.clear())
  afterAll(() => Promise.all(closing.map((close) => close())))

  /** A look so many minutes after the first. */
  const audit = (minutes = 0, over: Partial<Record<'orders' | 'stock' | 'payments', Peer>> = {}) => {
    platform.at(new Date(Date.parse(now) + minutes * MINUTE).toISOString())
    const own = { orders: peers['orders']!, stock: peers['stock']!, payments: peers['payments']! }
    return auditShop({ ...platform.eventDeps(), ...own, askRelay, ...over })
  }
  const told = async () =>
    (await platform.emitted()).map(([, data]) => {
      const { invariant, about, expected, actual } = data as Record<string, string>
      return [invariant, about, expected, actual]
    })
  const kept = async () =>
    (await platform.rows<{ invariant: string; about: string }>('select * from violations order by 1, 2')).map(
      ({ invariant, about }) => `${invariant} ${about}`,
    )

  const HOUR_AGO = new Date(Date.parse(now) - 60 * MINUTE).toISOString()
  const held =
    (id: string, state: string, lines: Record<string, number> = { TEA: 2 }) =>
    async (db: Connections) => {
      await reserved(id, lines, state)(db)
      await db.query('update reservations set at = $1', [HOUR_AGO])
    }
  const payment = (id: string, amount: number, refunded = 0, at = HOUR_AGO) =>
    captured(id, amount, refunded, at)
  const order = (id: string, status: string, over: Parameters<typeof placed>[1] = {}) =>
    placed(id, {
      status,
      at: HOUR_AGO,
      ...(status === 'awaiting-payment' && { acceptedAt: HOUR_AGO }),
      ...over,
    })
  const bought = (id: string, status: string) => paid(id, status, { at: HOUR_AGO })
  const refundedOrder = (id: string) => (db: Connections) =>
    db.query(
      `insert into refunds (order_id, refund_key, charge_id, amount, currency, due_at, refunded_at)
       values ($1, 'cancellation', 'ch_1', 900, 'EUR', $2, $2)`,
      [id, HOUR_AGO],
    )

  /** One of each kind, all as it should be. */
  const soundShop = async () => {
    await orders.given(
      order('a-waits', 'awaiting-payment'),
      bought('b-bought', 'confirmed'),
      bought('c-sent', 'shipped'),
      order('d-rejected', 'rejected'),
      order('e-cancelled', 'cancelled'),
      bought('f-refunded', 'cancelled'),
      refundedOrder('f-refunded'),
    )
    await stock.given(
      level('TEA', 50, 4),
      held('a-waits', 'reserved'),
      held('b-bought', 'reserved'),
      held('c-sent', 'handed-over'),
      held('d-rejected', 'exhausted'),
      held('e-cancelled', 'released'),
      held('f-refunded', 'released'),
    )
    await payments.given(payment('b-bought', 900), payment('c-sent', 900), payment('f-refunded', 900, 900))
  }

  test('has nothing to say of a shop where all adds up, and looks again', async () => {
    await soundShop()

    expect([await audit(0), await audit(5), await audit(10)]).toEqual(['more', 'more', 'more'])

    expect(await told()).toEqual([])
    expect(await kept()).toEqual([])
  })

  test.each<[string, () => Promise<unknown>, string[]]>([
    [
      'stock that nobody holds for an order',
      () => stock.rows(`update reservations set state = 'released' where order_id = 'b-bought'`),
      ['stock-of-order', 'b-bought', 'reserved in stock, since it is confirmed', 'released in stock'],
    ],
    [
      'stock that was never given back',
      () => stock.rows(`update reservations set state = 'reserved' where order_id = 'e-cancelled'`),
      [
        'stock-of-order',
        'e-cancelled',
        'released or exhausted in stock, since it is cancelled',
        'reserved in stock',
      ],
    ],
    [
      'another quantity than was ordered',
      () =>
        stock.rows(
          `update reservations set lines = '[{"sku":"TEA","quantity":3}]' where order_id = 'c-sent'`,
        ),
      ['stock-of-order', 'c-sent', '2 TEA', '3 TEA'],
    ],
    [
      'an order that stock has not heard of',
      () => stock.rows(`delete from reservations where order_id = 'd-rejected'`),
      ['stock-of-order', 'd-rejected', 'exhausted in stock, since it is rejected', 'unknown in stock'],
    ],
    [
      'something that came back and was not put back',
      () =>
        orders.rows(`update orders set lines = jsonb_set(lines, '{0,returned}', '1') where id = 'c-sent'`),
      ['returns-of-order', 'c-sent', '1 TEA', '-'],
    ],
    [
      'money that was taken and is not known to its order',
      () => payments.given(payment('a-waits', 900)),
      ['money-of-order', 'a-waits', '0 EUR (minor units) kept, by orders', '900 EUR kept, by payments'],
    ],
    [
      'an order that was never paid',
      () =>
        payments
          .rows(`delete from captures where order_id = 'b-bought'`)
          .then(() => payments.rows(`update payments set captured = 0 where order_id = 'b-bought'`)),
      ['money-of-order', 'b-bought', '900 EUR (minor units) kept, by orders', '0 EUR kept, by payments'],
    ],
    [
      'an order that is confirmed without a payment',
      () => orders.rows(`update orders set charge_id = null where id = 'c-sent'`),
      ['money-of-order', 'c-sent', '0 EUR (minor units) kept, by orders', 'no payment kept, by payments'],
    ],
    [
      'money that did not go back',
      () =>
        payments.rows(`delete from refunds`).then(() => payments.rows(`update payments set refunded = 0`)),
      ['money-of-order', 'f-refunded', '0 EUR (minor units) kept, by orders', '900 EUR kept, by payments'],
    ],
    [
      'sums that their parts are not',
      () => payments.rows(`update captures set amount = 800 where order_id = 'c-sent'`),
      [
        'sums-of-payment',
        'c-sent',
        '800 captured and 0 refunded, one by one (minor units of EUR)',
        '900 and 0 in all',
      ],
    ],
    [
      'a reservation for an order that there is not',
      () => stock.given(held('z-stranger', 'released')),
      ['known-order', 'z-stranger', 'an order that orders know', 'only stock or payments know it'],
    ],
    [
      'a level that is not the sum of its movements',
      () => stock.rows('update levels set on_hand = on_hand - 1'),
      [
        'stock-of-item',
        'TEA',
        'a level that is the sum of its movements',
        '1 too few on hand, right reserved',
      ],
    ],
    [
      'an event that was never sent',
      () => Promise.resolve(outboxes.set('payments', HOUR_AGO)),
      ['events-of-payments', 'payments', 'every event sent within 10 minutes', `unsent since ${HOUR_AGO}`],
    ],
    [
      'an order that gets nowhere',
      () => orders.given(order('g-lost', 'pending')),
      [
        'order-gets-on',
        'g-lost',
        'an order that is at an end, or waits for somebody',
        `pending since ${HOUR_AGO}`,
      ],
    ],
  ])('finds %s, and tells of it once, when it is there at a second look', async (_, spoil, expected) => {
    await soundShop()
    await spoil()

    await audit(0)
    expect(await told()).toEqual([])
    await audit(5)
    await audit(10)

    expect((await told()).filter(([name]) => name === expected[0])).toEqual([expected])
  })

  test('tells of it anew when it has changed, and again at a second look', async () => {
    await soundShop()
    await stock.rows('update levels set on_hand = on_hand + 1')
    for (const minutes of [0, 5, 10]) await audit(minutes)

    await stock.rows('update levels set on_hand = on_hand + 1')
    await audit(15)
    expect(await told()).toHaveLength(1)
    for (const minutes of [20, 25]) await audit(minutes)

    expect((await told()).map(([, , , actual]) => actual)).toEqual([
      '1 too many on hand, right reserved',
      '2 too many on hand, right reserved',
    ])
  })

  test('forgets what holds again, and tells of it when it comes back', async () => {
    await soundShop()
    outboxes.set('orders', HOUR_AGO)
    const spoil = (state: string) =>
      stock.rows(`update reservations set state = $1 where order_id = 'b-bought'`, [state])
    await spoil('released')
    for (const minutes of [0, 5]) await audit(minutes)
    expect(await kept()).toEqual([
      'events-of-orders orders',
      'promises-of-item TEA',
      'stock-of-order b-bought',
    ])

    await spoil('reserved')
    await stock.rows('update reservations set at = $1', [HOUR_AGO])
    await audit(10)
    expect(await kept()).toEqual(['events-of-orders orders'])

    await spoil('released')
    for (const minutes of [15, 20]) await audit(minutes)
    expect((await told()).filter(([name]) => name === 'stock-of-order')).toHaveLength(2)
  })

  test('says nothing of what is on its way: one side has changed and the other not yet', async () => {
    await soundShop()
    const lately = new Date(Date.parse(now) - MINUTE).toISOString()
    await orders.rows(`update orders set status = 'cancelled', changed_at = $1 where id = 'b-bought'`, [
      lately,
    ])
    await stock.rows(`update reservations set state = 'handed-over', at = $1 where order_id = 'a-waits'`, [
      lately,
    ])
    await stock.rows(`update levels set reserved = 2`)
    await stock.rows(`update ledger set delta_reserved = 2`)
    await payments.given(payment('e-cancelled', 900, 0, lately))

    await audit(0)

    expect(await kept()).toEqual([])
  })

  test('tells of a thing once though two looks run at the same moment', async () => {
    await soundShop()
    await stock.rows('update levels set on_hand = on_hand + 1')
    await stock.rows(`update reservations set state = 'released' where order_id = 'b-bought'`)
    await audit(0)

    await Promise.all([audit(5), audit(5), audit(5)])

    expect((await told()).map(([name]) => name).sort()).toEqual([
      ...['promises-of-item', 'stock-of-item', 'stock-of-order'],
    ])
  })

  test('is not counted as a second look when the first is repeated at once', async () => {
    await soundShop()
    await stock.rows('update levels set on_hand = on_hand + 1')

    await audit(0)
    await audit(1)

    expect(await told()).toEqual([])
  })

  test('tells nothing half: what was to be told is told by the next look after a crash', async () => {
    await soundShop()
    await stock.rows('update levels set on_hand = on_hand + 1')
    await audit(0)
    platform.at(new Date(Date.parse(now) + 5 * MINUTE).toISOString())
    const deps = platform.eventDeps()
    const transaction: Database['transaction'] = (work) =>
      deps.db.transaction(async (tx) => {
        await work(tx)
        throw new Error('killed')
      })
    const own = { orders: peers['orders']!, stock: peers['stock']!, payments: peers['payments']! }
    await auditShop({ ...deps, db: { ...deps.db, transaction }, ...own, askRelay })
    expect(await told()).toEqual([])

    await audit(10)

    expect(await told()).toHaveLength(1)
  })

  test('keeps what it knows of a domain that does not answer, and looks at the others', async () => {
    await soundShop()
    await stock.rows(`update reservations set state = 'released' where order_id = 'b-bought'`)
    await audit(0)
    const silent: Peer = () => Promise.reject(new Error('away'))
    const broken: Peer = () => Promise.resolve({ status: 500, body: {} })
    const odd: Peer = () =>
      Promise.resolve({ status: 200, body: { items: [{ orderId: 7 }], complete: true } })

    await audit(5, { stock: silent })
    await audit(10, { payments: broken })
    await audit(11, { payments: odd })
    await audit(12, { orders: silent })
    expect((await told()).map(([name]) => name)).toEqual(['promises-of-item'])
    expect(await kept()).toContain('stock-of-order b-bought')
    await audit(15)

    expect((await told()).map(([name]) => name)).toEqual(['promises-of-item', 'stock-of-order'])
  })

  test('looks at every order, however many there are', async () => {
    const ids = Array.from({ length: 450 }, (_, index) => `o${String(index).padStart(4, '0')}`)
    await orders.given(...ids.map((id) => order(id, 'cancelled')))
    await stock.given(
      ...ids
        .filter((id) => !['o0000', 'o0199', 'o0200', 'o0449'].includes(id))
        .map((id) => reserved(id, { TEA: 2 }, 'released')),
    )
    await stock.rows('update reservations set at = $1', [HOUR_AGO])

    await audit(0)

    expect(await kept()).toEqual(['o0000', 'o0199', 'o0200', 'o0449'].map((id) => `stock-of-order ${id}`))
    expect(await platform.rows('select after_order from audit_progress')).toEqual([{ after_order: '' }])
  })
})

import { PaymentAwaited } from '#events/payments/payment-awaited.v1/event'
import { PaymentCaptured } from '#events/payments/payment-captured.v1/event'
import { PaymentDeclined } from '#events/payments/payment-declined.v1/event'
import { openCallers } from '#runtime/caller'
import { openDatabase } from '#runtime/database'
import type { Peer } from '#runtime/peer'
import type { Problem } from '#runtime/problem'
import { openDomain, testCache, urlOf } from '#support/domain'
import { serve, tokens } from '#support/door'
import { awaited, openSandbox, ordersShowing, tried, until } from '#support/payments'
import { charge } from '../charge/handler'
import { paymentGateway, type Gateway } from '../gateway'
import deployable, { payOrder } from './handler'

interface Circumstances {
  caller?: string | { id: string; role: 'staff' }
  gateway?: Gateway
  viewOrder?: Peer
}

describe('pay-order', () => {
  const domain = openDomain('payments/pay-order')
  let sandbox: Awaited<ReturnType<typeof openSandbox>>
  const pay = (
    method: string,
    key: string,
    { caller = 'ada', gateway = sandbox.gateway, viewOrder = ordersShowing() }: Circumstances = {},
  ) => {
    const deps = Object.assign(domain.deps({ caller, idempotencyKey: key }), { gateway, viewOrder })
    return payOrder({ id: 'o1', paymentMethod: method }, deps)
  }
  const taken = async () => (await sandbox.ask('GET', '/v1/totals')).body['captured']
  const emittedTypes = async () =>
    (await domain.emitted()).map(([type]) => type).filter((type) => type !== PaymentAwaited.type)

  beforeEach(async () => void (sandbox = await openSandbox()))
  afterEach(() => sandbox.close())

  test.each([
    ['pm_approve', 'captured', [PaymentCaptured.type]],
    ['pm_slow', 'captured', [PaymentCaptured.type]],
    ['pm_flaky', 'captured', [PaymentCaptured.type]],
    ['pm_lost_answer', 'captured', [PaymentCaptured.type]],
    ['pm_decline', 'declined', [PaymentDeclined.type]],
    ['pm_notice', 'awaited', []],
  ])('tries %s: %s', async (method, status, types) => {
    await domain.given(awaited('o1'))

    const reply = await pay(method, 'k1')

    expect(reply).toEqual({ status: 202, body: { orderId: 'o1', status } })
    expect(await emittedTypes()).toEqual(types)
    expect(await domain.rows('select status from payments')).toEqual([{ status }])
  })

  test('announces each try when it begins, once', async () => {
    await domain.given(awaited('o1'))

    await pay('pm_decline', 'k1')
    await pay('pm_notice', 'k2')
    await pay('pm_notice', 'k2')

    const tries = (await domain.emitted()).filter(([type]) => type === PaymentAwaited.type)
    expect(tries.map(([, data]) => data)).toEqual(
      [1, 2].map(
        (attempt) => expect.objectContaining({ orderId: 'o1', customerId: 'ada', attempt }) as object,
      ),
    )
  })

  /** Requests that all stand at the payment's row at one moment, having seen the same past. */
  const atOnce = async <T>(ask: (nth: number) => Promise<T>) =>
    domain.deps().db.transaction(async (tx) => {
      await tx.query('select from payments for update')
      const asked = Array.from({ length: 20 }, (_, nth) => ask(nth))
      await until(async () => {
        await tx.query('select pg_stat_clear_snapshot()')
        const waiting = `select count(*) as count from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock'`
        return (await tx.query<{ count: number }>(waiting)).rows[0]!.count >= 19
      })
      return { asked }
    })

  test('of 20 requests at once one charges', async () => {
    await domain.given(awaited('o1'))

    const { asked } = await atOnce((nth) => pay('pm_approve', `k${nth}`))
    const tries = await Promise.allSettled(asked)

    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const kinds = tries.flatMap((one) =>
      one.status === 'rejected' ? [(one.reason as { kind: string }).kind] : [],
    )
    expect(kinds.filter((kind) => kind !== 'payment-in-progress' && kind !== 'already-paid')).toEqual([])
    expect(await taken()).toBe(900)
    expect(await emittedTypes()).toEqual([PaymentCaptured.type])
  })

  test('of 20 repetitions of one request at once, each has its answer and one charges', async () => {
    await domain.given(awaited('o1'))

    const { asked } = await atOnce(() => pay('pm_approve', 'k1'))
    const replies = await Promise.all(asked)

    expect(new Set(replies.map(({ body }) => body!.status))).toEqual(new Set(['captured']))
    expect(await domain.rows('select attempt from attempts')).toEqual([{ attempt: 1 }])
    expect(await taken()).toBe(900)
    expect(await emittedTypes()).toEqual([PaymentCaptured.type])
  })

  test('lets the customer try again after a decline, and no more after a capture', async () => {
    await domain.given(awaited('o1'))

    await pay('pm_decline', 'k1')
    await pay('pm_approve', 'k2')

    await expect(pay('pm_approve', 'k3')).rejects.toMatchObject({ kind: 'already-paid', status: 409 })
    expect(await emittedTypes()).toEqual([PaymentDeclined.type, PaymentCaptured.type])
    expect((await pay('pm_decline', 'k1')).body).toEqual({ orderId: 'o1', status: 'declined' })
    await expect(pay('pm_approve', 'k1')).rejects.toMatchObject({ kind: 'idempotency-key-reused' })
    expect(await taken()).toBe(900)
  })

  test('goes on with its own try when it was killed after the gateway was asked', async () => {
    await domain.given(awaited('o1'))
    const killed: Gateway = {
      ...sandbox.gateway,
      charge: async (attempt) => {
        await sandbox.gateway.charge(attempt)
        throw new Error('killed')
      },
    }

    await expect(pay('pm_approve', 'k1', { gateway: killed })).rejects.toThrow('killed')
    await expect(pay('pm_approve', 'k2')).rejects.toMatchObject({ kind: 'payment-in-progress', status: 409 })
    const reply = await pay('pm_approve', 'k1')

    expect(reply.body).toEqual({ orderId: 'o1', status: 'captured' })
    expect(await taken()).toBe(900)
    expect(await emittedTypes()).toEqual([PaymentCaptured.type])
  })

  test('leaves its try open when the gateway is away', async () => {
    await domain.given(awaited('o1'))
    const gateway = paymentGateway({ ...sandbox.env, PAYMENT_GATEWAY_URL: 'http://127.0.0.1:9' })

    const reply = await pay('pm_approve', 'k1', { gateway })

    expect(reply).toEqual({ status: 202, body: { orderId: 'o1', status: 'awaited' } })
    expect(await domain.rows('select state from attempts')).toEqual([{ state: 'started' }])
  })

  test.each([
    ['no try', []],
    ['an open try of this very request', [tried('o1', { key: 'k1' })]],
    ['an open try of another request', [tried('o1', { key: 'k2' })]],
  ])('charges nothing for an order that is off and has %s', async (_, tries) => {
    await domain.given(awaited('o1', { status: 'closed' }), ...tries)

    const refusal = await pay('pm_approve', 'k1').catch((error: unknown) => error as Problem)

    expect((refusal as Problem).document('t')).toEqual({
      type: 'https://kiosk.example/problems/orders/order-closed',
      ...{ title: 'The order can no longer change.', status: 409, instance: 'urn:trace:t' },
    })
    expect(await taken()).toBe(0)
  })

  test('repeats what became of a try that ended before its order was off', async () => {
    await domain.given(
      awaited('o1', { status: 'closed' }),
      tried('o1', { key: 'k1', state: 'declined', method: 'pm_decline' }),
    )

    expect((await pay('pm_decline', 'k1')).body).toEqual({ orderId: 'o1', status: 'declined' })
  })

  test("does not let on that another's order is off", async () => {
    await domain.given(awaited('o1', { status: 'closed', customerId: 'bob' }))

    await expect(pay('pm_approve', 'k1')).rejects.toMatchObject({ kind: 'unknown-payment', status: 404 })
  })

  describe('of an order that payments have not heard of', () => {
    const accepted = ordersShowing({ status: 'awaiting-payment' })

    test('takes what orders say is to be paid, and the money, however many ask', async () => {
      const replies = await Promise.all(
        Array.from({ length: 5 }, () => pay('pm_approve', 'k1', { viewOrder: accepted })),
      )

      for (const { body } of replies) expect(body).toEqual({ orderId: 'o1', status: 'captured' })
      expect(await taken()).toBe(900)
      expect(await domain.rows('select customer_id, amount, currency, status from payments')).toEqual([
        { customer_id: 'ada', amount: 900, currency: 'EUR', status: 'captured' },
      ])
    })

    test.each([
      ['and then it is told without a method', undefined],
      ['and then it is told with another', 'pm_decline'],
    ])('charges once by the method that was asked for, %s', async (_, paymentMethod) => {
      await pay('pm_approve', 'k1', { viewOrder: accepted })

      const told = { orderId: 'o1', customerId: 'ada', total: 900, currency: 'EUR' }
      const acceptedAt = '2026-03-01T09:59:59.000Z'
      const event = { ...told, acceptedAt, ...(paymentMethod !== undefined && { paymentMethod }) }
      await charge(event, Object.assign(domain.eventDeps(), { gateway: sandbox.gateway }))

      expect(await taken()).toBe(900)
      expect(await emittedTypes()).toEqual([PaymentCaptured.type])
    })

    test.each([
      ['pending', 'not-accepted', { 'Retry-After': '1' }],
      ['rejected', 'order-closed', {}],
      ['cancelled', 'order-closed', {}],
    ])('refuses one that is %s', async (status, kind, headers) => {
      const asking = pay('pm_approve', 'k1', { viewOrder: ordersShowing({ status }) })

      await expect(asking).rejects.toMatchObject({ kind, status: 409, headers })
      expect(await domain.rows('select from payments')).toEqual([])
      expect(await taken()).toBe(0)
    })

    test('lets staff wait until payments are told whose it is', async () => {
      const asking = pay('pm_approve', 'k1', { caller: { id: 'bob', role: 'staff' }, viewOrder: accepted })

      await expect(asking).rejects.toMatchObject({ kind: 'unknown-payment', headers: { 'Retry-After': '1' } })
      expect(await taken()).toBe(0)
    })
  })

  test("knows neither another's order nor one it has not heard of", async () => {
    const unknown = { kind: 'unknown-payment', status: 404 }
    await expect(pay('pm_approve', 'k1')).rejects.toMatchObject(unknown)
    await domain.given(awaited('o1', { customerId: 'bob' }), tried('o1', { key: 'k1' }))

    await expect(pay('pm_approve', 'k1')).rejects.toMatchObject(unknown)
    expect(await taken()).toBe(0)
  })

  test('at its door: answers a repeated request from the store, and a stampede with one charge', async () => {
    await domain.given(awaited('o1'))
    const keys = await tokens()
    const [{ name }] = (await domain.rows('select current_database() as name')) as [{ name: string }]
    const database = () => openDatabase({ DATABASE_URL: urlOf(name) })
    const parts = { database, cache: testCache, callers: openCallers }
    const { url, close } = await serve(
      deployable(domain.operation, parts, {
        ...{ ...keys.env, ...sandbox.env, VIEW_ORDER_URL: 'http://127.0.0.1:9' },
      }),
    )
    const headers = {
      authorization: await keys.bearer('ada'),
      'content-type': 'application/json',
      'idempotency-key': name,
    }
    const post = () =>
      fetch(`${url}/v1/orders/o1/payment`, {
        method: 'POST',
        headers,
        body: '{"paymentMethod":"pm_approve"}',
      })

    const statuses = (await Promise.all(Array.from({ length: 10 }, post))).map(({ status }) => status)
    const repeated = await post()

    expect(statuses.filter((status) => status !== 202 && status !== 409)).toEqual([])
    expect([repeated.status, repeated.headers.get('idempotent-replayed')]).toEqual([202, 'true'])
    expect(await repeated.json()).toEqual({ orderId: 'o1', status: 'captured' })
    expect(await taken()).toBe(900)
    expect(await emittedTypes()).toEqual([PaymentCaptured.type])
    await close()
  })
})

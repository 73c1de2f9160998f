import { PaymentCaptured } from '#events/payments/payment-captured.v1/event'
import { PaymentRefunded } from '#events/payments/payment-refunded.v1/event'
import type { PeerAnswer } from '#runtime/peer'
import { openDomain } from '#support/domain'
import { awaited, captured, openSandbox, tried } from '#support/payments'
import type { Gateway } from '../gateway'
import { reconcilePayments } from './handler'

/** What our database does not know, because it was restored from a copy, and the gateway does. */
describe('reconcile-payments, asked to compare all that the gateway did', () => {
  const domain = openDomain('payments/reconcile-payments')
  let sandbox: Awaited<ReturnType<typeof openSandbox>>
  const placed = new Set<string>()
  const orders = (): Promise<PeerAnswer> =>
    Promise.resolve({ status: 200, body: { items: [...placed].map((orderId) => ({ orderId })), last: true } })
  const run = (over: { gateway?: Gateway; orders?: () => Promise<PeerAnswer> } = {}) =>
    reconcilePayments(Object.assign(domain.eventDeps(), { gateway: sandbox.gateway, orders }, over))
  const asked = () =>
    domain.given((db) =>
      db.query(
        `insert into reconciliations (since, until) values (now() - interval '1 hour', now() + interval '1 hour')`,
      ),
    )
  const charge = async (key: string, method = 'pm_approve') =>
    (await sandbox.gateway.charge({ key, amount: 900, currency: 'EUR', method })).id
  const totals = async () => (await sandbox.ask('GET', '/v1/totals')).body
  const found = () =>
    domain.rows('select kind, order_id, amount, state from findings order by kind, order_id')
  const states = async () =>
    (await domain.rows<{ state: string }>('select state from reconciliations')).map(({ state }) => state)
  const emittedTypes = async () => (await domain.emitted()).map(([type]) => type)

  beforeEach(async () => {
    placed.clear()
    sandbox = await openSandbox()
  })
  afterEach(() => sandbox.close())

  test('puts a capture on the books whose try is not known, once, and its number is taken', async () => {
    await domain.given(awaited('o1'), tried('o1', { state: 'declined' }))
    await charge('order/o1/2')
    await asked()

    expect(await run()).toBe('idle')
    await asked()
    expect(await run()).toBe('idle')

    expect(await emittedTypes()).toEqual([PaymentCaptured.type])
    expect(await domain.rows('select status, captured, attempts from payments')).toEqual([
      { status: 'captured', captured: 900, attempts: 2 },
    ])
    expect(await domain.rows('select attempt, state, method from attempts order by attempt')).toEqual([
      { attempt: 1, state: 'declined', method: 'pm_approve' },
      { attempt: 2, state: 'captured', method: 'pm_approve' },
    ])
    expect(await found()).toEqual([{ kind: 'settled', order_id: 'o1', amount: 900, state: 'done' }])
    expect([await states(), await totals()]).toEqual([['done', 'done'], { captured: 900, refunded: 0 }])
  })

  test('gives the money of an order that nobody knows back, once however often it is interrupted', async () => {
    const id = await charge('order/lost/1')
    await charge('order/lost/2', 'pm_decline')
    await asked()
    const interrupted: Gateway = {
      ...sandbox.gateway,
      refund: async (refund) => {
        await sandbox.gateway.refund(refund)
        throw new Error('the answer was lost')
      },
    }

    expect(await run({ gateway: interrupted })).toBe('more')
    expect(await found()).toEqual([{ kind: 'given-back', order_id: 'lost', amount: 900, state: 'started' }])
    expect(await run()).toBe('idle')
    await asked()
    expect(await run()).toBe('idle')

    expect(await found()).toEqual([{ kind: 'given-back', order_id: 'lost', amount: 900, state: 'done' }])
    expect(await totals()).toEqual({ captured: 900, refunded: 900 })
    expect(await sandbox.gateway.refundsOf({ key: `stray/${id}`, chargeId: id })).toHaveLength(1)
    expect(await emittedTypes()).toEqual([])
  })

  test('gives back only what has not gone back already', async () => {
    const [part, whole] = [await charge('order/lost/1'), await charge('order/gone/1')]
    await sandbox.gateway.refund({ key: 'refund/lost/return/r1', chargeId: part, amount: 300 })
    await sandbox.gateway.refund({ key: 'refund/gone/cancellation', chargeId: whole, amount: 900 })
    await asked()

    expect(await run()).toBe('idle')

    expect(await found()).toEqual([{ kind: 'given-back', order_id: 'lost', amount: 600, state: 'done' }])
    expect(await totals()).toEqual({ captured: 1800, refunded: 1800 })
  })

  test('waits for an order that orders know and payments do not yet, and gives nothing back', async () => {
    placed.add('o1')
    await charge('order/o1/1')
    await asked()

    expect(await run()).toBe('more')
    expect([await found(), await totals()]).toEqual([[], { captured: 900, refunded: 0 }])
    expect(await domain.rows('select state, waiting from reconciliations')).toEqual([
      { state: 'open', waiting: 1 },
    ])
    await domain.given(awaited('o1'))

    expect(await run()).toBe('idle')
    expect(await emittedTypes()).toEqual([PaymentCaptured.type])
  })

  test.each<[string, () => Promise<PeerAnswer>]>([
    ['do not answer', () => Promise.reject(new Error('away'))],
    ['answer with a fault', () => Promise.resolve({ status: 503, body: {} })],
    ['answer something else', () => Promise.resolve({ status: 200, body: {} })],
  ])('gives nothing back while orders %s', async (_, away) => {
    await charge('order/lost/1')
    await asked()

    expect(await run({ orders: away })).toBe('more')

    expect([await found(), await totals()]).toEqual([[], { captured: 900, refunded: 0 }])
  })

  test('waits until a pending charge of an unknown order is captured, and gives that back', async () => {
    await charge('order/lost/1', 'pm_notice')
    const pending: Gateway = {
      ...sandbox.gateway,
      chargesIn: async (span, page) =>
        (await sandbox.gateway.chargesIn(span, page)).map((one) => ({ ...one, status: 'pending' })),
    }
    await asked()

    expect(await run({ gateway: pending })).toBe('more')
    for (let outcome = 'more'; outcome === 'more';) outcome = await run()

    expect(await totals()).toEqual({ captured: 900, refunded: 900 })
  })

  test('puts a refund on the books that was made by the gateway and is not known here, once', async () => {
    const id = await charge('order/o1/1')
    await domain.given(captured('o1', id))
    await sandbox.gateway.refund({ key: 'refund/o1/cancellation', chargeId: id, amount: 900 })
    await asked()

    expect(await run()).toBe('idle')
    await asked()
    await run()

    expect(await emittedTypes()).toEqual([PaymentRefunded.type])
    expect(await domain.rows('select status, captured, refunded from payments')).toEqual([
      { status: 'refunded', captured: 900, refunded: 900 },
    ])
    expect(await found()).toEqual([{ kind: 'refunded', order_id: 'o1', amount: 900, state: 'done' }])
  })

  test('puts a capture and its refund on the books when neither is known', async () => {
    await domain.given(awaited('o1'))
    const id = await charge('order/o1/1')
    await sandbox.gateway.refund({ key: 'refund/o1/cancellation', chargeId: id, amount: 900 })
    await asked()

    expect(await run()).toBe('idle')

    expect(await emittedTypes()).toEqual([PaymentCaptured.type, PaymentRefunded.type])
  })

  test('moves no money that the shop did not ask for, and shows it', async () => {
    const id = await charge('by-hand')
    await sandbox.gateway.refund({ key: 'goodwill', chargeId: id, amount: 100 })
    await asked()

    expect(await run()).toBe('idle')

    expect(await found()).toEqual([
      { kind: 'foreign', order_id: null, amount: 900, state: 'done' },
      { kind: 'foreign', order_id: null, amount: 100, state: 'done' },
    ])
    expect(await totals()).toEqual({ captured: 900, refunded: 100 })
  })

  test('does not let one that fails hold up the others, and compares more than a page', async () => {
    const ids = Array.from({ length: 105 }, (_, nth) => `o${100 + nth}`)
    for (const id of ids) {
      await domain.given(awaited(id))
      await charge(`order/${id}/1`)
    }
    await charge('order/lost/1')
    await asked()
    const broken: Gateway = { ...sandbox.gateway, refundsOf: () => Promise.reject(new Error('no')) }

    expect(await run({ gateway: broken })).toBe('more')
    expect((await found()).length).toBe(105)
    expect(await run()).toBe('idle')
    expect((await found()).length).toBe(106)
  })

  test('changes nothing of what is right', async () => {
    const id = await charge('order/o1/1')
    await domain.given(captured('o1', id), awaited('o2'), tried('o2', { state: 'declined' }))
    await charge('order/o2/1', 'pm_decline')
    await asked()

    expect(await run({ orders: () => Promise.reject(new Error('nobody is asked')) })).toBe('idle')

    expect([await found(), await emittedTypes()]).toEqual([[], []])
  })
})

import { PaymentCaptured } from '#events/payments/payment-captured.v1/event'
import { PaymentDeclined } from '#events/payments/payment-declined.v1/event'
import { PaymentRefunded } from '#events/payments/payment-refunded.v1/event'
import { openDomain } from '#support/domain'
import { awaited, captured, openSandbox, refunding, tried, until } from '#support/payments'
import { paymentGateway, type Gateway } from '../gateway'
import { reconcilePayments } from './handler'

const unasked = () => Promise.reject(new Error('orders should not be asked'))

const BEGUN = '2026-03-01T09:59:30.000Z'

describe('reconcile-payments', () => {
  const domain = openDomain('payments/reconcile-payments')
  let sandbox: Awaited<ReturnType<typeof openSandbox>>
  const deps = (gateway: Gateway = sandbox.gateway) =>
    Object.assign(domain.eventDeps(), { gateway, orders: unasked })
  const wish = (method: string) => ({ key: 'order/o1/1', amount: 900, currency: 'EUR', method })
  const taken = async () => (await sandbox.ask('GET', '/v1/totals')).body['captured']
  const emittedTypes = async () => (await domain.emitted()).map(([type]) => type)
  const states = async () =>
    (await domain.rows<{ state: string }>('select state from attempts order by key')).map(
      ({ state }) => state,
    )

  beforeEach(async () => void (sandbox = await openSandbox()))
  afterEach(() => sandbox.close())

  test.each([
    ['pm_approve', 'captured', PaymentCaptured.type],
    ['pm_decline', 'declined', PaymentDeclined.type],
  ])('learns what became of %s whose answer was lost', async (method, state, type) => {
    await domain.given(awaited('o1'), tried('o1', { method, at: BEGUN }))
    await sandbox.gateway.charge(wish(method))

    await Promise.all([reconcilePayments(deps()), reconcilePayments(deps())])
    const outcome = await reconcilePayments(deps())

    expect(outcome).toBe('idle')
    expect(await states()).toEqual([state])
    expect(await emittedTypes()).toEqual([type])
    expect(await sandbox.gateway.chargesOf('order/o1/1')).toHaveLength(1)
  })

  test('asks for a charge that the gateway was never asked for', async () => {
    await domain.given(awaited('o1'), tried('o1', { at: BEGUN }))

    await reconcilePayments(deps())

    expect(await emittedTypes()).toEqual([PaymentCaptured.type])
    expect(await taken()).toBe(900)
  })

  test('drops a try of an order that is off when the gateway was never asked, and tells nobody', async () => {
    await domain.given(awaited('o1', { status: 'closed' }), tried('o1', { at: BEGUN }))

    const outcome = await reconcilePayments(deps())

    expect(outcome).toBe('idle')
    expect(await domain.rows('select state, reason from attempts')).toEqual([
      { state: 'declined', reason: 'order_closed' },
    ])
    expect([await emittedTypes(), await taken()]).toEqual([[], 0])
  })

  test('announces money that was taken for an order that is off', async () => {
    await domain.given(awaited('o1', { status: 'closed' }), tried('o1', { at: BEGUN }))
    await sandbox.gateway.charge(wish('pm_approve'))

    await reconcilePayments(deps())

    expect(await emittedTypes()).toEqual([PaymentCaptured.type])
    expect(await domain.rows('select status, captured from payments')).toEqual([
      { status: 'captured', captured: 900 },
    ])
  })

  test('finds the money of a pending charge whose notice was lost', async () => {
    await domain.given(awaited('o1'), tried('o1', { method: 'pm_notice', state: 'pending', at: BEGUN }))
    await sandbox.gateway.charge(wish('pm_notice'))
    await until(async () => (await taken()) === 900)

    await reconcilePayments(deps())

    expect(await states()).toEqual(['captured'])
    expect(await emittedTypes()).toEqual([PaymentCaptured.type])
  })

  test('leaves a young try to whoever began it, and a try that was just looked at', async () => {
    await domain.given(awaited('o1'), tried('o1', { at: '2026-03-01T09:59:41.000Z' }))
    const away = paymentGateway({ ...sandbox.env, PAYMENT_GATEWAY_URL: 'http://127.0.0.1:9' })

    expect(await reconcilePayments(deps())).toBe('more')
    expect(await states()).toEqual(['started'])
    domain.at('2026-03-01T10:00:01.000Z')
    await reconcilePayments(deps(away))
    domain.at('2026-03-01T10:00:50.000Z')
    await reconcilePayments(deps())
    expect(await states()).toEqual(['started'])
    domain.at('2026-03-01T10:00:51.000Z')
    await reconcilePayments(deps())

    expect(await states()).toEqual(['captured'])
  })

  test('does not let one try that fails hold up the others', async () => {
    const orders = Array.from({ length: 25 }, (_, nth) => `o${nth}`)
    for (const id of orders) await domain.given(awaited(id), tried(id, { at: BEGUN }))
    const gateway: Gateway = {
      ...sandbox.gateway,
      charge: (attempt) =>
        attempt.key === 'order/o3/1' ? Promise.reject(new Error('no')) : sandbox.gateway.charge(attempt),
    }

    await reconcilePayments(deps(gateway))
    await reconcilePayments(deps(gateway))

    expect((await states()).filter((state) => state !== 'captured')).toEqual(['started'])
    expect(await taken()).toBe(24 * 900)
  })

  test('brings a notice together with its try', async () => {
    const charge = { id: 'ch_9', status: 'captured', amount: 900, currency: 'EUR', reference: 'order/o1/1' }
    const keep = (db: { query: (text: string, values: unknown[]) => Promise<unknown> }) =>
      db.query(
        `insert into notices (id, type, reference, charge, received_at)
         values ('n1', 'charge.captured', 'order/o1/1', $1, now())`,
        [JSON.stringify(charge)],
      )
    await domain.given(keep, awaited('o1'), tried('o1'))

    await reconcilePayments(deps())
    await reconcilePayments(deps())

    expect(await emittedTypes()).toEqual([PaymentCaptured.type])
    expect(await domain.rows('select matched_at is null as open from notices')).toEqual([{ open: false }])
  })

  describe('refunds', () => {
    const due = (chargeId: string) => ({ key: 'refund/o1/cancellation', chargeId, amount: 900 })
    const back = async () => (await sandbox.ask('GET', '/v1/totals')).body['refunded']
    const charged = async (reference = 'order/o1/1') =>
      (await sandbox.gateway.charge({ ...wish('pm_approve'), key: reference })).id

    test('learns of a refund whose answer was lost, and gives nothing back twice', async () => {
      const id = await charged()
      await domain.given(captured('o1', id), refunding('o1', id, { at: BEGUN }))
      await sandbox.gateway.refund(due(id))

      await Promise.all([reconcilePayments(deps()), reconcilePayments(deps())])
      const outcome = await reconcilePayments(deps())

      expect(outcome).toBe('idle')
      expect(await emittedTypes()).toEqual([PaymentRefunded.type])
      expect(await domain.rows('select status, refunded from payments')).toEqual([
        { status: 'refunded', refunded: 900 },
      ])
      expect(await back()).toBe(900)
    })

    test('asks for a refund that the gateway was never asked for', async () => {
      const id = await charged()
      await domain.given(captured('o1', id), refunding('o1', id, { at: BEGUN }))

      await reconcilePayments(deps())

      expect([await emittedTypes(), await back()]).toEqual([[PaymentRefunded.type], 900])
    })

    test('leaves a young refund to whoever began it, and one that fails does not hold up the others', async () => {
      const ids = [await charged(), await charged('order/o2/1'), await charged('order/o3/1')]
      for (const [nth, id] of ids.entries()) await domain.given(captured(`o${nth + 1}`, id))
      await domain.given(
        refunding('o1', ids[0]!),
        refunding('o2', ids[1]!, { at: BEGUN }),
        refunding('o3', ids[2]!, { at: BEGUN }),
      )
      const gateway: Gateway = {
        ...sandbox.gateway,
        refund: (wanted) =>
          wanted.chargeId === ids[1] ? Promise.reject(new Error('no')) : sandbox.gateway.refund(wanted),
      }

      expect(await reconcilePayments(deps(gateway))).toBe('more')

      expect(await domain.rows('select order_id, state from refunds order by order_id')).toEqual([
        { order_id: 'o1', state: 'started' },
        { order_id: 'o2', state: 'started' },
        { order_id: 'o3', state: 'refunded' },
      ])
    })
  })
})

import type { OrderCancelled } from '#events/orders/order-cancelled.v1/event'
import type { OrderRejected } from '#events/orders/order-rejected.v1/event'
import { PaymentCaptured } from '#events/payments/payment-captured.v1/event'
import { PaymentDeclined } from '#events/payments/payment-declined.v1/event'
import { openDomain } from '#support/domain'
import { accepted, awaited, openSandbox, tried } from '#support/payments'
import { charge } from '../charge/handler'
import type { GatewayCharge } from '../payment'
import { settle } from '../settle'
import { closePayment } from './handler'

const NOW = '2026-03-01T10:00:00.000Z'
const order = { orderId: 'o1', customerId: 'ada' }
const cancelled: OrderCancelled = { ...order, reason: 'I changed my mind.', cancelledAt: NOW }
const rejected: OrderRejected = { ...order, skus: ['TEA'], rejectedAt: NOW }

describe('close-payment', () => {
  // Charging announces what closing may not: both work on one database with charge's leave to announce.
  const domain = openDomain('payments/charge')
  let sandbox: Awaited<ReturnType<typeof openSandbox>>
  const close = (end: OrderCancelled | OrderRejected = cancelled) => closePayment(end, domain.eventDeps())
  const accept = (method?: string) =>
    charge(accepted('o1', method), Object.assign(domain.eventDeps(), { gateway: sandbox.gateway }))
  const answer = (status: 'captured' | 'declined') => {
    const told: GatewayCharge = { id: 'ch_1', status, amount: 900, currency: 'EUR', reference: 'order/o1/1' }
    const attempt = { key: 'order/o1/1', orderId: 'o1', attempt: 1 }
    return domain.deps().db.transaction((tx) => settle(tx, attempt, told, new Date(NOW)))
  }
  const emittedTypes = async () => (await domain.emitted()).map(([type]) => type)
  const charges = async () => (await sandbox.ask('GET', '/v1/charges')).body['total']
  const payments = () =>
    domain.rows('select order_id, customer_id, status, amount, currency, captured from payments')
  const known = { order_id: 'o1', customer_id: 'ada', amount: 900, currency: 'EUR', captured: 0 }

  beforeEach(async () => void (sandbox = await openSandbox()))
  afterEach(() => sandbox.close())

  test.each([
    ['rejected', rejected],
    ['cancelled', cancelled],
  ])(
    'leaves one mark for an order that was %s and is not known, however often it is told',
    async (_, end) => {
      await Promise.all([close(end), close(end)])
      await close(end)

      expect(await payments()).toEqual([{ ...known, status: 'closed', amount: 0, currency: 'XXX' }])
    },
  )

  test.each([[undefined], ['pm_approve']])(
    'keeps an order from being charged or waited for when its end comes first (payment method: %s)',
    async (method) => {
      await close()
      await accept(method)
      await close()
      await accept(method)

      expect(await payments()).toEqual([{ ...known, status: 'closed' }])
      expect(await domain.rows('select key from attempts')).toEqual([])
      expect([await emittedTypes(), await charges()]).toEqual([[], 0])
    },
  )

  test('ends the same when the end of an order comes after its acceptance, or with it', async () => {
    await accept()
    await close()
    const after = await payments()
    await domain.given((db) => db.query('truncate payments cascade'))
    await Promise.all([close(), accept(), close(), accept()])

    expect(after).toEqual([{ ...known, status: 'closed' }])
    expect(await payments()).toEqual(after)
  })

  test('takes the money at most once and never ends halfway when the end and a charge come at once', async () => {
    await Promise.all([accept('pm_approve'), close(), accept('pm_approve'), close()])

    const [payment] = (await payments()) as [{ status: string; captured: number }]
    const taken = (await sandbox.ask('GET', '/v1/totals')).body['captured']
    expect(payment.captured).toBe(taken)
    expect(payment.status).toBe(taken === 0 ? 'closed' : 'captured')
    expect(await emittedTypes()).toEqual(taken === 0 ? [] : [PaymentCaptured.type])
  })

  test('closes a declined payment', async () => {
    await accept('pm_decline')

    await close()

    expect(await payments()).toEqual([{ ...known, status: 'closed' }])
    expect(await domain.rows('select reason from payments')).toEqual([{ reason: null }])
  })

  test.each(['captured', 'partly-refunded', 'refunded'])('leaves a payment that is %s', async (status) => {
    await domain.given(awaited('o1', { status }))

    await close()

    expect(await payments()).toEqual([{ ...known, status }])
  })

  test.each([
    ['before', [() => answer('captured'), close]],
    ['after', [close, () => answer('captured')]],
    ['between', [close, () => answer('captured'), close, () => answer('captured')]],
  ])('announces money that an open try took, once, when it is heard of %s the end', async (_, steps) => {
    await domain.given(awaited('o1'), tried('o1'))

    for (const step of steps) await step()

    expect(await emittedTypes()).toEqual([PaymentCaptured.type])
    expect(await payments()).toEqual([{ ...known, status: 'captured', captured: 900 }])
  })

  test('leaves an open try alone, which charge does not go on with and whose decline changes nothing', async () => {
    await domain.given(awaited('o1'), tried('o1'))

    await close()
    await accept('pm_approve')
    const states = await domain.rows('select state from attempts')
    await answer('declined')

    expect([states, await charges()]).toEqual([[{ state: 'started' }], 0])
    expect(await emittedTypes()).toEqual([PaymentDeclined.type])
    expect(await payments()).toEqual([{ ...known, status: 'closed' }])
  })
})

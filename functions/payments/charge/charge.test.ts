import { PaymentAwaited } from '#events/payments/payment-awaited.v1/event'
import { PaymentCaptured } from '#events/payments/payment-captured.v1/event'
import { PaymentDeclined } from '#events/payments/payment-declined.v1/event'
import { openDomain } from '#support/domain'
import { accepted, openSandbox } from '#support/payments'
import { paymentGateway, type Gateway } from '../gateway'
import { charge } from './handler'

const NOW = '2026-03-01T10:00:00.000Z'

describe('charge', () => {
  const domain = openDomain('payments/charge')
  let sandbox: Awaited<ReturnType<typeof openSandbox>>
  const deps = (id?: string, gateway: Gateway = sandbox.gateway) =>
    Object.assign(domain.eventDeps(id), { gateway })
  const taken = async () => (await sandbox.ask('GET', '/v1/totals')).body['captured']
  const statusOf = async (orderId = 'o1') =>
    (await domain.rows<{ status: string }>('select status from payments where order_id = $1', [orderId]))[0]
      ?.status

  beforeEach(async () => void (sandbox = await openSandbox()))
  afterEach(() => sandbox.close())

  test.each(['pm_approve', 'pm_slow', 'pm_flaky', 'pm_lost_answer'])(
    'takes the money once with %s, however often and however many at a time it is told',
    async (method) => {
      await Promise.all([
        charge(accepted('o1', method), deps('e1')),
        charge(accepted('o1', method), deps('e1')),
      ])
      await charge(accepted('o1', method), deps('e2'))

      const [{ id }] = (await sandbox.ask('GET', '/v1/charges')).body['items'] as [{ id: string }]
      expect(await domain.emitted()).toEqual([
        [
          PaymentCaptured.type,
          { orderId: 'o1', customerId: 'ada', chargeId: id, amount: 900, currency: 'EUR', capturedAt: NOW },
        ],
      ])
      expect(await taken()).toBe(900)
      expect(await domain.rows('select status, captured, attempts from payments')).toEqual([
        { status: 'captured', captured: 900, attempts: 1 },
      ])
    },
  )

  test.each([
    ['pm_decline', 'card_declined'],
    ['pm_insufficient_funds', 'insufficient_funds'],
    ['pm_of_the_moon', 'unknown_method'],
  ])('announces that %s was declined, as an answer', async (method, reason) => {
    await charge(accepted('o1', method), deps('e1'))
    await charge(accepted('o1', method), deps('e1'))

    expect(await domain.emitted()).toEqual([
      [PaymentDeclined.type, { orderId: 'o1', customerId: 'ada', attempt: 1, reason, declinedAt: NOW }],
    ])
    expect(await statusOf()).toBe('declined')
  })

  test.each([
    ['no payment method was named', undefined, {}],
    ['the gateway has only taken note', 'pm_notice', { attempt: 1 }],
  ])('waits for the payment when %s', async (_, method, tried) => {
    await charge(accepted('o1', method), deps('e1'))
    await charge(accepted('o1', method), deps('e1'))
    await charge(accepted('o1', method), deps('e2'))

    expect(await domain.emitted()).toEqual([
      [
        PaymentAwaited.type,
        { orderId: 'o1', customerId: 'ada', amount: 900, currency: 'EUR', ...tried, awaitedAt: NOW },
      ],
    ])
    expect(await statusOf()).toBe('awaited')
  })

  test('loses and repeats nothing when it is killed between the answer and its own note of it', async () => {
    const killed: Gateway = {
      ...sandbox.gateway,
      charge: async (attempt) => {
        await sandbox.gateway.charge(attempt)
        throw new Error('killed')
      },
    }

    await expect(charge(accepted('o1', 'pm_approve'), deps('e1', killed))).rejects.toThrow('killed')
    expect(await domain.emitted()).toEqual([])
    await charge(accepted('o1', 'pm_approve'), deps('e1'))

    expect((await domain.emitted()).map(([type]) => type)).toEqual([PaymentCaptured.type])
    expect(await taken()).toBe(900)
  })

  test('is told again when the gateway is away, and finds its try', async () => {
    const away = paymentGateway({ ...sandbox.env, PAYMENT_GATEWAY_URL: 'http://127.0.0.1:9' })

    await expect(charge(accepted('o1', 'pm_approve'), deps('e1', away))).rejects.toThrow('no answer')
    await charge(accepted('o1', 'pm_approve'), deps('e1'))

    expect((await domain.emitted()).map(([type]) => type)).toEqual([PaymentCaptured.type])
    expect(await domain.rows('select key, state from attempts')).toEqual([
      { key: 'order/o1/1', state: 'captured' },
    ])
  })
})

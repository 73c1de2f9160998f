import fc from 'fast-check'
import type { RefundDue } from '#events/orders/refund-due.v1/event'
import { PaymentRefunded } from '#events/payments/payment-refunded.v1/event'
import { openDomain } from '#support/domain'
import { captured, openSandbox, refundDue } from '#support/payments'
import { paymentGateway, type Gateway } from '../gateway'
import { refund } from './handler'

const NOW = '2026-03-01T10:00:00.000Z'

describe('refund', () => {
  const domain = openDomain('payments/refund')
  let sandbox: Awaited<ReturnType<typeof openSandbox>>
  let chargeId: string
  const giveBack = (due: RefundDue, id?: string, gateway: Gateway = sandbox.gateway) =>
    refund(due, Object.assign(domain.eventDeps(id), { gateway }))
  const charged = async (amount = 900, reference = 'order/o1/1') => {
    const wish = { key: reference, amount, currency: 'EUR', method: 'pm_approve' }
    return (await sandbox.gateway.charge(wish)).id
  }
  const back = async () => (await sandbox.ask('GET', '/v1/totals')).body['refunded']
  const payment = async () => (await domain.rows('select status, captured, refunded from payments'))[0]
  const told = async () => (await domain.emitted()).map(([, data]) => data as PaymentRefunded)

  beforeEach(async () => {
    sandbox = await openSandbox()
    chargeId = await charged()
    await domain.given(captured('o1', chargeId))
  })
  afterEach(() => sandbox.close())

  test('gives the money back and says how much that is in all', async () => {
    await giveBack(refundDue(chargeId, { refundKey: 'return/1', amount: 400 }))
    const between = await payment()
    await giveBack(refundDue(chargeId, { refundKey: 'return/2', amount: 500 }))

    const fact = { orderId: 'o1', customerId: 'ada', chargeId, currency: 'EUR', capturedTotal: 900 }
    expect(await domain.emitted()).toEqual([
      [
        PaymentRefunded.type,
        { ...fact, refundKey: 'return/1', amount: 400, refundedTotal: 400, refundedAt: NOW },
      ],
      [
        PaymentRefunded.type,
        { ...fact, refundKey: 'return/2', amount: 500, refundedTotal: 900, refundedAt: NOW },
      ],
    ])
    expect(between).toEqual({ status: 'partly-refunded', captured: 900, refunded: 400 })
    expect(await payment()).toEqual({ status: 'refunded', captured: 900, refunded: 900 })
    expect(await back()).toBe(900)
  })

  test('gives it back once, however often, by however many events and however many at a time it is told', async () => {
    await Promise.all(Array.from({ length: 9 }, (_, nth) => giveBack(refundDue(chargeId), `e${nth % 3}`)))
    await giveBack(refundDue(chargeId), 'e4')

    expect(await told()).toHaveLength(1)
    expect([await back(), await payment()]).toEqual([
      900,
      { status: 'refunded', captured: 900, refunded: 900 },
    ])
  })

  test('asks by a key made from the order and the refund, so that another order may use the same', async () => {
    await giveBack(refundDue(chargeId))

    const { body } = await sandbox.ask('GET', `/v1/charges/${chargeId}/refunds`)
    expect(body['items']).toMatchObject([{ reference: 'refund/o1/cancellation', amount: 900 }])
  })

  test('is paid as long as what was to be paid is there: one of two payments given back', async () => {
    const second = await charged(900, 'order/o1/2')
    await domain.given(captured('o1', second, { attempt: 2 }))

    await giveBack(refundDue(second, { refundKey: `late/${second}` }))
    const kept = await payment()
    await giveBack(refundDue(chargeId, { amount: 1 }))

    expect(kept).toEqual({ status: 'captured', captured: 1800, refunded: 900 })
    expect(await payment()).toMatchObject({ status: 'partly-refunded', refunded: 901 })
  })

  test.each([
    ['more than was captured', { amount: 901 }, 'more of'],
    ['of a capture nobody knows', { orderId: 'o2' }, 'not known here'],
  ])('gives nothing back, and keeps trying, when it is %s', async (_, over, message) => {
    await expect(giveBack(refundDue(chargeId, over))).rejects.toThrow(message)

    expect([await told(), await back()]).toEqual([[], 0])
    expect(await domain.rows('select key from refunds')).toEqual([])
    expect(await domain.rows('select id from inbox')).toEqual([])
  })

  test('does not take another amount for a repetition', async () => {
    await giveBack(refundDue(chargeId, { amount: 400 }))

    await expect(giveBack(refundDue(chargeId, { amount: 500 }))).rejects.toThrow('another amount')
    expect(await back()).toBe(400)
  })

  test('of more refunds at once than the capture allows, those that fit are made', async () => {
    const tries = await Promise.allSettled(
      Array.from({ length: 30 }, (_, nth) =>
        giveBack(refundDue(chargeId, { refundKey: `return/${nth}`, amount: 100 })),
      ),
    )

    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(9)
    expect([await back(), await payment()]).toEqual([
      900,
      { status: 'refunded', captured: 900, refunded: 900 },
    ])
    expect(await domain.rows('select state, count(*) as count from refunds group by state')).toEqual([
      { state: 'refunded', count: 9 },
    ])
    expect((await told()).map(({ refundedTotal }) => refundedTotal).sort()).toEqual([
      100, 200, 300, 400, 500, 600, 700, 800, 900,
    ])
  })

  test('never gives back more than was captured, and says exactly what it gave, whatever is asked at once', async () => {
    let round = 0
    const amounts = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(amounts, async (wanted) => {
        const orderId = `p${++round}`
        const id = await charged(900, `order/${orderId}/1`)
        await domain.given(captured(orderId, id))
        const before = Number(await back())

        const dues = wanted.map((amount, nth) =>
          refundDue(id, { orderId, refundKey: `return/${nth}`, amount }),
        )
        await Promise.allSettled([...dues, ...dues].map((due) => giveBack(due)))

        const said = (await told()).filter((one) => one.orderId === orderId)
        const sum = said.reduce((total, { amount }) => total + amount, 0)
        expect(sum).toBeLessThanOrEqual(900)
        expect(Number(await back()) - before).toBe(sum)
        expect(new Set(said.map(({ refundKey }) => refundKey)).size).toBe(said.length)
        const rows = await domain.rows('select refunded from payments where order_id = $1', [orderId])
        expect(rows).toEqual([{ refunded: sum }])
        const begun = 'select coalesce(sum(amount), 0)::bigint as sum from refunds where order_id = $1'
        expect(await domain.rows(begun, [orderId])).toEqual([{ sum }])
      }),
      { numRuns: 20, seed: 7 },
    )
  }, 240_000)

  test('loses and repeats nothing when it is killed between the answer and its own note of it', async () => {
    const killed: Gateway = {
      ...sandbox.gateway,
      refund: async (wanted) => {
        await sandbox.gateway.refund(wanted)
        throw new Error('killed')
      },
    }

    await expect(giveBack(refundDue(chargeId), 'e1', killed)).rejects.toThrow('killed')
    expect(await told()).toEqual([])
    const asked = jest.fn((wanted: Parameters<Gateway['refund']>[0]) => sandbox.gateway.refund(wanted))
    await giveBack(refundDue(chargeId), 'e1', { ...sandbox.gateway, refund: asked })

    expect([(await told()).length, await back(), asked.mock.calls.length]).toEqual([1, 900, 0])
  })

  test('is told again when the gateway is away, and finds its refund', async () => {
    const away = paymentGateway({ ...sandbox.env, PAYMENT_GATEWAY_URL: 'http://127.0.0.1:9' })

    await expect(giveBack(refundDue(chargeId), 'e1', away)).rejects.toThrow('no answer')
    await giveBack(refundDue(chargeId), 'e1')

    expect([(await told()).length, await back()]).toEqual([1, 900])
  })

  test.each([
    ['could not be made', { status: 'failed' as const }, 'could not give back'],
    ['is of another amount', { amount: 1 }, 'tells of another refund'],
    ['is of another charge', { chargeId: 'ch_of_another' }, 'tells of another refund'],
  ])('notes nothing when the gateway tells of a refund that %s', async (_, over, message) => {
    const odd: Gateway = {
      ...sandbox.gateway,
      refund: async (wanted) => ({ ...(await sandbox.gateway.refund(wanted)), ...over }),
    }

    await expect(giveBack(refundDue(chargeId), 'e1', odd)).rejects.toThrow(message)
    expect([await told(), await domain.rows('select state from refunds')]).toEqual([
      [],
      [{ state: 'started' }],
    ])
  })

  test('leaves a refund open that the gateway has only taken note of', async () => {
    const slow: Gateway = {
      ...sandbox.gateway,
      refund: async (wanted) => ({ ...(await sandbox.gateway.refund(wanted)), status: 'pending' }),
    }

    await giveBack(refundDue(chargeId), 'e1', slow)

    expect([await told(), await domain.rows('select state from refunds')]).toEqual([
      [],
      [{ state: 'started' }],
    ])
  })
})

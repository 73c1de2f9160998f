import { PaymentCaptured } from '#events/payments/payment-captured.v1/event'
import { PaymentDeclined } from '#events/payments/payment-declined.v1/event'
import { PaymentRefunded } from '#events/payments/payment-refunded.v1/event'
import { openDatabase, type Tx } from '#runtime/database'
import type { Parts } from '#runtime/function'
import { serve } from '#support/door'
import { openDomain, urlOf } from '#support/domain'
import {
  awaited,
  captured,
  NOTICE_SECRET,
  noticeRequest,
  openSandbox,
  refunding,
  tried,
  until,
} from '#support/payments'
import { settle } from '../settle'
import deployable, { receivePaymentNotice } from './handler'

const NOW = '2026-03-01T10:00:00.000Z'

describe('receive-payment-notice', () => {
  const domain = openDomain('payments/receive-payment-notice')
  const told = (status: 'captured' | 'declined' | 'pending', over = {}) => ({
    type: `charge.${status}`,
    data: {
      ...{ id: 'ch_1', status, amount: 900, currency: 'EUR', reference: 'order/o1/1' },
      ...(status === 'declined' && { reason: 'card_declined' }),
      ...over,
    },
  })
  const receive = (id: string, notice = told('captured'), { at = NOW, secret = NOTICE_SECRET } = {}) => {
    const { headers, body } = noticeRequest(id, notice, { at, secret })
    const request = {
      ...{ ...domain.deps().request, body: body! },
      headers: { 'content-type': 'application/json', ...headers },
    }
    return receivePaymentNotice({}, Object.assign(domain.deps({ request }), { noticeSecret: NOTICE_SECRET }))
  }
  const serveIt = async (parts: Parts) => {
    const [{ name }] = (await domain.rows('select current_database() as name')) as [{ name: string }]
    const database = () => openDatabase({ DATABASE_URL: urlOf(name) })
    const env = { PAYMENT_GATEWAY_NOTICE_SECRET: NOTICE_SECRET }
    return serve(deployable(domain.operation, { database, ...parts }, env))
  }
  const emittedTypes = async () => (await domain.emitted()).map(([type]) => type)

  test.each([
    ['captured', PaymentCaptured.type],
    ['declined', PaymentDeclined.type],
  ] as const)('ends a try that was %s, once however often it is told', async (status, type) => {
    await domain.given(awaited('o1'), tried('o1'))

    await Promise.all(['n1', 'n1', 'n2', 'n1', 'n3'].map((id) => receive(id, told(status))))

    expect(await emittedTypes()).toEqual([type])
    expect(await domain.rows('select state from attempts')).toEqual([{ state: status }])
    expect(
      await domain.rows('select id, matched_at is not null as matched from notices order by id'),
    ).toEqual(['n1', 'n2', 'n3'].map((id) => ({ id, matched: true })))
  })

  test('is right when it comes before our own answer, and our answer says less', async () => {
    await domain.given(awaited('o1'), tried('o1'))
    const at = new Date(NOW)
    const answer = (status: 'pending' | 'captured') => (tx: Tx) =>
      settle(tx, { key: 'order/o1/1', orderId: 'o1', attempt: 1 }, told(status).data, at)

    await receive('n1')
    const moved = [
      await domain.deps().db.transaction(answer('pending')),
      await domain.deps().db.transaction(answer('captured')),
    ]

    expect(moved).toEqual([false, false])
    expect(await emittedTypes()).toEqual([PaymentCaptured.type])
    expect(await domain.rows('select status, captured from payments')).toEqual([
      { status: 'captured', captured: 900 },
    ])
  })

  test('announces a second capture of an order too, so that it can be given back', async () => {
    await domain.given(awaited('o1'), tried('o1', { state: 'declined' }), tried('o1', { attempt: 2 }))

    await receive('n1', told('captured', { id: 'ch_2', reference: 'order/o1/2' }))
    await receive('n2', told('captured', { id: 'ch_1' }))
    await receive('n3', told('declined', { id: 'ch_2', reference: 'order/o1/2' }))

    expect((await domain.emitted()).map(([, data]) => data)).toMatchObject([
      { chargeId: 'ch_2' },
      { chargeId: 'ch_1' },
    ])
    expect(await domain.rows('select state from attempts order by attempt')).toEqual([
      { state: 'declined' },
      { state: 'captured' },
    ])
    expect(await domain.rows('select status, captured from payments')).toEqual([
      { status: 'captured', captured: 1800 },
    ])
  })

  test('keeps a notice about a charge it does not know', async () => {
    expect(await receive('n1')).toEqual({ status: 204 })

    expect(await domain.rows('select id, reference, charge, matched_at from notices')).toEqual([
      { id: 'n1', reference: 'order/o1/1', charge: told('captured').data, matched_at: null },
    ])
  })

  test.each([
    ['another secret', { secret: 'whsec_AAAA' }],
    ['a moment long ago', { at: '2026-03-01T09:54:59.000Z' }],
    ['a moment far ahead', { at: '2026-03-01T10:05:01.000Z' }],
  ])('refuses a notice signed with %s', async (_, how) => {
    await domain.given(awaited('o1'), tried('o1'))

    await expect(receive('n1', told('captured'), how)).rejects.toMatchObject({
      kind: 'bad-signature',
      status: 401,
    })
    expect(await domain.rows('select id from notices')).toEqual([])
  })

  test('at its door: takes fields it does not know, refuses what is altered, unsigned or malformed', async () => {
    await domain.given(awaited('o1'), tried('o1'))
    const { url, close } = await serveIt({ clock: { now: () => new Date(NOW) } })
    const post = async (notice: object, change: (body: string) => string = (body) => body, headers = {}) => {
      const request = noticeRequest('n1', notice, { at: NOW })
      const response = await fetch(`${url}/v1/payments/notices`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(request.headers as object), ...headers },
        body: change(request.body!.toString()),
      })
      return response.status
    }
    const more = { ...told('captured', { risk: 'low' }), timestamp: NOW }

    expect(await post(more, (body) => body.replace('900', '901'))).toBe(401)
    expect(await post(more, undefined, { 'webhook-signature': 'v1,AAAA v1 v2,x' })).toBe(401)
    expect(await post(more, undefined, { 'webhook-id': 'n2' })).toBe(401)
    expect(await post({ type: 'charge.captured', data: { id: 'ch_1' } })).toBe(422)
    expect(await post({ type: 'charge.captured' })).toBe(422)
    expect(await post(Buffer.from('{"type"'))).toBe(400)
    expect(await post(more, undefined, { 'content-type': 'text/plain' })).toBe(415)
    expect(await post(more)).toBe(204)
    expect(await emittedTypes()).toEqual([PaymentCaptured.type])
    await close()
  })

  test.each([
    ['a notice', 'application/json', '{"type":"charge.captured"}'],
    ['no object', 'application/json', '[]'],
    ['no JSON', 'application/json', '{"type"'],
    ['text', 'text/plain', 'hello'],
    ['nothing', 'application/json', ''],
  ])('at its door: answers 401 to %s from somebody who cannot sign', async (_, type, body) => {
    const { url, close } = await serveIt({})

    const headers = { 'content-type': type }
    const response = await fetch(`${url}/v1/payments/notices`, { method: 'POST', headers, body })

    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({
      type: 'https://kiosk.example/problems/payments/bad-signature',
    })
    await close()
  })

  test.each(['pm_notice', 'pm_lost_answer'])(
    'hears of %s from the gateway before its answer is in',
    async (method) => {
      await domain.given(awaited('o1'), tried('o1', { method }))
      const { url, close } = await serveIt({})
      const sandbox = await openSandbox({ noticeUrl: `${url}/v1/payments/notices` })

      const answer = sandbox.gateway.charge({ key: 'order/o1/1', amount: 900, currency: 'EUR', method })
      await until(async () => (await domain.emitted()).length > 0)
      const seen = await domain.rows('select state from attempts')
      const charge = await answer
      const at = new Date()
      const attempt = { key: 'order/o1/1', orderId: 'o1', attempt: 1 }
      const moved = await domain.deps().db.transaction((tx) => settle(tx, attempt, charge, at))

      expect([seen, moved]).toEqual([[{ state: 'captured' }], false])
      expect((await domain.emitted()).map(([, data]) => data)).toMatchObject([{ chargeId: charge.id }])
      await sandbox.close()
      await close()
    },
  )

  describe('of a refund', () => {
    const refund = {
      ...{ id: 're_1', status: 'refunded', chargeId: 'ch_1', amount: 900, currency: 'EUR' },
      reference: 'refund/o1/cancellation',
    }
    const refunded = (over = {}) => ({
      ...told('captured', { refunded: 900 }),
      ...{ type: 'charge.refunded', refund: { ...refund, ...over } },
    })

    test('notes that the money went back, once however often it is told', async () => {
      await domain.given(captured('o1', 'ch_1'), refunding('o1', 'ch_1'))

      await Promise.all(['n1', 'n1', 'n2', 'n3'].map((id) => receive(id, refunded())))

      expect(
        (await domain.emitted()).map(([type, data]) => [type, (data as PaymentRefunded).refundKey]),
      ).toEqual([[PaymentRefunded.type, 'cancellation']])
      expect(await domain.rows('select state, refund_id from refunds')).toEqual([
        { state: 'refunded', refund_id: 're_1' },
      ])
      expect(await domain.rows('select status, refunded from payments')).toEqual([
        { status: 'refunded', refunded: 900 },
      ])
    })

    test.each([
      ['that we did not begin', { reference: 'by hand' }],
      ['that is not done', { status: 'pending' }],
      ['that could not be made', { status: 'failed' }],
    ])('takes one %s and notes nothing', async (_, over) => {
      await domain.given(captured('o1', 'ch_1'), refunding('o1', 'ch_1'))

      expect(await receive('n1', refunded(over))).toEqual({ status: 204 })

      expect(await emittedTypes()).toEqual([])
      expect(await domain.rows('select state from refunds')).toEqual([{ state: 'started' }])
    })

    test('hears of it from the gateway before the answer is noted', async () => {
      const { url, close } = await serveIt({})
      const sandbox = await openSandbox({ noticeUrl: `${url}/v1/payments/notices` })
      const wish = { key: 'order/o1/1', amount: 900, currency: 'EUR', method: 'pm_approve' }
      const { id } = await sandbox.gateway.charge(wish)
      await domain.given(captured('o1', id), refunding('o1', id))

      await sandbox.gateway.refund({ key: 'refund/o1/cancellation', chargeId: id, amount: 900 })
      await until(async () => (await domain.emitted()).length > 0)

      expect(await emittedTypes()).toEqual([PaymentRefunded.type])
      await sandbox.close()
      await close()
    })
  })
})

import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { noticeDoor, openSandbox, until } from '#support/payments'
import type { Charge } from './charge'
import { startSandbox } from './sandbox'
import { signed } from './signature'

const wish = (paymentMethod: string, over = {}) => ({
  ...{ amount: 900, currency: 'EUR', paymentMethod, reference: 'order/o1/1' },
  ...over,
})

describe('the sandbox', () => {
  let sandbox: Awaited<ReturnType<typeof openSandbox>>
  let door: Awaited<ReturnType<typeof noticeDoor>>
  const charge = (method: string, key = 'k1', over = {}) =>
    sandbox.ask('POST', '/v1/charges', wish(method, over), key)

  beforeEach(async () => {
    door = await noticeDoor()
    sandbox = await openSandbox({ noticeUrl: door.url })
  })
  afterEach(async () => {
    await sandbox.close()
    await door.close()
  })

  test.each([
    ['pm_approve', 'captured', undefined],
    ['pm_slow', 'captured', undefined],
    ['pm_notice', 'pending', undefined],
    ['pm_decline', 'declined', 'card_declined'],
    ['pm_insufficient_funds', 'declined', 'insufficient_funds'],
    ['constructor', 'declined', 'unknown_method'],
  ])('answers %s with %s', async (method, status, reason) => {
    const answer = await charge(method)

    expect(answer).toEqual({
      status: 201,
      body: {
        id: expect.stringMatching(/^ch_[0-9a-f]{32}$/) as string,
        ...{ status, amount: 900, currency: 'EUR', reference: 'order/o1/1', refunded: 0 },
        paymentMethod: method,
        ...(reason && { reason }),
        createdAt: expect.any(String) as string,
      },
    })
    expect((await sandbox.ask('GET', `/v1/charges/${String(answer.body['id'])}`)).body).toMatchObject({
      amount: 900,
    })
  })

  test('takes money once for a key, also at the same moment and after a restart', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => charge('pm_approve')))
    await sandbox.restart()
    answers.push(await charge('pm_approve'))

    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1)
    expect((await sandbox.ask('GET', '/v1/totals')).body).toEqual({ captured: 900, refunded: 0 })
  })

  test('refuses a key with another body, and a request without a key or without proof', async () => {
    await charge('pm_approve')

    expect((await charge('pm_approve', 'k1', { amount: 901 })).status).toBe(422)
    expect((await sandbox.ask('POST', '/v1/charges', wish('pm_approve'))).status).toBe(400)
    expect((await charge('pm_approve', 'k2', { amount: 9.5 })).status).toBe(422)
    expect((await fetch(`${sandbox.url}/v1/totals`)).status).toBe(401)
  })

  test('pm_lost_answer takes the money, breaks the connection and tells when it is asked again', async () => {
    await expect(charge('pm_lost_answer')).rejects.toThrow('fetch failed')
    await sandbox.restart()

    expect((await charge('pm_lost_answer')).body).toMatchObject({ status: 'captured' })
    expect((await sandbox.ask('GET', '/v1/totals')).body).toEqual({ captured: 900, refunded: 0 })
  })

  test('pm_flaky is busy twice for each key, then takes the money', async () => {
    const first = await charge('pm_flaky')
    await sandbox.restart()
    const [second, third] = [await charge('pm_flaky'), await charge('pm_flaky')]

    expect([first.status, second.status, third.status]).toEqual([503, 503, 201])
    expect((await charge('pm_flaky', 'k2')).status).toBe(503)
  })

  test('gives back no more than was taken, and once for a key', async () => {
    const { id } = (await charge('pm_approve')).body as unknown as Charge
    const refund = (amount: number, key: string) =>
      sandbox.ask('POST', `/v1/charges/${id}/refunds`, { amount, reference: 'late' }, key)

    const answers = await Promise.all([refund(500, 'r1'), refund(500, 'r2'), refund(500, 'r1')])

    expect(answers.map(({ status }) => status)).toEqual([201, 422, 201])
    expect(answers[2].body).toEqual(answers[0].body)
    expect((await refund(400, 'r3')).status).toBe(201)
    expect((await sandbox.ask('GET', '/v1/totals')).body).toEqual({ captured: 900, refunded: 900 })
    expect((await sandbox.ask('GET', `/v1/charges/${id}/refunds`)).body).toMatchObject({ total: 2 })
  })

  test('lists the refunds of a charge by reference', async () => {
    const { id } = (await charge('pm_approve')).body as unknown as Charge
    const path = `/v1/charges/${id}/refunds`
    for (const reference of ['r1', 'r2']) {
      await sandbox.ask('POST', path, { amount: 100, reference }, reference)
    }

    expect((await sandbox.ask('GET', `${path}?reference=r2`)).body).toMatchObject({
      items: [{ reference: 'r2', amount: 100, status: 'refunded' }],
      total: 1,
    })
    expect((await sandbox.ask('GET', `${path}?reference=r3`)).body).toMatchObject({ items: [], total: 0 })
  })

  test('lists charges by reference and by page', async () => {
    await charge('pm_approve', 'k1')
    await charge('pm_approve', 'k2', { reference: 'order/o2/1' })

    const one = await sandbox.ask('GET', '/v1/charges?reference=order%2Fo2%2F1')
    const page = await sandbox.ask('GET', '/v1/charges?page=2&pageSize=1')

    expect(one.body).toMatchObject({ items: [{ reference: 'order/o2/1' }], total: 1 })
    expect(page.body).toMatchObject({ items: [{ reference: 'order/o2/1' }], page: 2, total: 2 })
  })

  test('lists the charges and refunds that were made in a span of time', async () => {
    const { id, createdAt } = (await charge('pm_approve', 'k1')).body as unknown as Charge
    await sandbox.ask('POST', `/v1/charges/${id}/refunds`, { amount: 100, reference: 'r1' }, 'r1')
    const after = new Date(Date.parse(createdAt) + 60_000).toISOString()
    const totalOf = async (list: string, span: string) =>
      (await sandbox.ask('GET', `/v1/${list}?${span}`)).body['total']

    for (const list of ['charges', 'refunds']) {
      expect(await totalOf(list, `since=${createdAt}&until=${after}`)).toBe(1)
      expect(await totalOf(list, `since=${after}`)).toBe(0)
      expect(await totalOf(list, `until=${createdAt}`)).toBe(0)
      expect(await totalOf(list, '')).toBe(1)
      expect((await sandbox.ask('GET', `/v1/${list}?since=yesterday`)).status).toBe(422)
    }
  })

  test('forgets what a kill cut short, and nothing else', async () => {
    await charge('pm_approve', 'k1')
    const file = join(sandbox.folder, 'journal.jsonl')

    appendFileSync(file, '{"is":"charge","key":"k2","cha')
    await sandbox.restart()
    await charge('pm_approve', 'k3')
    await sandbox.restart()

    expect((await sandbox.ask('GET', '/v1/totals')).body).toEqual({ captured: 1800, refunded: 0 })
    expect(readFileSync(file, 'utf8')).not.toContain('"k2"')
  })

  test('does not start on a journal that is damaged in the middle', async () => {
    await charge('pm_approve', 'k1')
    const file = join(sandbox.folder, 'journal.jsonl')
    const whole = readFileSync(file, 'utf8')

    writeFileSync(file, `{"is":"cha\n${whole}`)
    await expect(sandbox.restart()).rejects.toThrow('damaged at byte 0')
    writeFileSync(file, whole)
    await sandbox.restart()
  })
})

test('a second sandbox on the same port does not start', async () => {
  const sandbox = await openSandbox()

  const second = startSandbox({
    ...{ port: Number(new URL(sandbox.url).port), folder: sandbox.folder },
    ...{ apiKey: 'key', noticeSecret: 'secret', noticeUrl: 'http://127.0.0.1:9' },
  })

  await expect(second).rejects.toThrow('EADDRINUSE')
  await sandbox.close()
})

describe('notices of the sandbox', () => {
  test('are signed as Standard Webhooks says', () => {
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
    const at = new Date(1_614_265_330_000)

    expect(signed(secret, 'msg_p5jXN8AQM9LWM0D4loKWxJek', at, '{"test": 2432232314}')).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    })
  })

  test.each([
    ['pm_approve', 'charge.captured', 'captured'],
    ['pm_notice', 'charge.captured', 'captured'],
    ['pm_decline', 'charge.declined', 'declined'],
  ])('tell the outcome of %s', async (method, type, status) => {
    const door = await noticeDoor()
    const sandbox = await openSandbox({ noticeUrl: door.url })

    const { body } = await sandbox.ask('POST', '/v1/charges', wish(method), 'k1')
    await until(() => door.received.length > 0)

    const told = JSON.parse(door.received[0]!.body.toString()) as { data: Charge }
    expect(told).toMatchObject({ type, data: { id: body['id'], status, reference: 'order/o1/1' } })
    await sandbox.close()
    await door.close()
  })

  test('tell of a refund, with the charge as it stands after it', async () => {
    const door = await noticeDoor()
    const sandbox = await openSandbox({ noticeUrl: door.url })

    const charge = await sandbox.ask('POST', '/v1/charges', wish('pm_approve'), 'k1')
    const path = `/v1/charges/${String(charge.body['id'])}/refunds`
    const { body: refund } = await sandbox.ask('POST', path, { amount: 400, reference: 'r1' }, 'r1')
    await until(() => door.received.length === 2)

    const told = door.received.map(({ body }) => JSON.parse(body.toString()) as { type: string })
    expect(told.find(({ type }) => type === 'charge.refunded')).toMatchObject({
      data: { id: charge.body['id'], refunded: 400 },
      refund,
    })
    await sandbox.close()
    await door.close()
  })

  test('of a slow charge come after its answer, also after a restart', async () => {
    const door = await noticeDoor()
    const sandbox = await openSandbox({ noticeUrl: door.url, slowMs: 1_500, noticeDelayMs: 1_000 })
    const ask = (key: string) => sandbox.ask('POST', '/v1/charges', wish('pm_slow'), key)

    await ask('k1')
    const atAnswer = door.received.length
    await until(() => door.received.length === 1)
    const started = Date.now()
    const cutOff = ask('k2').catch(() => 'cut off')
    await until(async () => (await sandbox.ask('GET', '/v1/charges')).body['total'] === 2)
    await sandbox.restart()
    await until(() => door.received.length === 2)

    expect([atAnswer, await cutOff]).toEqual([0, 'cut off'])
    expect(Date.now() - started).toBeGreaterThanOrEqual(2_490)
    await sandbox.close()
    await door.close()
  })

  test('are repeated under one id until they are taken, across a restart, and then no more', async () => {
    const door = await noticeDoor((nth) => (nth < 3 ? 500 : 204))
    const sandbox = await openSandbox({ noticeUrl: door.url })

    await sandbox.ask('POST', '/v1/charges', wish('pm_notice'), 'k1')
    await until(() => door.received.length > 0)
    await sandbox.restart()
    await until(() => readFileSync(join(sandbox.folder, 'journal.jsonl'), 'utf8').includes('"delivered"'))
    const untilTaken = door.received.length
    await sandbox.restart()
    await new Promise((resume) => setTimeout(resume, 100))

    expect(untilTaken).toBeGreaterThanOrEqual(3)
    expect(door.received).toHaveLength(untilTaken)
    expect(new Set(door.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
    await sandbox.close()
    await door.close()
  })

  test('of a pending charge come after a restart, when it was killed before its capture', async () => {
    const door = await noticeDoor()
    const sandbox = await openSandbox({ noticeUrl: door.url, noticeDelayMs: 3_000 })

    const { body } = await sandbox.ask('POST', '/v1/charges', wish('pm_notice'), 'k1')
    await sandbox.restart()
    expect((await sandbox.ask('GET', `/v1/charges/${String(body['id'])}`)).body).toMatchObject({
      status: 'pending',
    })
    await until(() => door.received.length === 1)

    expect((await sandbox.ask('GET', '/v1/totals')).body).toEqual({ captured: 900, refunded: 0 })
    await sandbox.close()
    await door.close()
  })
})

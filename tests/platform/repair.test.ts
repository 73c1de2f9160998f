import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import pg from 'pg'
import { PaymentCaptured } from '#events/payments/payment-captured.v1/event'
import { ask } from '#support/ask'
import { RunningPlatform, wish } from '#support/platform'
import { until } from '../../infra/tools/client'

interface Letter {
  id: string
  state: string
  redrives: number
  cause: { attempts: number; code: number; answer: string; traceId?: string }
}
interface Replay {
  replayId: string
  state: string
  total: number
  domains: { sent: number; failed: number; failures: object[] }[]
}

/** What an operator does on the day something outside broke, on the real platform. */
describe('repairing a shop', () => {
  const platform = new RunningPlatform(1_800)
  const { shop } = platform
  const began = new Date(Date.now() - 60_000).toISOString()
  let ada: { email: string; token: string }
  let admin: string

  beforeAll(async () => {
    await platform.start()
    ada = await shop.customer('Ada')
    admin = await platform.admin()
  }, 300_000)
  afterAll(() => platform.end(), 120_000)

  const rows = async <R extends object>(domain: string, text: string, values: unknown[] = []) => {
    const password = readFileSync(join(platform.state, 'postgres/password'), 'utf8').trim()
    const port = 15432 + platform.offset
    const client = new pg.Client({
      connectionString: `postgres://postgres:${password}@127.0.0.1:${port}/${domain}`,
    })
    await client.connect()
    const { rows: found } = await client.query<R>(text, values)
    await client.end()
    return found
  }
  const adaId = () =>
    (JSON.parse(Buffer.from(ada.token.split('.')[1]!, 'base64url').toString()) as { sub: string }).sub
  const buy = async () => {
    const body = wish('FILTER-PAPER', 1, 320, 'pm_approve')
    const options = { token: ada.token, key: randomUUID() }
    const { orderId } = (await shop.expect<{ orderId: string }>(201, 'POST /v1/orders', body, options)).body
    await shop.orderWhen(orderId, ada.token, ['confirmed'], 120_000)
    return orderId
  }
  const letterWhen = (state: string) =>
    until(`a dead letter being ${state}`, 240_000, async () => {
      const { body } = await shop.call<{ items?: Letter[] }>('GET /v1/dead-letters', undefined, {
        token: admin,
      })
      return body.items?.find((letter) => letter.state === state)
    })
  const stock = () =>
    rows(
      'stock',
      'select sku, on_hand, reserved, version, (select count(*) from ledger) from levels order by sku',
    )
  /** Away from each fifth minute, when the platform sends the audit itself: it might look before a change and write after it. */
  const betweenAudits = async () => {
    const sinceLast = () => Date.now() % 300_000
    while (sinceLast() < 15_000 || sinceLast() > 270_000) await setTimeout(1_000)
  }
  const tick = async (name: string) => {
    const headers = {
      ...{ 'ce-specversion': '1.0', 'ce-id': randomUUID(), 'ce-source': 'test' },
      ...{ 'ce-type': 'dev.knative.sources.ping', 'content-type': 'application/json' },
    }
    const url = `http://127.0.0.1:${8082 + platform.offset}/function/${name}`
    return (await fetch(url, { method: 'POST', headers, body: '{}' })).status
  }

  test('a letter that nobody could handle waits with its cause while others flow on, and is settled after the fix', async () => {
    const orderId = randomUUID()
    const data = {
      ...{ orderId, customerId: adaId(), chargeId: 'ch_lost', amount: 320, currency: 'EUR' },
      capturedAt: new Date().toISOString(),
    }
    const traceId = '0af7651916cd43dd8448eb211c80319c'
    const headers = {
      ...{ 'ce-specversion': '1.0', 'ce-id': randomUUID(), 'ce-source': PaymentCaptured.source },
      ...{ 'ce-type': PaymentCaptured.type, 'content-type': 'application/json' },
      traceparent: `00-${traceId}-b7ad6b7169203331-01`,
    }
    const posted = await fetch(`${platform.broker}/kiosk/payments`, {
      ...{ method: 'POST', headers },
      body: JSON.stringify(data),
    })
    expect(posted.status).toBe(202)
    await buy()

    const buried = await letterWhen('buried')
    expect(buried).toMatchObject({ redrives: 0, cause: { attempts: 7, code: 500, traceId } })

    const path = `POST /v1/dead-letters/${buried.id}/redrive`
    const first = await shop.expect(202, path, {}, { token: admin })
    expect(first.body).toEqual({ id: buried.id, state: 'redriven', destinations: ['confirm-order'] })
    expect(await letterWhen('failed-again')).toMatchObject({ redrives: 1, cause: { attempts: 8, code: 500 } })

    await rows(
      'orders',
      `insert into orders (id, customer_id, status, lines, total, currency, shipping_address, payment_status, placed_at,
                           accepted_at, changed_at)
       values ($1, $3, 'awaiting-payment', $2, 320, 'EUR', '{}', 'awaited', now(), now(), now())`,
      [
        orderId,
        JSON.stringify([{ sku: 'FILTER-PAPER', name: 'Paper', quantity: 1, unitPrice: 320 }]),
        adaId(),
      ],
    )
    const all = await shop.expect(
      202,
      'POST /v1/dead-letters/redrive',
      { type: PaymentCaptured.type },
      { token: admin },
    )
    expect(all.body).toEqual({ type: PaymentCaptured.type, redriven: 1, waiting: 0 })
    expect(await letterWhen('settled')).toMatchObject({ id: buried.id, redrives: 2 })
    const again = await shop.expect(202, path, {}, { token: admin })

    expect(again.body).toMatchObject({ state: 'settled' })
    const steps = await rows('orders', 'select step, status from order_steps where order_id = $1', [orderId])
    expect(steps).toEqual([{ step: 'confirmed', status: 'confirmed' }])
    // Nothing was ever set aside or paid for it: once it has settled, the audit would be right to tell of it.
    await rows('orders', 'delete from order_steps where order_id = $1', [orderId])
    await rows('orders', 'delete from orders where id = $1', [orderId])
  }, 600_000)

  test('a replay of the day changes nothing, also when the platform is killed in the middle of it', async () => {
    const ids = await Promise.all([buy(), buy(), buy()])
    await until('the mails to be sent', 120_000, async () => {
      const mails = await shop.mailsTo(ada.email)
      return (
        ids.every((id) =>
          mails.some(({ text, subject }) => /confirmed/i.test(subject) && text.includes(id)),
        ) || undefined
      )
    })
    const before = { stock: await stock(), mails: (await shop.mailsTo(ada.email)).length }
    const toldBefore = new Date().toISOString()
    await setTimeout(1_000)
    const replay = async (to: string, dryRun: boolean) => {
      const body = { from: began, until: toldBefore, to, dryRun }
      return (await shop.expect<Replay>(dryRun ? 200 : 202, 'POST /v1/replays', body, { token: admin })).body
    }
    const over = async ({ replayId }: Replay) =>
      until(`the replay ${replayId} to be over`, 300_000, async () => {
        const { body } = await shop
          .call<Replay>(`GET /v1/replays/${replayId}`, undefined, { token: admin })
          .catch(() => ({ body: undefined }))
        return body?.state === 'done' || body?.state === 'stopped' ? body : undefined
      })

    const planned = await replay('reserve-stock', true)
    expect(planned.total).toBeGreaterThanOrEqual(4)
    const toStock = await replay('reserve-stock', false)
    const toMail = await replay('send-mail', false)
    await platform.kill('SIGKILL')
    await platform.start()
    const ends = [await over(toStock), await over(toMail)]

    for (const [index, { total }] of [toStock, toMail].entries()) {
      const { state, domains } = ends[index]!
      const failures = domains.flatMap((share) => share.failures)
      const sent = domains.reduce((sum, share) => sum + share.sent, 0)
      expect({ state, sent, failures }).toEqual({ state: 'done', sent: total, failures: [] })
    }
    expect({ stock: await stock(), mails: (await shop.mailsTo(ada.email)).length }).toEqual(before)
  }, 900_000)

  test('the audit asks the domains, finds what does not add up, and forgets it when it does', async () => {
    const violations = () => rows('platform', 'select invariant, about, actual from violations order by 1, 2')
    const change = (by: number) =>
      rows('stock', `update levels set on_hand = on_hand + $1 where sku = 'TIN-LARGE'`, [by])

    await betweenAudits()
    expect(await tick('audit-shop')).toBe(204)
    expect(await violations()).toEqual([])
    await change(1)
    expect(await tick('audit-shop')).toBe(204)
    expect(await violations()).toEqual([
      { invariant: 'stock-of-item', about: 'TIN-LARGE', actual: '1 too many on hand, right reserved' },
    ])
    await change(-1)
    expect(await tick('audit-shop')).toBe(204)
    expect(await violations()).toEqual([])
    const [progress] = await rows('platform', 'select after_order from audit_progress')
    expect(progress).toEqual({ after_order: '' })
  }, 240_000)

  test('what is internal cannot be asked from outside', async () => {
    for (const path of ['/v1/outbox', '/v1/figures', '/v1/figures/orders']) {
      expect((await shop.call(`GET ${path}`)).status).toBe(404)
    }
    const port = 8080 + platform.offset
    const headers = { host: `relay-orders.localhost:${port}` }
    const { status } = await ask(port, '/v1/outbox', { method: 'GET', headers })
    expect(status).toBe(404)
  })
})

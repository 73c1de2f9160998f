import type { PeerAnswer } from '#runtime/peer'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OrderAccepted } from '#events/orders/order-accepted.v1/event'
import type { RefundDue } from '#events/orders/refund-due.v1/event'
import type { Connections } from '#runtime/database'
import type { RawRequest } from '#runtime/request'
import { paymentGateway } from '../../functions/payments/gateway'
import { startSandbox, type Sandbox, type SandboxOptions } from '../../infra/sandbox/sandbox'
import { signed } from '../../infra/sandbox/signature'
import { listening } from './door'

export const API_KEY = 'key-of-the-shop'
export const NOTICE_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'

/** A notice as it reached the shop. */
export interface ReceivedNotice {
  headers: IncomingHttpHeaders
  body: Buffer
}

/** A shop's door for notices, which takes them, or answers with the given status. */
export async function noticeDoor(statusOf: (nth: number) => number = () => 204) {
  const received: ReceivedNotice[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks) })
      response.writeHead(statusOf(received.length)).end()
    })
  })
  await listening(server)
  const close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/payments/notices`
  return { url, received, close }
}

/** The real sandbox on a free port with a folder of its own; `restart` stops it at once and starts it again. */
export async function openSandbox(over: Partial<SandboxOptions> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'kiosk-sandbox-'))
  const start = (port: number) =>
    startSandbox({
      ...{ port, folder, apiKey: API_KEY, noticeSecret: NOTICE_SECRET },
      ...{ noticeUrl: 'http://127.0.0.1:9', noticeDelayMs: 0, slowMs: 200 },
      ...over,
    })
  let sandbox: Sandbox = await start(0)
  const { url } = sandbox
  const env = {
    PAYMENT_GATEWAY_URL: url,
    PAYMENT_GATEWAY_KEY: API_KEY,
    PAYMENT_GATEWAY_NOTICE_SECRET: NOTICE_SECRET,
  }
  return {
    url,
    folder,
    env,
    gateway: paymentGateway(env),
    /** Asks the gateway as the shop would, and gives status and JSON. */
    ask: async (method: string, path: string, body?: object, key?: string) => {
      const headers = {
        authorization: `Bearer ${API_KEY}`,
        ...(body && { 'content-type': 'application/json' }),
        ...(key && { 'idempotency-key': key }),
      }
      const response = await fetch(url + path, {
        method,
        headers,
        ...(body && { body: JSON.stringify(body) }),
      })
      return { status: response.status, body: (await response.json()) as Record<string, unknown> }
    },
    restart: async () => {
      await sandbox.stop()
      sandbox = await start(Number(new URL(url).port))
    },
    close: async () => {
      await sandbox.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** What a handler is given of a request that carries a notice, signed at that moment. */
export function noticeRequest(
  id: string,
  notice: object | Buffer,
  { at, secret = NOTICE_SECRET }: { at: string; secret?: string },
): Partial<RawRequest> {
  const body = Buffer.isBuffer(notice) ? notice : Buffer.from(JSON.stringify(notice))
  return { headers: signed(secret, id, new Date(at), body.toString()), body }
}

/** An order of Ada's, 9.00 EUR. */
export const accepted = (orderId: string, paymentMethod?: string): OrderAccepted => ({
  ...{ orderId, customerId: 'ada', total: 900, currency: 'EUR' },
  ...(paymentMethod !== undefined && { paymentMethod }),
  acceptedAt: '2026-03-01T09:59:59.000Z',
})

/** Payments knows what the order has to pay. */
/** Orders as payments ask them: they answer with this order, or know none. */
export const ordersShowing =
  (order?: { status: string; payment?: { status: string } }) =>
  (_: string, path: string): Promise<PeerAnswer> => {
    const orderId = path.split('/').at(-1)
    const shown = { orderId, total: 900, currency: 'EUR', payment: { status: 'none' }, ...order }
    return Promise.resolve(order ? { status: 200, body: shown } : { status: 404, body: {} })
  }

export const awaited =
  (orderId: string, over: { customerId?: string; status?: string } = {}) =>
  (db: Connections) =>
    db.query(
      `insert into payments (order_id, customer_id, amount, currency, status, learned_at, changed_at)
       values ($1, $2, 900, 'EUR', $3, '2026-03-01T09:00:00Z', '2026-03-01T09:00:00Z')`,
      [orderId, over.customerId ?? 'ada', over.status ?? 'awaited'],
    )

/** A try to pay an order was begun at that moment, and reconciling may look at it 20 s later. */
export const tried =
  (
    orderId: string,
    over: { attempt?: number; method?: string; state?: string; key?: string; at?: string } = {},
  ) =>
  async (db: Connections) => {
    const { attempt = 1, method = 'pm_approve', state = 'started', key = null } = over
    const at = over.at ?? '2026-03-01T10:00:00Z'
    await db.query('update payments set attempts = $2 where order_id = $1', [orderId, attempt])
    await db.query(
      `insert into attempts (order_id, attempt, amount, currency, method, state, idempotency_key,
                             started_at, changed_at, next_look_at)
       values ($1, $2, 900, 'EUR', $3, $4, $5, $6, $6, $6::timestamptz + interval '20 seconds')`,
      [orderId, attempt, method, state, key, at],
    )
  }

/** A charge of an order was captured, and payments knows. */
export const captured =
  (orderId: string, chargeId: string, { amount = 900, attempt = 1 } = {}) =>
  async (db: Connections) => {
    if (attempt === 1) await awaited(orderId)(db)
    await tried(orderId, { attempt, state: 'captured' })(db)
    await db.query(
      `insert into captures (charge_id, key, order_id, amount, currency, captured_at)
       values ($1, 'order/' || $2 || '/' || $3::text, $2, $4, 'EUR', '2026-03-01T09:30:00Z')`,
      [chargeId, orderId, String(attempt), amount],
    )
    await db.query(`update payments set captured = captured + $2, status = 'captured' where order_id = $1`, [
      orderId,
      amount,
    ])
  }

/** Money of a charge has to go back. */
export const refundDue = (
  chargeId: string,
  over: Partial<Pick<RefundDue, 'orderId' | 'refundKey' | 'amount'>> = {},
): RefundDue => ({
  ...{ orderId: 'o1', customerId: 'ada', chargeId, refundKey: 'cancellation', amount: 900, currency: 'EUR' },
  ...{ reason: 'The order was cancelled.', dueAt: '2026-03-01T09:59:59.000Z' },
  ...over,
})

/** A refund of a charge was begun at that moment, and reconciling may look at it 20 s later. */
export const refunding =
  (orderId: string, chargeId: string, { amount = 900, at = '2026-03-01T10:00:00Z' } = {}) =>
  (db: Connections) =>
    db.query(
      `insert into refunds (order_id, refund_key, charge_id, amount, currency, state, started_at, changed_at,
                            next_look_at)
       values ($1, 'cancellation', $2, $3, 'EUR', 'started', $4, $4, $4::timestamptz + interval '20 seconds')`,
      [orderId, chargeId, amount, at],
    )

/** Waits until it is so; a promise of something that another process or timer does. */
export async function until(isSo: () => boolean | Promise<boolean>, withinMs = 20_000): Promise<void> {
  const end = Date.now() + withinMs
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`it was not so within ${withinMs} ms`)
    await new Promise((resume) => setTimeout(resume, 10))
  }
}

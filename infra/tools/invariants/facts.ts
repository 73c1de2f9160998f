import type { StoredEvent } from '#runtime/binary-event'
import type { Queryable } from '#runtime/database'
import type { Status } from '../../../functions/orders/order'

/** The domains that an order goes through. */
export const DOMAINS = ['orders', 'stock', 'payments', 'mail'] as const
export type Domain = (typeof DOMAINS)[number]

/** Whose orders and which items are looked at, as patterns of `like`; and how far each outbox was before. */
export interface Extent {
  customers: string
  skus: string
  begun?: Readonly<Partial<Record<Domain, number>>>
}

type Quantities = { sku: string; quantity: number }[]

/** What the tables of all domains say of some orders. */
export interface Facts {
  orders: {
    id: string
    status: Status
    total: number
    lines: { sku: string; quantity: number; unitPrice: number; returned?: number }[]
    payment: string
    steps: string[]
  }[]
  returns: string[]
  due: { key: string; isBack: boolean }[]
  levels: { sku: string; onHand: number; reserved: number; version: number }[]
  ledger: { sku: string; onHand: number; reserved: number; moves: number }[]
  reservations: { orderId: string; state: string; lines: Quantities }[]
  payments: { orderId: string; status: string; captured: number; refunded: number }[]
  attempts: { key: string; state: string; reason: string | null }[]
  captures: string[]
  refunds: { key: string; state: string }[]
  mails: { eventId: string; status: string }[]
  announced: StoredEvent[]
}

/** Reads them, each domain's from its own database. */
export async function factsOf(
  databases: Readonly<Record<Domain, Queryable>>,
  { customers: like, skus, begun = {} }: Extent,
): Promise<Facts> {
  const { orders, stock, payments, mail } = databases
  const all = async <R extends object>(db: Queryable, text: string, value: unknown = like) =>
    (await db.query<R>(text, [value])).rows
  const outbox = (domain: Domain) =>
    all<{ event: StoredEvent }>(
      databases[domain],
      'select event from outbox where sequence > $1 order by sequence',
      begun[domain] ?? 0,
    )
  const ordered = await all<Facts['orders'][number]>(
    orders,
    `select id, status, total, lines, payment_status as payment,
            array(select step || coalesce(' ' || (details ->> 'attempt'), '') from order_steps
                   where order_id = orders.id order by sequence) as steps
       from orders where customer_id like $1 order by customer_id`,
  )
  const ids = ordered.map(({ id }) => id)
  const of = <R extends object>(db: Queryable, text: string) => all<R>(db, text, ids)
  const announced = await Promise.all([outbox('orders'), outbox('stock'), outbox('payments')])
  const returned = await of<{ id: string }>(orders, 'select id from returns where order_id = any($1)')
  const captured = await of<{ id: string }>(
    payments,
    'select charge_id as id from captures where order_id = any($1)',
  )
  return {
    orders: ordered,
    returns: returned.map(({ id }) => id),
    due: await of(
      orders,
      `select order_id || '/' || refund_key as key, refunded_at is not null as "isBack" from refunds
        where order_id = any($1)`,
    ),
    levels: await all(
      stock,
      'select sku, on_hand as "onHand", reserved, version from levels where sku like $1 order by sku',
      skus,
    ),
    ledger: await all(
      stock,
      `select sku, sum(delta_on_hand)::bigint as "onHand", sum(delta_reserved)::bigint as reserved, count(*) as moves
         from ledger where sku like $1 group by sku order by sku`,
      skus,
    ),
    reservations: await of(
      stock,
      'select order_id as "orderId", state, lines from reservations where order_id = any($1)',
    ),
    payments: await of(
      payments,
      'select order_id as "orderId", status, captured, refunded from payments where order_id = any($1)',
    ),
    attempts: await of(
      payments,
      `select order_id || '/' || attempt as key, state, reason from attempts where order_id = any($1)`,
    ),
    captures: captured.map(({ id }) => id),
    refunds: await of(
      payments,
      `select order_id || '/' || refund_key as key, state from refunds where order_id = any($1)`,
    ),
    mails: await all(mail, 'select event_id as "eventId", status from mails where recipient like $1'),
    announced: announced.flat().map(({ event }) => event),
  }
}

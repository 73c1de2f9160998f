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
export async function factsOf(databases: Databases, extent: Extent): Promise<Facts> {
  const { orders, stock, payments, mail } = databases
  const { customers, skus, begun = {} } = extent
  const ordered = await rowsOf<Facts['orders'][number]>(
    orders,
    `select id, status, total, lines, payment_status as payment,
            array(select step || coalesce(' ' || (details ->> 'attempt'), '') from order_steps
                   where order_id = orders.id order by sequence) as steps
       from orders where customer_id like $1 order by customer_id`,
    customers,
  )
  const ids = ordered.map(({ id }) => id)
  return {
    announced: await announcedIn(databases, begun),
    orders: ordered,
    ...(await factsOfOrders(orders, ids)),
    ...(await factsOfStock(stock, ids, skus)),
    ...(await factsOfPayments(payments, ids)),
    mails: await rowsOf(
      mail,
      'select event_id as "eventId", status from mails where recipient like $1',
      customers,
    ),
  }
}

type Databases = Readonly<Record<Domain, Queryable>>

async function announcedIn(
  databases: Databases,
  begun: NonNullable<Extent['begun']>,
): Promise<StoredEvent[]> {
  const outboxes = (['orders', 'stock', 'payments'] as const).map((domain) =>
    rowsOf<{ event: StoredEvent }>(
      databases[domain],
      'select event from outbox where sequence > $1 order by sequence',
      begun[domain] ?? 0,
    ),
  )
  return (await Promise.all(outboxes)).flat().map(({ event }) => event)
}

async function factsOfOrders(db: Queryable, ids: string[]): Promise<Pick<Facts, 'returns' | 'due'>> {
  const returned = await rowsOf<{ id: string }>(db, 'select id from returns where order_id = any($1)', ids)
  return {
    returns: returned.map(({ id }) => id),
    due: await rowsOf(
      db,
      `select order_id || '/' || refund_key as key, refunded_at is not null as "isBack" from refunds
        where order_id = any($1)`,
      ids,
    ),
  }
}

async function factsOfStock(
  db: Queryable,
  ids: string[],
  skus: string,
): Promise<Pick<Facts, 'levels' | 'ledger' | 'reservations'>> {
  return {
    levels: await rowsOf(
      db,
      'select sku, on_hand as "onHand", reserved, version from levels where sku like $1 order by sku',
      skus,
    ),
    ledger: await rowsOf(
      db,
      `select sku, sum(delta_on_hand)::bigint as "onHand", sum(delta_reserved)::bigint as reserved, count(*) as moves
         from ledger where sku like $1 group by sku order by sku`,
      skus,
    ),
    reservations: await rowsOf(
      db,
      'select order_id as "orderId", state, lines from reservations where order_id = any($1)',
      ids,
    ),
  }
}

async function factsOfPayments(
  db: Queryable,
  ids: string[],
): Promise<Pick<Facts, 'payments' | 'attempts' | 'captures' | 'refunds'>> {
  const of = <R extends object>(text: string) => rowsOf<R>(db, text, ids)
  const captured = await of<{ id: string }>('select charge_id as id from captures where order_id = any($1)')
  return {
    payments: await of(
      'select order_id as "orderId", status, captured, refunded from payments where order_id = any($1)',
    ),
    attempts: await of(
      `select order_id || '/' || attempt as key, state, reason from attempts where order_id = any($1)`,
    ),
    captures: captured.map(({ id }) => id),
    refunds: await of(
      `select order_id || '/' || refund_key as key, state from refunds where order_id = any($1)`,
    ),
  }
}

const rowsOf = async <R extends object>(db: Queryable, text: string, value: unknown): Promise<R[]> =>
  (await db.query<R>(text, [value])).rows

import type { Connections } from '#runtime/database'
import { ShippingAddress, type PlaceOrder } from '../../functions/orders/place-order/input'

/** Ada's home, for tests that need an address. */
export const ADDRESS: ShippingAddress = Object.assign(new ShippingAddress(), {
  name: 'Ada Lovelace',
  line1: '12 St James Square',
  city: 'London',
  postalCode: 'SW1Y 4JH',
  country: 'GB',
})

/** A request to order: `order({ TEA: 2 }, { confirmedTotal: 900 })`. */
export const order = (quantities: Record<string, number>, over: Partial<PlaceOrder> = {}): PlaceOrder => ({
  lines: Object.entries(quantities).map(([sku, quantity]) => ({ sku, quantity })),
  confirmedTotal: 0,
  currency: 'EUR',
  shippingAddress: ADDRESS,
  ...over,
})

/** The catalogue sells an item at a price, in minor units. */
export const price =
  (sku: string, amount: number, currency = 'EUR') =>
  (db: Connections) =>
    db.query('insert into products (sku, name, price, currency, price_version) values ($1, $2, $3, $4, 1)', [
      sku,
      `${sku} by name`,
      amount,
      currency,
    ])

/** An order stands at a status. */
export const placed =
  (
    orderId: string,
    over: {
      status?: string
      customerId?: string
      paymentMethod?: string
      chargeId?: string
      at?: string
    } = {},
  ) =>
  (db: Connections) =>
    db.query(
      `insert into orders (id, customer_id, status, lines, total, currency, shipping_address, payment_method, charge_id, placed_at, changed_at)
       values ($1, $2, $3, $4, 900, 'EUR', $5, $6, $7, $8, $8)`,
      [
        orderId,
        over.customerId ?? 'ada',
        over.status ?? 'pending',
        JSON.stringify([{ sku: 'TEA', name: 'Tea', quantity: 2, unitPrice: 450 }]),
        JSON.stringify(ADDRESS),
        over.paymentMethod ?? null,
        over.chargeId ?? null,
        over.at ?? '2026-03-01T09:00:00Z',
      ],
    )

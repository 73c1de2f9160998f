import type { Connections } from '#runtime/database'
import type { OrderLine } from '../../functions/orders/order'
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

/** An order stands at a status: two of Ada's teas for 9.00 EUR, unless it is said otherwise. */
export const placed =
  (orderId: string, over: Placed = {}) =>
  (db: Connections) => {
    const { lines = [{ sku: 'TEA', name: 'Tea', quantity: 2, unitPrice: 450 }] } = over
    return db.query(
      `insert into orders (id, customer_id, status, lines, total, currency, shipping_address, payment_method, charge_id,
                           payment_status, placed_at, accepted_at, changed_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $11)`,
      [
        orderId,
        over.customerId ?? 'ada',
        over.status ?? 'pending',
        JSON.stringify(lines),
        lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0),
        over.currency ?? 'EUR',
        JSON.stringify(ADDRESS),
        over.paymentMethod ?? null,
        over.chargeId ?? null,
        over.paymentStatus ?? 'none',
        over.at ?? '2026-03-01T09:00:00Z',
        over.acceptedAt ?? null,
      ],
    )
  }

interface Placed {
  status?: string
  customerId?: string
  lines?: OrderLine[]
  currency?: string
  paymentMethod?: string
  paymentStatus?: string
  chargeId?: string
  at?: string
  acceptedAt?: string
}

/** An order that was paid with the charge `ch_1` and stands at a status. */
export const paid = (orderId: string, status: string, over: Placed = {}) =>
  placed(orderId, { status, chargeId: 'ch_1', paymentStatus: 'captured', ...over })

/** Five teas at 1.99, one tin at 12.00 and three spoons at 0.01: sums that no rounding could reach. */
export const MIXED: OrderLine[] = [
  { sku: 'SPOON', name: 'Spoon', quantity: 3, unitPrice: 1 },
  { sku: 'TEA', name: 'Tea', quantity: 5, unitPrice: 199 },
  { sku: 'TIN', name: 'Tin', quantity: 1, unitPrice: 1200 },
]

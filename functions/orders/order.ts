/** What an order can be. */
export type Status =
  | 'pending'
  | 'awaiting-payment'
  | 'confirmed'
  | 'shipped'
  | 'delivered'
  | 'returned'
  | 'rejected'
  | 'cancelled'

export const STATUSES: readonly Status[] = [
  'pending',
  'awaiting-payment',
  'confirmed',
  'shipped',
  'delivered',
  'returned',
  'rejected',
  'cancelled',
]

/** Which status may follow which; any other step is refused. An order at a status with no followers is at its end. */
export const FOLLOWERS: Readonly<Record<Status, readonly Status[]>> = {
  pending: ['awaiting-payment', 'rejected', 'cancelled'],
  'awaiting-payment': ['confirmed', 'cancelled'],
  confirmed: ['shipped', 'cancelled'],
  shipped: ['delivered'],
  delivered: ['returned'],
  returned: [],
  rejected: [],
  cancelled: [],
}

/** The statuses from which an order may become `status`. */
export const before = (status: Status): Status[] =>
  STATUSES.filter((from) => FOLLOWERS[from].includes(status))

export type PaymentStatus = 'none' | 'awaited' | 'captured' | 'declined' | 'partly-refunded' | 'refunded'

export interface OrderLine {
  sku: string
  name: string
  quantity: number
  /** Minor units, fixed at the moment of ordering. */
  unitPrice: number
  /** How many have come back; absent while none has. */
  returned?: number
}

export interface Address {
  name: string
  line1: string
  line2?: string
  city: string
  region?: string
  postalCode: string
  /** ISO 3166-1 alpha-2. */
  country: string
}

/** An order as its row holds it. Money is in minor units of `currency`. */
export interface Order {
  orderId: string
  customerId: string
  status: Status
  lines: OrderLine[]
  total: number
  currency: string
  shippingAddress: Address
  paymentMethod: string | null
  paymentStatus: PaymentStatus
  paymentReason: string | null
  chargeId: string | null
  placedAt: Date
}

/** An order as its customer and staff see it. */
export function shown({
  orderId,
  status,
  lines,
  total,
  currency,
  placedAt,
  shippingAddress,
  ...order
}: Order) {
  const payment = {
    status: order.paymentStatus,
    ...(order.paymentReason !== null && { reason: order.paymentReason }),
  }
  return {
    orderId,
    status,
    lines,
    total,
    currency,
    placedAt: placedAt.toISOString(),
    shippingAddress,
    payment,
  }
}

/** An item that the catalogue sells, as orders know it. */
export interface Product {
  sku: string
  name: string
  price: number
  currency: string
}

/** Lines of one item become one line, so that its stock is reserved once; in order of SKU, so that locks are too. */
export function summed<L extends { sku: string; quantity: number }>(
  lines: readonly L[],
): { sku: string; quantity: number }[] {
  const quantities = new Map<string, number>()
  for (const { sku, quantity } of lines) quantities.set(sku, (quantities.get(sku) ?? 0) + quantity)
  return [...quantities]
    .map(([sku, quantity]) => ({ sku, quantity }))
    .sort((a, b) => (a.sku < b.sku ? -1 : 1))
}

/** Integer minor units; the limits on prices and quantities keep it far below 2^53. */
export const totalOf = (lines: readonly OrderLine[]): number =>
  lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0)

import type { Order } from '../order'
import type { PlaceOrder } from './input'

/** An order as it begins: nothing is decided yet, and nothing is paid. */
export const newOrder = (
  { currency, shippingAddress, paymentMethod }: PlaceOrder,
  placed: Pick<Order, 'orderId' | 'customerId' | 'lines' | 'total' | 'placedAt'>,
): Order => ({
  ...placed,
  status: 'pending',
  currency,
  shippingAddress: { ...shippingAddress, country: shippingAddress.country.toUpperCase() },
  paymentMethod: paymentMethod ?? null,
  paymentStatus: 'none',
  paymentReason: null,
  chargeId: null,
})

import { problems } from '#runtime/problem'

/** Every way that orders say no. */
export const problem = problems('orders', {
  'unknown-order': { status: 404, title: 'There is no such order.' },
  'unknown-sku': { status: 422, title: 'An item is not sold here.' },
  'nothing-to-order': { status: 422, title: 'There is nothing in the cart to order.' },
  'currency-mismatch': { status: 422, title: 'An item is not sold in that currency.', pointer: '#/currency' },
  'price-changed': { status: 409, title: 'The price changed since you saw it.' },
  'not-bought': { status: 422, title: 'More would come back than was bought.' },
  'order-closed': { status: 409, title: 'The order can no longer change.' },
})

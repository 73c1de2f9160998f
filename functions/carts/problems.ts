import { problems } from '#runtime/problem'

/** Every way that carts say no. */
export const problem = problems('carts', {
  'unknown-sku': { status: 422, title: 'The item is not sold here.', pointer: '#/sku' },
  'currency-mismatch': { status: 409, title: 'The item is not sold in the currency of the cart.' },
  'cart-full': { status: 409, title: 'There is no room for another item in the cart.' },
  'not-in-cart': { status: 404, title: 'The item is not in the cart.' },
  'no-guest-cart': { status: 400, title: "The Kiosk-Cart header must name the guest's cart." },
  'too-many': { status: 409, title: 'There would be too many of the item in the cart.' },
})

import { problems } from '#runtime/problem'

/** Every way that stock says no. */
export const problem = problems('stock', {
  'unknown-sku': { status: 404, title: 'Nothing is known of this item.' },
})

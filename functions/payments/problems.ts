import { problems } from '#runtime/problem'

/** Every way that payments say no. */
export const problem = problems('payments', {
  'unknown-payment': { status: 404, title: 'There is no such order to pay.' },
  'not-accepted': { status: 409, title: 'The order has not been accepted yet.' },
  'already-paid': { status: 409, title: 'The order is paid already.' },
  'payment-in-progress': { status: 409, title: 'Another payment of this order is in progress.' },
  'bad-signature': { status: 401, title: 'The notice is not signed by the payment gateway.' },
})

/** What payments say as orders would: the order itself is off. */
export const orderProblem = problems('orders', {
  'order-closed': { status: 409, title: 'The order can no longer change.' },
})

import type { PaymentDeclined } from '#events/payments/payment-declined.v1/event'
import type { PaymentRefunded } from '#events/payments/payment-refunded.v1/event'
import type { Letter } from './layout'
import { shownMoney } from './money'

const REASONS: Readonly<Record<string, string>> = {
  card_declined: 'The card was declined.',
  insufficient_funds: 'There was not enough money on the account.',
  expired_card: 'The card has expired.',
}

/** The gateway's words for why are many; one that is not known here is left out. */
export function declined({ orderId, reason }: PaymentDeclined): Letter {
  const why = Object.hasOwn(REASONS, reason) ? [REASONS[reason]!] : []
  return {
    subject: 'Your payment was declined',
    says: [
      [`The payment for your order ${orderId} did not go through.`, ...why].join(' '),
      'Your order is still waiting: please try again, perhaps with another way to pay.',
    ],
  }
}

/** Of an order that is given back bit by bit it also says how much that is by now. */
export function refunded({ orderId, amount, currency, ...totals }: PaymentRefunded): Letter {
  const { refundedTotal = amount, capturedTotal } = totals
  const sums: [string, string][] =
    refundedTotal === amount || capturedTotal === undefined
      ? []
      : [
          ['Given back so far', shownMoney(refundedTotal, currency)],
          ['Paid', shownMoney(capturedTotal, currency)],
        ]
  return {
    subject: 'Your money is on its way back',
    says: [`We have given back money that you paid for your order ${orderId}.`],
    lists: [['Given back', shownMoney(amount, currency)], ...sums],
  }
}

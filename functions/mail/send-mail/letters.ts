import { VerificationRequested } from '#events/accounts/verification-requested.v1/event'
import { OrderAccepted } from '#events/orders/order-accepted.v1/event'
import { OrderCancelled } from '#events/orders/order-cancelled.v1/event'
import { OrderConfirmed } from '#events/orders/order-confirmed.v1/event'
import { OrderRejected } from '#events/orders/order-rejected.v1/event'
import { PaymentDeclined } from '#events/payments/payment-declined.v1/event'
import { PaymentRefunded } from '#events/payments/payment-refunded.v1/event'
import type { Letter } from './layout'
import { shownMoney } from './money'

/** A fact that people are written to about. */
export type Fact =
  | VerificationRequested
  | OrderAccepted
  | OrderCancelled
  | OrderConfirmed
  | OrderRejected
  | PaymentDeclined
  | PaymentRefunded

/** The events behind those facts. */
export const FACTS = [
  VerificationRequested,
  OrderAccepted,
  OrderCancelled,
  OrderConfirmed,
  OrderRejected,
  PaymentDeclined,
  PaymentRefunded,
] as const

/** What to write about a fact, or nothing: not every fact concerns its person at the time it is heard. */
export function letterAbout(type: string, fact: Fact, now: Date): Letter | undefined {
  const write = LETTERS[type]
  if (!write) throw new Error(`nobody has said what to write about ${type}`)
  return write(fact as never, now)
}

const LETTERS: Readonly<Record<string, (fact: never, now: Date) => Letter | undefined>> = {
  [VerificationRequested.type]: proveAddress,
  [OrderAccepted.type]: payNow,
  [OrderConfirmed.type]: thankYou,
  [OrderRejected.type]: soldOut,
  [OrderCancelled.type]: cancelled,
  [PaymentDeclined.type]: declined,
  [PaymentRefunded.type]: refunded,
}

/** A code that came too late to be used would only mislead, so nothing is written then. */
function proveAddress({ code, expiresAt }: VerificationRequested, now: Date): Letter | undefined {
  if (Date.parse(expiresAt) <= now.getTime()) return undefined
  const until = new Date(expiresAt).toISOString().slice(11, 16)
  return {
    subject: 'Your code',
    says: [
      'This code proves that the address is yours:',
      `It can be used until ${until} UTC.`,
      'It opens an account with the password that was given when your address was registered.',
      'If that was not you, use no code: somebody gave your address for theirs, and without the code nothing happens.',
      'If you are not sure which of several codes is yours, register once more and use the code that comes then.',
    ],
    shows: code,
  }
}

/** Who gave a payment method when ordering is charged, and hears of the outcome instead. */
function payNow({ orderId, total, currency, paymentMethod }: OrderAccepted): Letter | undefined {
  if (paymentMethod !== undefined) return undefined
  return {
    subject: 'Your order is waiting for your payment',
    says: [
      `Everything in your order ${orderId} is set aside for you.`,
      'Please pay for it now. An order that is not paid within 24 hours is cancelled.',
    ],
    lists: [['To pay', shownMoney(total, currency)]],
  }
}

function thankYou({ orderId, lines, total, currency }: OrderConfirmed): Letter {
  const rows = lines.map(({ name, quantity, unitPrice }): [string, string] => [
    `${quantity} × ${name}`,
    shownMoney(quantity * unitPrice, currency),
  ])
  return {
    subject: 'Your order is confirmed',
    says: [`Thank you. Your order ${orderId} is paid and will be sent.`],
    lists: [...rows, ['Total', shownMoney(total, currency)]],
  }
}

function soldOut({ orderId, skus }: OrderRejected): Letter {
  return {
    subject: 'Your order was rejected',
    says: [
      `There is not enough left for your order ${orderId}, so it ends here. Nothing was charged.`,
      ...(skus.length > 0 ? [`Sold out: ${skus.join(', ')}.`] : []),
    ],
  }
}

function cancelled({ orderId, reason }: OrderCancelled): Letter {
  return {
    subject: 'Your order is cancelled',
    says: [
      `Your order ${orderId} is cancelled.`,
      `The reason given: ${reason}`,
      'Whatever was paid for it is given back.',
    ],
  }
}

const REASONS: Readonly<Record<string, string>> = {
  card_declined: 'The card was declined.',
  insufficient_funds: 'There was not enough money on the account.',
  expired_card: 'The card has expired.',
}

/** The gateway's words for why are many; one that is not known here is left out. */
function declined({ orderId, reason }: PaymentDeclined): Letter {
  const why = Object.hasOwn(REASONS, reason) ? [REASONS[reason]!] : []
  return {
    subject: 'Your payment was declined',
    says: [
      [`The payment for your order ${orderId} did not go through.`, ...why].join(' '),
      'Your order is still waiting: please try again, perhaps with another way to pay.',
    ],
  }
}

function refunded({ orderId, amount, currency }: PaymentRefunded): Letter {
  return {
    subject: 'Your money is on its way back',
    says: [`We have given back money that you paid for your order ${orderId}.`],
    lists: [['Given back', shownMoney(amount, currency)]],
  }
}

import type { OrderAccepted } from '#events/orders/order-accepted.v1/event'
import type { OrderCancelled } from '#events/orders/order-cancelled.v1/event'
import type { OrderConfirmed } from '#events/orders/order-confirmed.v1/event'
import type { OrderRejected } from '#events/orders/order-rejected.v1/event'
import type { OrderReturned } from '#events/orders/order-returned.v1/event'
import type { OrderShipped } from '#events/orders/order-shipped.v1/event'
import type { PaymentReminderDue } from '#events/orders/payment-reminder-due.v1/event'
import type { Letter, Moment } from './layout'
import { shownMoney } from './money'

/** Who gave a payment method when ordering is charged, and hears of the outcome instead. */
export function payNow({ orderId, total, currency, paymentMethod }: OrderAccepted): Letter | undefined {
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

/** A reminder that came after the deadline would ask for what can no longer be done. */
export function remember(
  { orderId, total, currency, deadline }: PaymentReminderDue,
  { now }: Moment,
): Letter | undefined {
  if (Date.parse(deadline) <= now.getTime()) return undefined
  const end = new Date(deadline).toISOString()
  return {
    subject: 'Your order is still waiting for your payment',
    says: [
      `Your order ${orderId} is not paid yet. Everything in it is still set aside for you.`,
      `If it is not paid by ${end.slice(11, 16)} UTC on ${end.slice(0, 10)}, it is cancelled.`,
      'If you have paid in the last few minutes, there is nothing left to do.',
    ],
    lists: [['To pay', shownMoney(total, currency)]],
  }
}

export function thankYou({ orderId, lines, total, currency }: OrderConfirmed): Letter {
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

export function soldOut({ orderId, skus }: OrderRejected): Letter {
  return {
    subject: 'Your order was rejected',
    says: [
      `There is not enough left for your order ${orderId}, so it ends here. Nothing was charged.`,
      ...(skus.length > 0 ? [`Sold out: ${skus.join(', ')}.`] : []),
    ],
  }
}

export function cancelled({ orderId, reason }: OrderCancelled): Letter {
  return {
    subject: 'Your order is cancelled',
    says: [
      `Your order ${orderId} is cancelled.`,
      `The reason given: ${reason}`,
      'Whatever was paid for it is given back.',
    ],
  }
}

export function shipped({ orderId, lines, carrier, trackingNumber }: OrderShipped): Letter {
  const parcel: [string, string][] = [
    ...(carrier === undefined ? [] : [['Carrier', carrier] satisfies [string, string]]),
    ...(trackingNumber === undefined ? [] : [['Tracking number', trackingNumber] satisfies [string, string]]),
  ]
  return {
    subject: 'Your order is on its way',
    says: [`Your order ${orderId} has left our warehouse.`],
    lists: [...lines.map(piece), ...parcel],
  }
}

export function returned({ orderId, lines }: OrderReturned): Letter {
  return {
    subject: 'We have taken back what you returned',
    says: [
      `This came back to us from your order ${orderId}. What you paid for it is given back; we write again when it is.`,
    ],
    lists: lines.map(piece),
  }
}

const piece = ({ sku, quantity }: { sku: string; quantity: number }): [string, string] => [
  sku,
  String(quantity),
]

import { PasswordResetRequested } from '#events/accounts/password-reset-requested.v1/event'
import { VerificationRequested } from '#events/accounts/verification-requested.v1/event'
import { OrderAccepted } from '#events/orders/order-accepted.v1/event'
import { OrderCancelled } from '#events/orders/order-cancelled.v1/event'
import { OrderConfirmed } from '#events/orders/order-confirmed.v1/event'
import { OrderRejected } from '#events/orders/order-rejected.v1/event'
import { OrderReturned } from '#events/orders/order-returned.v1/event'
import { OrderShipped } from '#events/orders/order-shipped.v1/event'
import { PaymentReminderDue } from '#events/orders/payment-reminder-due.v1/event'
import { PaymentDeclined } from '#events/payments/payment-declined.v1/event'
import { PaymentRefunded } from '#events/payments/payment-refunded.v1/event'
import type { DataOf } from '#runtime/event'
import { choosePassword, proveAddress } from './account-letters'
import type { Letter, Moment } from './layout'
import { cancelled, payNow, remember, returned, shipped, soldOut, thankYou } from './order-letters'
import { declined, refunded } from './payment-letters'

/** The events that people are written to about. */
export const FACTS = [
  VerificationRequested,
  PasswordResetRequested,
  OrderAccepted,
  PaymentReminderDue,
  OrderConfirmed,
  OrderRejected,
  OrderCancelled,
  OrderShipped,
  OrderReturned,
  PaymentDeclined,
  PaymentRefunded,
] as const

/** A fact that people are written to about. */
export type Fact = DataOf<(typeof FACTS)[number]>

/** What to write about a fact, or nothing: not every fact concerns its person at the time it is heard. */
export function letterAbout(type: string, fact: Fact, moment: Moment): Letter | undefined {
  const write = LETTERS[type]
  if (!write) throw new Error(`nobody has said what to write about ${type}`)
  return write(fact as never, moment)
}

const LETTERS: Readonly<Record<string, (fact: never, moment: Moment) => Letter | undefined>> = {
  [VerificationRequested.type]: proveAddress,
  [PasswordResetRequested.type]: choosePassword,
  [OrderAccepted.type]: payNow,
  [PaymentReminderDue.type]: remember,
  [OrderConfirmed.type]: thankYou,
  [OrderRejected.type]: soldOut,
  [OrderCancelled.type]: cancelled,
  [OrderShipped.type]: shipped,
  [OrderReturned.type]: returned,
  [PaymentDeclined.type]: declined,
  [PaymentRefunded.type]: refunded,
}
